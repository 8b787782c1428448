internal import Platform

/// The lines of a TOML file that mean something, each with where it stands.
struct TOMLOutline: Sendable {
  /// `[a.b]`, and what is written under it; first what is written before all headers.
  struct Table: Sendable {
    let path: [String]
    /// `[[a.b]]`: one of several.
    let isElement: Bool
    /// Its header's line, with the line's end; empty for the first.
    let header: Range<Int>
    var pairs: [Pair] = []

    /// The end of its last line that says something: of the last pair, else of the header.
    var end: Int { pairs.last?.lines.upperBound ?? header.upperBound }
  }

  /// `a.b = 1`.
  struct Pair: Sendable {
    let key: [String]
    let value: SourceNode
    /// Its lines, from the white space before the key to the last line's end.
    let lines: Range<Int>
    let start: Int
  }

  private(set) var tables: [Table]

  init(_ bytes: [UInt8]) throws(UneditableText) {
    var parser = TOMLValueParser(bytes)
    if bytes[...].hasPrefix("\u{FEFF}") { parser.index = 3 }
    let start = parser.index
    tables = [Table(path: [], isElement: false, header: start..<start)]
    while parser.index < bytes.count {
      let lineStart = parser.index
      parser.skipSpaces()
      switch parser.peek {
      case nil, UInt8(ascii: "#"), .lineFeed, .carriageReturn: try parser.endLine()
      case UInt8(ascii: "["): tables.append(try parser.parseHeader(from: lineStart))
      default: tables[tables.count - 1].pairs.append(try parser.parsePair(from: lineStart))
      }
    }
  }

  /// Everything that is defined, by its whole path; not what is in lists of tables.
  var members: [(path: [String], value: JSON)] {
    let plain = tables.filter { !$0.isElement }
    // An empty table is one too; outer ones first, as they must not hide what stands in them.
    let empty = plain.filter { $0.pairs.isEmpty && !$0.path.isEmpty }.map(\.path)
    return empty.sorted { $0.count < $1.count }.map { ($0, .object([])) }
      + plain.flatMap { table in table.pairs.map { (table.path + $0.key, $0.value.json) } }
  }
}

extension TOMLValueParser {
  /// Steps over a comment and the line's end, where nothing else may stand.
  fileprivate mutating func endLine() throws(UneditableText) {
    skipSpaces()
    skipComment()
    if peek == nil { return }
    let start = index
    _ = skip(.carriageReturn)
    guard skip(.lineFeed) else {
      throw UneditableText(problem: "there is more in the line than one value", offset: start)
    }
  }

  fileprivate mutating func parseHeader(
    from lineStart: Int
  ) throws(UneditableText) -> TOMLOutline.Table {
    index += 1
    let isElement = skip(UInt8(ascii: "["))
    let path = try parseKey()
    for _ in 0..<(isElement ? 2 : 1) {
      guard skip(UInt8(ascii: "]")) else { throw problem("a ']' is missing") }
    }
    try endLine()
    return TOMLOutline.Table(path: path, isElement: isElement, header: lineStart..<index)
  }

  fileprivate mutating func parsePair(
    from lineStart: Int
  ) throws(UneditableText) -> TOMLOutline.Pair {
    let start = index
    let key = try parseKey()
    let value = try parseAssignment()
    try endLine()
    return TOMLOutline.Pair(key: key, value: value, lines: lineStart..<index, start: start)
  }
}
