/// Why some bytes are not JSON, and where.
package struct JSONError: Error, Hashable {
  /// The kind of mistake in the bytes.
  package enum Problem: Hashable, Sendable {
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case textAfterValue
    case controlByteInString(UInt8)
    case invalidEscape
    case invalidUTF8
    case nestedTooDeeply(limit: Int)
  }

  package let problem: Problem
  /// The offset from the first byte, counted from 0; for invalid UTF-8 that of its string's start.
  package let offset: Int
}

extension JSONError: CustomStringConvertible {
  package var description: String { "\(words) at byte \(offset)" }

  private var words: String {
    switch problem {
    case .unexpectedEnd: "unexpected end"
    case .unexpectedByte(let byte): "unexpected \(name(of: byte))"
    case .textAfterValue: "something after the value"
    case .controlByteInString(let byte): "unescaped \(name(of: byte)) in a string"
    case .invalidEscape: "invalid escape in a string"
    case .invalidUTF8: "string that is not UTF-8"
    case .nestedTooDeeply(let limit): "more than \(limit) levels of nesting"
    }
  }

  /// The byte as a character if it can be shown on one line, else its value.
  private func name(of byte: UInt8) -> String {
    (0x21..<0x7F).contains(byte)
      ? "'\(Character(UnicodeScalar(byte)))'" : "byte 0x" + String(byte, radix: 16)
  }
}
