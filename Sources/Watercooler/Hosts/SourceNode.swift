internal import Platform

/// A value in a configuration file, and where it stands: what an edit needs to leave the rest alone.
struct SourceNode: Sendable {
  indirect enum Content: Sendable {
    case object(Object)
    case array([SourceNode])
    case scalar(JSON)
  }

  /// An object of JSON, or an inline table of TOML.
  struct Object: Sendable {
    var members: [Member] = []
    /// The offset behind the last member, comma or comment in it.
    var contentEnd: Int
    var hasTrailingComma = false
  }

  struct Member: Sendable {
    /// One name; in TOML `a.b = 1` has two.
    let name: [String]
    /// The offset of its name's first byte.
    let start: Int
    let value: SourceNode
  }

  /// From the first byte of the value to behind the last.
  let range: Range<Int>
  let content: Content

  var json: JSON {
    switch content {
    case .object(let object): JSON(members: object.members.map { ($0.name, $0.value.json) })
    case .array(let elements): .array(elements.map(\.json))
    case .scalar(let value): value
    }
  }
}

extension JSON {
  /// An object of members that are given by their paths; of two with one path the last holds.
  init(members: [(path: [String], value: JSON)]) {
    self = .object([])
    for (path, value) in members { set(value, at: path[...]) }
  }

  private mutating func set(_ value: JSON, at path: ArraySlice<String>) {
    guard let name = path.first else {
      self = value
      return
    }
    var members = object ?? []
    var inner = self[name] ?? .object([])
    inner.set(value, at: path.dropFirst())
    if let index = members.lastIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      members[index] = Member(name, inner)
    } else {
      members.append(Member(name, inner))
    }
    self = .object(members)
  }

  /// The value at the end of a path of names.
  subscript(path path: [String]) -> JSON? {
    path.reduce(self as JSON?) { value, name in value?[name] }
  }
}

/// A text that cannot be edited: it is damaged, or something in it stands in the way.
struct UneditableText: Error, Equatable {
  let problem: String
  /// The byte where it is.
  let offset: Int

  /// For a byte that must not stand there.
  static func unexpected(at offset: Int, in text: [UInt8], orEnd end: String) -> UneditableText {
    let scalar = text[offset...].prefix(4).string.unicodeScalars.first
    guard let scalar, scalar != "\n", scalar != "\r" else {
      return UneditableText(problem: end, offset: offset)
    }
    return UneditableText(problem: "unexpected '\(scalar)'", offset: offset)
  }

  /// The line and column of the byte, both counted from 1; a column is a character.
  func position(in text: [UInt8]) -> (line: Int, column: Int) {
    let before = text[..<min(offset, text.count)].withoutByteOrderMark
    let lineStart = before.lastIndex(of: .lineFeed).map { $0 + 1 } ?? before.startIndex
    return (
      before.count { $0 == .lineFeed } + 1, before[lineStart...].string.unicodeScalars.count + 1
    )
  }
}

/// A configuration file as text, of which one value at a time can be set; every other byte stays.
protocol EditableText: Sendable {
  var bytes: [UInt8] { get }

  /// - Throws: `UneditableText` for what is damaged.
  init(_ bytes: [UInt8]) throws(UneditableText)

  /// The value at a path of names; nil for none.
  func value(at path: [String]) -> JSON?

  /// Replaces what stands at a path, or adds it, with the objects that are missing around it.
  mutating func set(_ value: JSON, at path: [String]) throws(UneditableText)
}
