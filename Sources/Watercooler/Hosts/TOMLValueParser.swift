internal import Platform

/// Reads the keys and values of TOML, and says where they stand. What is in a line, not which lines
/// there are: `TOMLOutline`.
struct TOMLValueParser {
  let bytes: [UInt8]
  var index = 0
  /// The offset behind the last token or comment.
  private var end = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func parseValue(depth: Int = 0) throws(UneditableText) -> SourceNode {
    guard depth <= JSONParser.depthLimit else { throw problem("it is nested too deeply") }
    let start = index
    let content: SourceNode.Content
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): content = .scalar(.string(try parseString()))
    case UInt8(ascii: "["): content = .array(try parseArray(depth: depth))
    case UInt8(ascii: "{"): content = .object(try parseTable(depth: depth))
    default: content = .scalar(try parseWord())
    }
    end = index
    return SourceNode(range: start..<index, content: content)
  }

  /// A key: `a`, `"a b"`, `a.'b'.c`.
  mutating func parseKey() throws(UneditableText) -> [String] {
    var names: [String] = []
    repeat {
      skipSpaces()
      if let byte = peek, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        names.append(try parseString())
      } else {
        let start = index
        while let byte = peek, byte.isBareKeyByte { index += 1 }
        guard index > start else { throw unexpected }
        names.append(bytes[start..<index].string)
      }
      skipSpaces()
    } while skip(UInt8(ascii: "."))
    return names
  }

  /// The `=` and the value after it.
  mutating func parseAssignment(depth: Int = 0) throws(UneditableText) -> SourceNode {
    guard skip(UInt8(ascii: "=")) else { throw problem("a '=' is missing") }
    skipSpaces()
    return try parseValue(depth: depth)
  }

  private mutating func parseArray(depth: Int) throws(UneditableText) -> [SourceNode] {
    var elements: [SourceNode] = []
    _ = try parseItems(until: "]") { parser throws(UneditableText) in
      elements.append(try parser.parseValue(depth: depth + 1))
    }
    return elements
  }

  private mutating func parseTable(depth: Int) throws(UneditableText) -> SourceNode.Object {
    var members: [SourceNode.Member] = []
    let (contentEnd, hasComma) = try parseItems(until: "}") { parser throws(UneditableText) in
      let start = parser.index
      let name = try parser.parseKey()
      let value = try parser.parseAssignment(depth: depth + 1)
      members.append(SourceNode.Member(name: name, start: start, value: value))
    }
    return SourceNode.Object(
      members: members, contentEnd: contentEnd, hasTrailingComma: hasComma)
  }

  private mutating func parseItems(
    until bracket: UnicodeScalar, item: (inout TOMLValueParser) throws(UneditableText) -> Void
  ) throws(UneditableText) -> (contentEnd: Int, hasTrailingComma: Bool) {
    let start = index
    index += 1
    end = index
    var (isFirst, hasComma) = (true, false)
    while true {
      skipBlanks()
      guard let byte = peek else {
        let opening = UnicodeScalar(bytes[start])
        throw UneditableText(problem: "'\(opening)' is never closed", offset: start)
      }
      if byte == UInt8(ascii: bracket) { break }
      guard isFirst || hasComma else { throw problem("a comma is missing") }
      try item(&self)
      isFirst = false
      skipBlanks()
      hasComma = skip(UInt8(ascii: ","))
      if hasComma { end = index }
    }
    let contentEnd = end
    index += 1
    return (contentEnd, hasComma)
  }

  /// A number, a date or a truth value; what is no JSON is kept as its text.
  private mutating func parseWord() throws(UneditableText) -> JSON {
    let start = index
    skipWord()
    // Between a date and a time may stand a space.
    let isDate = index - start == 10 && bytes[start + 4] == UInt8(ascii: "-")
    if isDate, peek == 0x20, bytes[(index + 1)...].first?.isDigit == true {
      index += 1
      skipWord()
    }
    let word = bytes[start..<index]
    guard let first = word.first else { throw unexpected }
    if let value = try? JSON(parsing: word) { return value }
    let isNumber = first.isDigit || "+-".utf8.contains(first)
    guard isNumber || ["inf", "nan"].contains(word.string) else {
      let text = word.prefix(40).string
      throw UneditableText(problem: "\(text) is no TOML value", offset: start)
    }
    return .string(word.string)
  }

  private mutating func skipWord() {
    while let byte = peek, byte > 0x20, !",[]{}#=\"'".utf8.contains(byte) { index += 1 }
  }
}

