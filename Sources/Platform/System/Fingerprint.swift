/// A short name for long or secret words: FNV-1a, 64 bits. Tells things apart; protects nothing.
package struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
  /// The 64 bits: FNV-1a's basis, which is that of nothing, until something is added.
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Of nothing.
  package init() {}

  /// Of a text's UTF-8.
  package init(_ text: String) { add(text.utf8) }

  /// Reads what `description` prints.
  package init?(hex digits: some Collection<UInt8>) {
    guard digits.count == 16, let value = UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
    else { return nil }
    self.value = value
  }

  /// Goes on with some bytes. Added in parts they give the same as at once: nothing marks where a part ends.
  package mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  /// Goes on with a number's eight bytes, the lowest first.
  package mutating func add(_ number: Int64) {
    withUnsafeBytes(of: number.littleEndian) { add($0) }
  }

  /// Sixteen hexadecimal digits.
  package var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension String {
  /// This text as part of a file's name on any system: other texts give other names, whatever their
  /// letters become.
  /// - Parameter text: What tells it apart, if that is more than what is to be read in the name.
  package func asFileName(of text: String? = nil) -> String {
    let words = map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" }
    return String(words) + "-" + Fingerprint(text ?? self).description.suffix(8)
  }
}
