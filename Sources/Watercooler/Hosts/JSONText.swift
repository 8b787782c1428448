internal import Platform

/// A JSON file that people edit too: comments, commas, order and indentation stay as they are.
struct JSONText: EditableText {
  private(set) var bytes: [UInt8]
  private var root: SourceNode?

  init(_ bytes: [UInt8]) throws(UneditableText) {
    self.bytes = bytes
    root = try JSONSourceParser.parse(bytes)
  }

  func value(at path: [String]) -> JSON? {
    path.reduce(root) { node, name in
      guard case .object(let object) = node?.content else { return nil }
      return Self.member(name, of: object)?.value
    }?.json
  }

  /// Of two members with one name, most parsers take the last.
  private static func member(
    _ name: String, of object: SourceNode.Object
  ) -> SourceNode.Member? {
    object.members.last { $0.name[0].utf8.elementsEqual(name.utf8) }
  }

  mutating func set(_ value: JSON, at path: [String]) throws(UneditableText) {
    guard let root else { return try append(.init(members: [(path, value)])) }
    var node = root
    for (depth, name) in path.enumerated() {
      guard case .object(let object) = node.content else {
        let place = depth == 0 ? "the document" : "\"\(path[depth - 1])\""
        throw UneditableText(problem: "\(place) is no object", offset: node.range.lowerBound)
      }
      guard let member = Self.member(name, of: object) else {
        let rest = Array(path[(depth + 1)...])
        let added = rest.isEmpty ? value : JSON(members: [(rest, value)])
        return try add(JSON.Member(name, added), to: node, object)
      }
      node = member.value
    }
    if node.json == value { return }
    let isOneLine = !bytes[node.range].contains(.lineFeed)
    let text =
      isOneLine
      ? value.serialized()
      : layout.text(of: value, indentation: indentation(at: node.range.lowerBound))
    try replace([(node.range, text)])
  }

  /// Writes the document into a file that has none: it is empty, or holds comments.
  private mutating func append(_ document: JSON) throws(UneditableText) {
    let lineEnd = layout.lineEnd
    let content = bytes[...].withoutByteOrderMark
    let isLineOpen = content.last.map { $0 != .lineFeed } ?? false
    let text = (isLineOpen ? lineEnd : []) + layout.text(of: document, indentation: []) + lineEnd
    try replace([(bytes.count..<bytes.count, text)])
  }

  private mutating func add(
    _ member: JSON.Member, to node: SourceNode, _ object: SourceNode.Object
  ) throws(UneditableText) {
    var edits: [(Range<Int>, [UInt8])] = []
    if let last = object.members.last, !object.hasTrailingComma {
      let end = last.value.range.upperBound
      edits.append((end..<end, [UInt8(ascii: ",")]))
    }
    let comma = object.hasTrailingComma ? [UInt8(ascii: ",")] : []
    let name = JSON.string(member.name).serialized()
    let bracket = node.range.upperBound - 1
    if isOneLine(node, object) {
      let text = name + [UInt8(ascii: ":")] + member.value.serialized() + comma
      edits.append((bracket..<bracket, text))
    } else {
      let own = indentation(at: node.range.lowerBound)
      let inner =
        object.members.first.flatMap { indentation(before: $0.start) } ?? own + layout.unit
      let text =
        layout.lineEnd + inner + name + Array(": ".utf8)
        + layout.text(of: member.value, indentation: inner) + comma
      // The bracket stays on its line, or gets one of its own.
      let isBracketAlone = bytes[object.contentEnd..<bracket].contains(.lineFeed)
      let place = isBracketAlone ? object.contentEnd : bracket
      edits.append((place..<place, isBracketAlone ? text : text + layout.lineEnd + own))
    }
    try replace(edits)
  }

  /// Whether what is added to an object stays on its line.
  private func isOneLine(_ node: SourceNode, _ object: SourceNode.Object) -> Bool {
    if bytes[node.range].contains(.lineFeed) { return false }
    // An empty object is opened, unless all of the file is one line.
    guard object.members.isEmpty, let root, case .object(let outer) = root.content else {
      return true
    }
    return !outer.members.isEmpty && !bytes[root.range].contains(.lineFeed)
  }

  private mutating func replace(_ edits: [(Range<Int>, [UInt8])]) throws(UneditableText) {
    var edited = bytes
    for (range, text) in edits.reversed() { edited.replaceSubrange(range, with: text) }
    root = try JSONSourceParser.parse(edited)
    bytes = edited
  }
}

// MARK: - Layout

extension JSONText {
  /// The layout of the file, and so of what is added to it.
  private struct Layout {
    let lineEnd: [UInt8]
    /// The indentation of one level.
    let unit: [UInt8]

    /// A value over several lines; the first is not indented.
    func text(of value: JSON, indentation: [UInt8]) -> [UInt8] {
      let lines = value.indented().utf8.split(separator: .lineFeed).map { line in
        let text = line.drop { $0 == 0x20 }
        let levels = (line.count - text.count) / 2
        return Array(repeatElement(unit, count: levels).joined()) + text
      }
      return Array(lines.joined(separator: lineEnd + indentation))
    }
  }

  private var layout: Layout {
    var unit = Array("  ".utf8)
    if let root, case .object(let object) = root.content, let first = object.members.first,
      let inner = indentation(before: first.start), !inner.isEmpty
    {
      unit = inner
    }
    return Layout(lineEnd: bytes.lineEnd, unit: unit)
  }

  /// The white space that begins the line of this byte.
  private func indentation(at offset: Int) -> [UInt8] {
    let start = bytes[..<offset].lastIndex(of: .lineFeed).map { $0 + 1 } ?? 0
    return Array(bytes[start..<offset].prefix { $0 == 0x20 || $0 == 0x09 })
  }

  /// The same where nothing else stands before the byte; nil where something does.
  private func indentation(before offset: Int) -> [UInt8]? {
    let indentation = indentation(at: offset)
    let start = offset - indentation.count
    guard start > 0, bytes[start - 1] == .lineFeed else { return nil }
    return indentation
  }
}

extension [UInt8] {
  /// The line end that a text uses.
  var lineEnd: [UInt8] {
    guard let index = firstIndex(of: .lineFeed), index > 0, self[index - 1] == .carriageReturn
    else { return [.lineFeed] }
    return [.carriageReturn, .lineFeed]
  }
}
