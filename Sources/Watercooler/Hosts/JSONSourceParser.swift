internal import Platform

/// Reads JSON as editors write it, with comments and trailing commas, and says where everything stands.
struct JSONSourceParser {
  private let bytes: [UInt8]
  private var index = 0
  /// The offset behind the last token or comment.
  private var end = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The document's value; nil where there are only blanks and comments.
  static func parse(_ bytes: [UInt8]) throws(UneditableText) -> SourceNode? {
    var parser = JSONSourceParser(bytes)
    if bytes[...].hasPrefix("\u{FEFF}") { parser.index = 3 }
    try parser.skipBlanks()
    guard parser.index < bytes.count else { return nil }
    let root = try parser.parseValue(depth: 0)
    try parser.skipBlanks()
    guard parser.index == bytes.count else { throw parser.unexpected }
    return root
  }

  private mutating func parseValue(depth: Int) throws(UneditableText) -> SourceNode {
    guard depth <= JSONParser.depthLimit else { throw problem("it is nested too deeply") }
    switch peek {
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    case UInt8(ascii: "["): return try parseArray(depth: depth)
    default: return try parseScalar()
    }
  }

  private mutating func parseObject(depth: Int) throws(UneditableText) -> SourceNode {
    let start = index
    step()
    var object = SourceNode.Object(contentEnd: end)
    try parseItems(until: "}", of: start) { parser throws(UneditableText) in
      let nameStart = parser.index
      guard case .scalar(.string(let name)) = try parser.parseScalar().content else {
        throw UneditableText(problem: "a name in quotes is missing", offset: nameStart)
      }
      try parser.skipBlanks()
      guard parser.peek == UInt8(ascii: ":") else { throw parser.unexpected }
      parser.step()
      try parser.skipBlanks()
      let value = try parser.parseValue(depth: depth + 1)
      object.members.append(.init(name: [name], start: nameStart, value: value))
    } atEnd: { parser, hasComma in
      object.contentEnd = parser.end
      object.hasTrailingComma = hasComma
    }
    return SourceNode(range: start..<index, content: .object(object))
  }

  private mutating func parseArray(depth: Int) throws(UneditableText) -> SourceNode {
    let start = index
    step()
    var elements: [SourceNode] = []
    try parseItems(until: "]", of: start) { parser throws(UneditableText) in
      elements.append(try parser.parseValue(depth: depth + 1))
    }
    return SourceNode(range: start..<index, content: .array(elements))
  }

  /// Reads what stands between two brackets, with commas between and perhaps after.
  private mutating func parseItems(
    until bracket: UnicodeScalar, of start: Int,
    item: (inout JSONSourceParser) throws(UneditableText) -> Void,
    atEnd: (JSONSourceParser, Bool) -> Void = { _, _ in }
  ) throws(UneditableText) {
    var hasComma = false
    var isFirst = true
    while true {
      try skipBlanks()
      guard let byte = peek else {
        let opening = UnicodeScalar(bytes[start])
        throw UneditableText(problem: "'\(opening)' is never closed", offset: start)
      }
      if byte == UInt8(ascii: bracket) { break }
      guard isFirst || hasComma else { throw problem("a comma is missing") }
      try item(&self)
      isFirst = false
      try skipBlanks()
      hasComma = peek == UInt8(ascii: ",")
      if hasComma { step() }
    }
    atEnd(self, hasComma)
    step()
  }

  private mutating func parseScalar() throws(UneditableText) -> SourceNode {
    let start = index
    if peek == UInt8(ascii: "\"") { try skipString() } else { skipWord() }
    guard index > start else { throw unexpected }
    guard let value = try? JSON(parsing: bytes[start..<index]) else {
      let word = bytes[start..<index].prefix(40).string
      throw UneditableText(problem: "\(word) is no JSON value", offset: start)
    }
    end = index
    return SourceNode(range: start..<index, content: .scalar(value))
  }

  private mutating func skipString() throws(UneditableText) {
    let start = index
    index += 1
    while let byte = peek, byte >= 0x20 {
      index += byte == .backslash ? 2 : 1
      if byte == UInt8(ascii: "\"") { return }
    }
    throw UneditableText(problem: "a string is never closed", offset: start)
  }

  private mutating func skipWord() {
    while let byte = peek, byte > 0x20, !",:[]{}\"/".utf8.contains(byte) { index += 1 }
  }
}

// MARK: - Bytes

extension JSONSourceParser {
  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// Steps over one byte that is a token.
  private mutating func step() {
    index += 1
    end = index
  }

  /// Skips white space and comments.
  private mutating func skipBlanks() throws(UneditableText) {
    while let byte = peek {
      if byte == 0x20 || byte == 0x09 || byte == .lineFeed || byte == .carriageReturn {
        index += 1
      } else if bytes[index...].hasPrefix("//") {
        let lineEnd = bytes[index...].firstIndex { $0 == .lineFeed || $0 == .carriageReturn }
        index = lineEnd ?? bytes.count
        end = index
      } else if bytes[index...].hasPrefix("/*") {
        let start = index
        index += 2
        while !bytes[index...].hasPrefix("*/") {
          guard index < bytes.count else {
            throw UneditableText(problem: "a comment is never closed", offset: start)
          }
          index += 1
        }
        index += 2
        end = index
      } else {
        return
      }
    }
  }

  private func problem(_ problem: String) -> UneditableText {
    UneditableText(problem: problem, offset: index)
  }

  private var unexpected: UneditableText {
    .unexpected(at: index, in: bytes, orEnd: "it ends too early")
  }
}
