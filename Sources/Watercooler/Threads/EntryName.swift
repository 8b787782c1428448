internal import Platform

/// The name that tells an entry from every other one in a few bytes: its Entry-ID, or a fingerprint of its
/// text where it has none.
enum EntryName: Sendable, Hashable {
  case id(EntryID)
  case text(Fingerprint)

  /// 48 bits: of ten thousand entries two have the same once in five million threads.
  typealias Number = UInt64

  /// A number for it, well mixed.
  var number: Number {
    let mixed =
      switch self {
      case .id(let id):
        Self.mixed(UInt64(truncatingIfNeeded: id.value) ^ Self.mixed(UInt64(id.value >> 64)))
      case .text(let fingerprint): Self.mixed(fingerprint.value)
      }
    return mixed >> 16
  }

  /// The finalizer of SplitMix64: IDs that were made in one millisecond are counted up.
  private static func mixed(_ number: UInt64) -> UInt64 {
    var mixed = number &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Numbers as text: six bytes each, the highest first, in Base64.
  static func packed(_ numbers: some Sequence<Number>) -> String {
    let bytes = numbers.flatMap { number in
      (0..<6).map { UInt8(truncatingIfNeeded: number >> (40 - 8 * UInt64($0))) }
    }
    return Base64.text(of: bytes)
  }

  /// Nil for what is no such text.
  static func unpacked(_ text: Bytes) -> [Number]? {
    guard let bytes = Base64.bytes(of: text), bytes.count % 6 == 0 else { return nil }
    return stride(from: 0, to: bytes.count, by: 6).map { start in
      bytes[start..<start + 6].reduce(0) { $0 << 8 | Number($1) }
    }
  }

  var id: EntryID? { if case .id(let id) = self { id } else { nil } }
}

extension EntryName: CustomStringConvertible {
  /// An Entry-ID, or `=` and sixteen hexadecimal digits.
  init?(_ word: Bytes) {
    if let id = EntryID(word) {
      self = .id(id)
    } else if word.first == UInt8(ascii: "="), let fingerprint = Fingerprint(hex: word.dropFirst())
    {
      self = .text(fingerprint)
    } else {
      return nil
    }
  }

  var description: String {
    switch self {
    case .id(let id): id.description
    case .text(let fingerprint): "=\(fingerprint)"
    }
  }
}

extension Entry {
  var name: EntryName {
    if let id { return .id(id) }
    var fingerprint = Fingerprint()
    fingerprint.add(raw)
    return .text(fingerprint)
  }
}
