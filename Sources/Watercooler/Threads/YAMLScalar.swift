/// One value of a front matter: plain, single- or double-quoted, on one line.
///
/// This is the part of YAML 1.2 (and of the 1.1 that many tools still read) that a head needs.
enum YAMLScalar {
  /// The value as it is written: plain where every YAML reader takes it for this very string, else
  /// double-quoted.
  static func encoded(_ text: String) -> String {
    if isPlain(text) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\t": quoted += "\\t"
      case _ where mustBeEscaped(scalar):
        let code = String(scalar.value, radix: 16, uppercase: true)
        quoted += "\\u" + String(repeating: "0", count: max(0, 4 - code.count)) + code
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// Reads a value and what follows it on its line (white space, a comment). Nil if a quote is not
  /// closed, or followed by something that is no comment.
  static func decode(_ bytes: Bytes) -> (value: String, trailer: Bytes)? {
    let value = bytes.drop(while: \.isBlank)
    switch value.first {
    case UInt8(ascii: "\""): return doubleQuoted(value.dropFirst())
    case UInt8(ascii: "'"): return singleQuoted(value.dropFirst())
    default:
      let (text, trailer) = plain(value)
      // The blanks before nothing, or before a comment, are of what follows: a line's end is among them.
      return text.isEmpty ? ("", bytes) : (text, trailer)
    }
  }

  private static func plain(_ bytes: Bytes) -> (value: String, trailer: Bytes) {
    var end = bytes.startIndex
    while end < bytes.endIndex {
      let isComment =
        bytes[end] == UInt8(ascii: "#")
        && (end == bytes.startIndex || bytes[end - 1].isBlank)
      if isComment { break }
      end += 1
    }
    let value = bytes[..<end].trimmedEnd
    return (value.string, bytes[value.endIndex...])
  }

  private static func singleQuoted(_ bytes: Bytes) -> (value: String, trailer: Bytes)? {
    let quote = UInt8(ascii: "'")
    var value: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == quote {
        guard index + 1 < bytes.endIndex, bytes[index + 1] == quote else {
          return finished(value, trailer: bytes[(index + 1)...])
        }
        index += 1
      }
      value.append(bytes[index])
      index += 1
    }
    return nil
  }

  private static func doubleQuoted(_ bytes: Bytes) -> (value: String, trailer: Bytes)? {
    var value: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return finished(value, trailer: rest)
      case UInt8.backslash:
        guard let scalar = escape(&rest) else { return nil }
        value += Array(String(scalar).utf8)
      default: value.append(byte)
      }
    }
    return nil
  }

  private static func finished(
    _ value: [UInt8], trailer: Bytes
  ) -> (value: String, trailer: Bytes)? {
    let comment = trailer.drop(while: \.isBlank)
    guard comment.isEmpty || (comment.first == UInt8(ascii: "#") && comment.count < trailer.count)
    else { return nil }
    return (String(decoding: value, as: UTF8.self), trailer)
  }

  private static let namedEscapes: [UInt8: Unicode.Scalar] = [
    UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}",
    UInt8(ascii: "t"): "\t", UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}",
    UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "r"): "\r", UInt8(ascii: "e"): "\u{1B}",
    UInt8(ascii: " "): " ", UInt8(ascii: "\""): "\"", UInt8(ascii: "/"): "/",
    UInt8(ascii: "\\"): "\\", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}",
    UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
  ]

  private static func escape(_ rest: inout Bytes) -> Unicode.Scalar? {
    guard let letter = rest.popFirst() else { return nil }
    let widths: [UInt8: Int] = [
      UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8,
    ]
    guard let width = widths[letter] else { return namedEscapes[letter] }
    let digits = rest.prefix(width)
    rest = rest.dropFirst(width)
    guard digits.count == width, let code = UInt32(digits.string, radix: 16) else { return nil }
    return Unicode.Scalar(code)
  }

  private static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  private static let words: Set<String> = [
    "true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", "=", "<<",
  ]

  private static func isPlain(_ text: String) -> Bool {
    let bytes = Bytes(text)
    guard let first = bytes.first, let last = bytes.last, !first.isBlank, !last.isBlank else {
      return false
    }
    if "-?:,[]{}#&*!|>'\"%@`".utf8.contains(first) || last == UInt8(ascii: ":") { return false }
    if text.unicodeScalars.contains(where: mustBeEscaped) { return false }
    if text.utf8.count <= 5, words.contains(text.lowercased()) { return false }
    // Digits, signs and the letters of hexadecimals, exponents and times: a number or a date.
    let isNumberLike =
      (first.isDigit || first == UInt8(ascii: ".") || first == UInt8(ascii: "+"))
      && (bytes.allSatisfy { "0123456789abcdefABCDEFxXoO_.:+-TtZz infINFaA".utf8.contains($0) })
    if isNumberLike { return false }
    return !zip(bytes, bytes.dropFirst()).contains { pair in
      (pair.0 == UInt8(ascii: ":") && pair.1.isBlank)
        || (pair.0.isBlank && pair.1 == UInt8(ascii: "#"))
    }
  }
}
