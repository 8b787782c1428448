internal import Platform

/// Text that stays on its line: a title, an agent, a role, a type, a status.
///
/// A line break inside one would be read back as a second header, so there is no such value.
/// Compared byte by byte.
package struct SingleLine: Sendable, Hashable, CustomStringConvertible {
  /// Without white space at its ends; it may be empty.
  package let text: String

  /// The text without white space at its ends.
  /// - Throws: `InvalidText` for a line break of any kind or a NUL.
  package init(_ text: String, field: String) throws(InvalidText) {
    for scalar in text.unicodeScalars {
      if Self.isLineBreak(scalar) { throw .lineBreak(field: field, scalar: scalar) }
      if scalar == "\0" { throw .nul(field: field) }
    }
    self.text = Bytes(text).trimmed.string
  }

  /// Text that was read from one line of a file.
  init(line: Bytes) { text = line.trimmed.string }

  package var description: String { text }
  package var isEmpty: Bool { text.isEmpty }

  package static func == (left: SingleLine, right: SingleLine) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }

  /// LF, VT, FF, CR, NEL, LINE SEPARATOR and PARAGRAPH SEPARATOR.
  private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }
}

/// Why some text cannot be written to a thread.
package enum InvalidText: ExplainedError, Equatable {
  case lineBreak(field: String, scalar: Unicode.Scalar)
  case nul(field: String)
  case invalidUTF8(field: String, offset: Int)
  case empty(field: String)
  /// A list where one agent is to stand.
  case several(field: String)
  case tooLong(field: String, count: Int, limit: Int, unit: String)

  package var message: String {
    switch self {
    case .lineBreak(let field, let scalar):
      let code = String(scalar.value, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
      return "the \(field) has a line break in it (U+\(padded))"
    case .nul(let field): return "the \(field) has a NUL character in it"
    case .invalidUTF8(let field, let offset): return "the \(field) is not UTF-8 at byte \(offset)"
    case .empty(let field): return "the \(field) is empty"
    case .several(let field): return "the \(field) names several agents"
    case .tooLong(let field, let count, let limit, let unit):
      return "the \(field) has \(count) \(unit), the limit is \(limit)"
    }
  }

  package var hint: String? {
    switch self {
    case .lineBreak(let field, _):
      "put it on one line; longer text belongs in the body, not the \(field)"
    case .nul: "text only: name a binary file in the body instead"
    case .invalidUTF8: "convert it first, for instance with 'iconv -t UTF-8'"
    case .empty(let field): "give it some text, or leave the \(field) out"
    case .several: "name one: a ball has one holder, and an entry one writer"
    case .tooLong(let field, _, _, _):
      "shorten it, or raise the limit: '\(programName) config limit.\(field) NUMBER'"
    }
  }
}
