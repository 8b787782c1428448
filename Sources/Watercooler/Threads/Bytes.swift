internal import Platform

/// Text as it stands in a file: UTF-8, or whatever else somebody saved there.
///
/// Threads are parsed and compared as bytes, because Swift's `String` compares with Unicode
/// normalisation and takes CR LF as one character: two different files would look the same.
package typealias Bytes = ArraySlice<UInt8>

extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let backslash = UInt8(ascii: "\\")

  /// Space, tab, CR, LF, VT or FF: what may surround a word without belonging to it.
  var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
  var isDigit: Bool { (0x30...0x39).contains(self) }
  var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
  var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

extension Collection where Element == UInt8 {
  /// Equality without regard to the case of ASCII letters.
  func equalsIgnoringCase(_ other: String) -> Bool {
    count == other.utf8.count && zip(self, other.utf8).allSatisfy { $0.lowercased == $1.lowercased }
  }
}

extension Bytes {
  /// The text's UTF-8.
  package init(_ string: String) { self = Array(string.utf8)[...] }

  /// The text; bytes that are no UTF-8 become U+FFFD.
  package var string: String { String(decoding: self, as: UTF8.self) }

  /// Whether there is nothing here but white space.
  var isAllBlank: Bool { allSatisfy(\.isBlank) }

  /// Without the white space at both ends.
  var trimmed: Bytes { trimmedEnd.drop(while: \.isBlank) }

  /// Without the white space at the end.
  var trimmedEnd: Bytes {
    var end = endIndex
    while end > startIndex, self[end - 1].isBlank { end -= 1 }
    return self[startIndex..<end]
  }

  /// Without the byte order mark that some editors put at the start of a file.
  var withoutByteOrderMark: Bytes { hasPrefix("\u{FEFF}") ? dropFirst(3) : self }

  func hasPrefix(_ prefix: StaticString) -> Bool {
    guard count >= prefix.utf8CodeUnitCount else { return false }
    return prefix.withUTF8Buffer { zip($0, self).allSatisfy { $0 == $1 } }
  }

  /// The index of the first byte that belongs to no UTF-8 character; nil if all of it is UTF-8.
  package var invalidUTF8Offset: Int? {
    // The standard library's validation is vectorised; only a failure is looked at byte by byte.
    if String(validating: self, as: UTF8.self) != nil { return nil }
    var parser = UTF8.ForwardParser()
    var source = makeIterator()
    var offset = startIndex
    while case .valid(let character) = parser.parseScalar(from: &source) {
      offset += character.count
    }
    return offset
  }

  /// The lines, each with its line end. Every byte belongs to exactly one.
  var lines: LineSequence { LineSequence(rest: self) }
}

/// The lines of some bytes, found several bytes at a time: the rest of a line is never looked at byte by byte.
struct LineSequence: Sequence, IteratorProtocol {
  var rest: Bytes

  mutating func next() -> Bytes? {
    guard !rest.isEmpty else { return nil }
    let length = rest.withUnsafeBytes { buffer in
      buffer.firstOffset(of: .lineFeed).map { $0 + 1 } ?? buffer.count
    }
    let end = rest.startIndex + length
    defer { rest = rest[end...] }
    return rest[rest.startIndex..<end]
  }
}