// MARK: - Strings

extension TOMLValueParser {
  private mutating func parseString() throws(UneditableText) -> String {
    let start = index
    let quote = bytes[index]
    let isLiteral = quote == UInt8(ascii: "'")
    let isLong = bytes[index...].starts(with: [quote, quote, quote])
    index += isLong ? 3 : 1
    if isLong, !skip(.lineFeed), bytes[index...].hasPrefix("\r\n") { index += 2 }
    var text: [UInt8] = []
    while let byte = peek, isLong || byte != .lineFeed {
      if byte == quote, !isLong || bytes[index...].starts(with: [quote, quote, quote]) {
        index += isLong ? 3 : 1
        // Up to two quotes may stand before the three that close it.
        for _ in 0..<2 where isLong && skip(quote) { text.append(quote) }
        return Bytes(text).string
      }
      if byte == .backslash, !isLiteral {
        text += try parseEscape(isLong: isLong)
      } else {
        text.append(byte)
        index += 1
      }
    }
    throw UneditableText(problem: "a string is never closed", offset: start)
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "b"): 0x08, UInt8(ascii: "t"): 0x09, UInt8(ascii: "n"): 0x0A,
    UInt8(ascii: "f"): 0x0C, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "e"): 0x1B,
    UInt8(ascii: "\""): UInt8(ascii: "\""), .backslash: .backslash,
  ]

  private mutating func parseEscape(isLong: Bool) throws(UneditableText) -> [UInt8] {
    let start = index
    index += 1
    let letter = peek ?? 0
    if let byte = Self.escapes[letter] {
      index += 1
      return [byte]
    }
    if isLong, skipRestOfLine() { return [] }
    let digits = ["x": 2, "u": 4, "U": 8][Character(UnicodeScalar(letter))] ?? 0
    let hex = bytes.dropFirst(index + 1).prefix(digits).string
    guard digits > 0, hex.utf8.count == digits, let value = UInt32(hex, radix: 16),
      let scalar = UnicodeScalar(value)
    else { throw UneditableText(problem: "an escape that TOML has not", offset: start) }
    index += 1 + digits
    return Array(String(Character(scalar)).utf8)
  }

  /// Skips a line's end and all white space after it, if nothing else is left in the line.
  private mutating func skipRestOfLine() -> Bool {
    let rest = bytes[index...].drop { $0 == 0x20 || $0 == 0x09 || $0 == .carriageReturn }
    guard rest.first == .lineFeed else { return false }
    index = rest.drop(while: \.isBlank).startIndex
    return true
  }
}

// MARK: - Bytes

extension TOMLValueParser {
  var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  mutating func skipSpaces() {
    while let byte = peek, byte == 0x20 || byte == 0x09 { index += 1 }
  }

  /// Skips what is left of a line, but for its end.
  mutating func skipComment() {
    guard peek == UInt8(ascii: "#") else { return }
    index = bytes[index...].firstIndex(of: .lineFeed) ?? bytes.count
    end = index
  }

  /// Skips white space, line ends and comments.
  private mutating func skipBlanks() {
    while let byte = peek {
      if byte.isBlank {
        index += 1
      } else if byte == UInt8(ascii: "#") {
        skipComment()
      } else {
        return
      }
    }
  }

  func problem(_ problem: String) -> UneditableText {
    UneditableText(problem: problem, offset: index)
  }

  var unexpected: UneditableText {
    .unexpected(at: index, in: bytes, orEnd: "the line ends too early")
  }
}

extension UInt8 {
  /// Whether it may stand in a key without quotes.
  var isBareKeyByte: Bool {
    isLetter || isDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
  }
}
