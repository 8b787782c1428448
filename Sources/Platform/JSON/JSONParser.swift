extension JSON {
  /// Reads one value and nothing else but whitespace: RFC 8259, in UTF-8, without byte order mark.
  ///
  /// The time is linear in the number of bytes. A lone surrogate, which the grammar allows and no
  /// UTF-8 can hold, is read as U+FFFD: JavaScript writes one when it cuts a text inside an emoji,
  /// and refusing the line would leave its request without an answer.
  package init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
    var parser = JSONParser(bytes: Array(bytes))
    self = try parser.parseDocument()
  }
}

/// A recursive descent over an array, so that every access is checked: the bytes are a stranger's.
package struct JSONParser {
  /// More than any message needs, and less than a thread's stack holds.
  package static let depthLimit = 128

  private let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func parseDocument() throws(JSONError) -> JSON {
    let value = try parseValue(depth: 0)
    guard nextToken() == nil else { throw JSONError(problem: .textAfterValue, offset: index) }
    return value
  }

  private mutating func parseValue(depth: Int) throws(JSONError) -> JSON {
    switch nextToken() {
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "{"): return .object(try parseMembers(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try parseElements(depth: depth + 1))
    case UInt8(ascii: "t"): return try parse("true", as: .bool(true))
    case UInt8(ascii: "f"): return try parse("false", as: .bool(false))
    case UInt8(ascii: "n"): return try parse("null", as: .null)
    default: return .number(try parseNumber())
    }
  }

  private mutating func parseElements(depth: Int) throws(JSONError) -> [JSON] {
    try enter(depth: depth)
    var elements: [JSON] = []
    if skip(UInt8(ascii: "]")) { return elements }
    repeat {
      elements.append(try parseValue(depth: depth))
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw unexpected }
    return elements
  }

  private mutating func parseMembers(depth: Int) throws(JSONError) -> [JSON.Member] {
    try enter(depth: depth)
    var members: [JSON.Member] = []
    if skip(UInt8(ascii: "}")) { return members }
    repeat {
      guard nextToken() == UInt8(ascii: "\"") else { throw unexpected }
      let name = try parseString()
      guard skip(UInt8(ascii: ":")) else { throw unexpected }
      members.append(JSON.Member(name, try parseValue(depth: depth)))
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw unexpected }
    return members
  }

  /// Steps over the opening bracket.
  private mutating func enter(depth: Int) throws(JSONError) {
    guard depth <= Self.depthLimit else {
      throw JSONError(problem: .nestedTooDeeply(limit: Self.depthLimit), offset: index)
    }
    index += 1
  }

  private mutating func parse(_ word: StaticString, as value: JSON) throws(JSONError) -> JSON {
    for offset in 0..<word.utf8CodeUnitCount {
      guard peek() == word.utf8Start[offset] else { throw unexpected }
      index += 1
    }
    return value
  }
}

// MARK: - Numbers

extension JSONParser {
  private mutating func parseNumber() throws(JSONError) -> String {
    let start = index
    advance(over: UInt8(ascii: "-"))
    // A zero stands alone: `01` is no number.
    if !advance(over: UInt8(ascii: "0")) { try parseDigits() }
    if advance(over: UInt8(ascii: ".")) { try parseDigits() }
    if advance(over: UInt8(ascii: "e")) || advance(over: UInt8(ascii: "E")) {
      if !advance(over: UInt8(ascii: "+")) { advance(over: UInt8(ascii: "-")) }
      try parseDigits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func parseDigits() throws(JSONError) {
    let start = index
    while let byte = peek(), isDigit(byte) { index += 1 }
    guard index > start else { throw unexpected }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func parseString() throws(JSONError) -> String {
    let start = index
    index += 1
    let contents = index
    skipPlainBytes()
    if peek() == UInt8(ascii: "\"") {
      defer { index += 1 }
      return try decode(bytes[contents..<index], from: start)
    }
    var unescaped = Array(bytes[contents..<index])
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return try decode(unescaped[...], from: start)
      case UInt8(ascii: "\\"):
        try parseEscape(into: &unescaped)
      default:
        throw JSONError(problem: .controlByteInString(byte), offset: index)
      }
      let run = index
      skipPlainBytes()
      if index > run { unescaped += bytes[run..<index] }
    }
    throw unexpected
  }

  /// Moves to the next byte of a string that does not stand for itself.
  private mutating func skipPlainBytes() {
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return }
      index += 1
    }
  }

  private func decode(_ utf8: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
    // Nothing to repair in ASCII, and this initializer is the faster one for short strings.
    if utf8.reduce(0, |) < 0x80 { return String(decoding: utf8, as: UTF8.self) }
    guard let string = String(validating: utf8, as: UTF8.self) else {
      throw JSONError(problem: .invalidUTF8, offset: start)
    }
    return string
  }

  private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
    let start = index
    index += 1
    guard let letter = peek() else { throw unexpected }
    index += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text += String(try parseScalar(escapedAt: start)).utf8
    default: throw JSONError(problem: .invalidEscape, offset: start)
    }
  }

  /// The character of `\uXXXX`, or of two of them that are a surrogate pair.
  private mutating func parseScalar(escapedAt start: Int) throws(JSONError) -> Character {
    let first = try parseHexDigits(escapedAt: start)
    guard UTF16.isLeadSurrogate(first) else {
      return Character(UnicodeScalar(first) ?? "\u{FFFD}")
    }
    let afterFirst = index
    if advance(over: UInt8(ascii: "\\")), advance(over: UInt8(ascii: "u")) {
      let second = try parseHexDigits(escapedAt: afterFirst)
      if UTF16.isTrailSurrogate(second) {
        return Character(UTF16.decode(UTF16.EncodedScalar([first, second])))
      }
    }
    // A first half without a second one: the text after it is read again, by itself.
    index = afterFirst
    return "\u{FFFD}"
  }

  private mutating func parseHexDigits(escapedAt start: Int) throws(JSONError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek() else { throw unexpected }
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw JSONError(problem: .invalidEscape, offset: start)
      }
      value = value << 4 | UInt16(digit)
      index += 1
    }
    return value
  }
}

// MARK: - Bytes

extension JSONParser {
  private func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

  /// The next byte that is not whitespace, which is then the current one.
  private mutating func nextToken() -> UInt8? {
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      index += 1
    }
    return nil
  }

  /// Steps over `byte` and the whitespace before it, if that is what comes next.
  private mutating func skip(_ byte: UInt8) -> Bool {
    guard nextToken() == byte else { return false }
    index += 1
    return true
  }

  @discardableResult private mutating func advance(over byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    index += 1
    return true
  }

  /// The error for what is at the current place.
  private var unexpected: JSONError {
    JSONError(
      problem: peek().map { .unexpectedByte($0) } ?? .unexpectedEnd, offset: index)
  }
}
