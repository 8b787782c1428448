internal import Platform
internal import Synchronization

/// The identity of an entry: a ULID (48 bits of milliseconds since 1970, 80 bits of chance).
///
/// It is made once per logical write, before the first attempt, so that a retry is not a second
/// entry. Printed as 26 letters and digits of Crockford's base 32; read in either case.
package struct EntryID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The milliseconds in its upper 48 bits, the chance in the lower 80.
  package let value: UInt128

  package init(value: UInt128) { self.value = value }

  /// Reads 26 base-32 digits; nil for anything else, and for what would not fit in 128 bits.
  package init?(_ text: some StringProtocol) {
    let digits = Array(text.utf8)
    self.init(digits[...])
  }

  init?(_ digits: Bytes) {
    guard digits.count == 26, let first = digits.first, (0x30...0x37).contains(first) else {
      return nil
    }
    var value: UInt128 = 0
    for digit in digits {
      guard let bits = Self.bits(of: digit) else { return nil }
      value = value << 5 | UInt128(bits)
    }
    self.value = value
  }

  /// An identity of the given moment and chance.
  package init(milliseconds: UInt64, random: UInt128) {
    value = UInt128(milliseconds & 0xFFFF_FFFF_FFFF) << 80 | random & Self.randomMask
  }

  static let randomMask = (UInt128(1) << 80) - 1

  /// When it was made, in milliseconds since 1970.
  package var milliseconds: UInt64 { UInt64(truncatingIfNeeded: value >> 80) }

  package var description: String {
    let digits = (0..<26).map {
      Self.alphabet[Int(truncatingIfNeeded: value >> (5 * (25 - $0))) & 31]
    }
    return String(decoding: digits, as: UTF8.self)
  }

  package static func < (left: EntryID, right: EntryID) -> Bool { left.value < right.value }

  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  private static func bits(of digit: UInt8) -> UInt8? {
    guard digit.isDigit || digit.isLetter else { return nil }
    let upper = digit.isDigit ? digit : digit & ~0x20
    return alphabet.firstIndex(of: upper).map { UInt8($0) }
  }
}

extension EntryID {
  private static let last = Mutex<EntryID?>(nil)

  /// A new identity, greater than every one this process made before, even if the clock went back.
  package static func make() -> EntryID {
    let milliseconds = UInt64(WallTime.now.milliseconds)
    return last.withLock { last in
      let next = successor(
        of: last, milliseconds: milliseconds, random: .random(in: 0...randomMask))
      last = next
      return next
    }
  }

  /// A fresh identity of this moment, unless `last` is not smaller: then the one right after `last`.
  static func successor(of last: EntryID?, milliseconds: UInt64, random: UInt128) -> EntryID {
    let fresh = EntryID(milliseconds: milliseconds, random: random)
    guard let last, fresh <= last else { return fresh }
    return EntryID(value: last.value &+ 1)
  }

  /// The identity of an entry that arrived under one that was taken already: the same on every
  /// machine, and different for different text.
  func replacement(for content: Bytes) -> EntryID {
    var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D  // FNV-1a, 128 bits
    for byte in content {
      hash ^= UInt128(byte)
      hash = hash &* 0x0000_0000_0100_0000_0000_0000_0000_013B
    }
    return EntryID(milliseconds: milliseconds, random: hash ^ (hash >> 80))
  }
}
