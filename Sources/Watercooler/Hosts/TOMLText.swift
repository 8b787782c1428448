internal import Platform

/// A TOML file that people edit too: of tables with headers, single values are set, and every other
/// byte stays.
struct TOMLText: EditableText {
  private(set) var bytes: [UInt8]
  private var outline: TOMLOutline

  init(_ bytes: [UInt8]) throws(UneditableText) {
    self.bytes = bytes
    outline = try TOMLOutline(bytes)
  }

  func value(at path: [String]) -> JSON? { JSON(members: outline.members)[path: path] }

  mutating func set(_ value: JSON, at path: [String]) throws(UneditableText) {
    if self.value(at: path) == value { return }
    try checkHeaders(of: path)
    if let node = node(at: path) { return try replace(node.range, with: Self.text(of: value)) }
    if case .object = value { return try addTable(value, at: path) }
    try add(value, at: path)
  }

  /// Refuses to touch what is written in another way than under a header of its own, which an edit of
  /// lines would break.
  private func checkHeaders(of path: [String]) throws(UneditableText) {
    // `[a.b]` and what is under it: an entry, for the files that this is for.
    let entry = Array(path.prefix(2))
    var seen: [[String]] = []
    for table in outline.tables {
      if table.isElement {
        guard entry.starts(with: table.path) else { continue }
        throw UneditableText(
          problem: "[[\(Self.key(table.path))]] is a list", offset: table.header.lowerBound)
      }
      if table.path.starts(with: entry) {
        if seen.contains(table.path) {
          throw UneditableText(
            problem: "[\(Self.key(table.path))] is there twice", offset: table.header.lowerBound)
        }
        seen.append(table.path)
        continue
      }
      for pair in table.pairs {
        let whole = table.path + pair.key
        if entry.starts(with: whole) || whole.starts(with: entry) {
          throw UneditableText(
            problem:
              "'\(Self.key(pair.key))' defines it in one line, not under [\(Self.key(entry))]",
            offset: pair.start)
        }
      }
    }
  }

  /// The value at a path, wherever it stands.
  private func node(at path: [String]) -> SourceNode? {
    for table in outline.tables where path.starts(with: table.path) && !table.isElement {
      for pair in table.pairs {
        let found = Self.node(at: Array(path.dropFirst(table.path.count)), pair.key, pair.value)
        if let found { return found }
      }
    }
    return nil
  }

  private static func node(at path: [String], _ key: [String], _ value: SourceNode) -> SourceNode? {
    guard path.starts(with: key) else { return nil }
    let rest = Array(path.dropFirst(key.count))
    if rest.isEmpty { return value }
    guard case .object(let object) = value.content else { return nil }
    return object.members.lazy.compactMap { node(at: rest, $0.name, $0.value) }.first
  }

  // MARK: - What is added

  /// Adds `key = value` to its table: under the header, or in the braces, or beside other dotted keys.
  private mutating func add(_ value: JSON, at path: [String]) throws(UneditableText) {
    let (parent, name) = (Array(path.dropLast()), Array(path.suffix(1)))
    if let table = outline.tables.first(where: { $0.path == parent && !$0.isElement }) {
      return try add(name, value, after: table.pairs.last, in: table)
    }
    if let node = node(at: parent), case .object(let object) = node.content {
      return try add(name, value, in: node, object)
    }
    let upper = outline.tables.first { $0.path == parent.dropLast() && !$0.isElement }
    let word = parent.suffix(1)
    if let upper, let pair = upper.pairs.last(where: { $0.key.starts(with: word) }) {
      return try add(word + name, value, after: pair, in: upper)
    }
    try addTable(.object([JSON.Member(name[0], value)]), at: parent)
  }

  private mutating func add(
    _ key: [String], _ value: JSON, after pair: TOMLOutline.Pair?, in table: TOMLOutline.Table
  ) throws(UneditableText) {
    let place = pair?.lines.upperBound ?? table.header.upperBound
    let indentation = pair.map { bytes[$0.lines.lowerBound..<$0.start] } ?? []
    let line = indentation + Array("\(Self.key(key)) = ".utf8) + Self.text(of: value)
    try insert([Array(line)], at: place)
  }

  /// Adds a member to an inline table.
  private mutating func add(
    _ key: [String], _ value: JSON, in node: SourceNode, _ object: SourceNode.Object
  ) throws(UneditableText) {
    let member = Array("\(Self.key(key)) = ".utf8) + Self.text(of: value)
    let bracket = node.range.upperBound - 1
    guard let last = object.members.last?.value.range.upperBound else {
      return try replace(bracket..<bracket, with: member)
    }
    try replace(last..<last, with: Array(", ".utf8) + member)
  }

  /// Adds a table with a header: behind the table that it belongs to, else at the end.
  private mutating func addTable(_ value: JSON, at path: [String]) throws(UneditableText) {
    let lines = Self.lines(of: value, at: path)
    let parent = outline.tables.last { !$0.path.isEmpty && $0.path == path.dropLast() }
    guard let parent else {
      let isEmpty = bytes[...].withoutByteOrderMark.isAllBlank
      return try insert(isEmpty ? lines : [[]] + lines, at: bytes.count)
    }
    // Comments right below belong to what stands above them.
    var end = parent.end
    for line in bytes[end...].lines {
      if line.isAllBlank || line.trimmed.first == UInt8(ascii: "[") { break }
      end += line.count
    }
    let isBlankBelow = bytes[end...].lines.first(where: { _ in true })?.isAllBlank ?? true
    try insert([[]] + lines + (isBlankBelow ? [] : [[]]), at: end)
  }

  private mutating func insert(_ lines: [[UInt8]], at place: Int) throws(UneditableText) {
    let lineEnd = bytes.lineEnd
    let before = bytes[..<place].withoutByteOrderMark
    let isLineOpen = before.last.map { $0 != .lineFeed } ?? false
    let text = lines.flatMap { $0 + lineEnd }
    try replace(place..<place, with: isLineOpen ? lineEnd + text : text)
  }

  private mutating func replace(_ range: Range<Int>, with text: [UInt8]) throws(UneditableText) {
    var edited = bytes
    edited.replaceSubrange(range, with: text)
    outline = try TOMLOutline(edited)
    bytes = edited
  }
}

// MARK: - Printing

extension TOMLText {
  /// A table with its header, and those in it.
  private static func lines(of value: JSON, at path: [String]) -> [[UInt8]] {
    var lines = [Array("[\(key(path))]".utf8)]
    var inner: [[UInt8]] = []
    for member in value.object ?? [] {
      if case .object = member.value {
        inner += [[]] + Self.lines(of: member.value, at: path + [member.name])
      } else {
        lines.append(Array("\(key([member.name])) = ".utf8) + text(of: member.value))
      }
    }
    return lines + inner
  }

  static func key(_ names: [String]) -> String {
    names.map { name in
      let isBare = !name.isEmpty && name.utf8.allSatisfy(\.isBareKeyByte)
      return isBare ? name : quoted(name)
    }.joined(separator: ".")
  }

  private static func text(of value: JSON) -> [UInt8] {
    switch value {
    case .string(let string): return Array(quoted(string).utf8)
    case .array(let elements):
      return Array("[".utf8) + elements.map(text).joined(separator: ", ".utf8) + Array("]".utf8)
    case .object(let members):
      let pairs = members.map { Array("\(key([$0.name])) = ".utf8) + text(of: $0.value) }
      return Array("{ ".utf8) + pairs.joined(separator: ", ".utf8) + Array(" }".utf8)
    case .null, .bool, .number: return value.serialized()
    }
  }

  /// JSON's escapes are TOML's, but for DEL, which TOML does not take as it is.
  private static func quoted(_ string: String) -> String {
    JSON.string(string).description.replacing("\u{7F}", with: "\\u007F")
  }
}
