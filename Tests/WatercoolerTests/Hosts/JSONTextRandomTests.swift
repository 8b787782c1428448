import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Documents as nobody would write them, edited.
@Suite struct JSONTextRandomTests {
  @Test func `an edit adds the value, changes nothing else, and once is enough`() throws {
    let run = RandomRun("edited JSON documents", full: 10_000)
    var random = Writer(random: SeededGenerator(seed: run.seed))
    for _ in 0..<run.cases {
      let document = random.document()
      let text = random.text(of: document)
      let path =
        [["s", "w"], ["s", "w", "env", "A"], ["a"], ["s"]].randomElement(using: &random.random)
        ?? []
      let value: JSON = random.random.chance(2) ? ["command": "x\n", "args": []] : "v"
      var file = try JSONText(text)
      #expect(file.value(at: []) == document)
      guard (try? file.set(value, at: path)) != nil else {
        // Something on the way is no object.
        #expect(file.bytes == text && document.isBlocked(at: path[...]))
        continue
      }
      #expect(file.value(at: []) == document.setting(value, at: path[...]))
      #expect(try isKept(text, in: file.bytes, but: path))
      let once = file.bytes
      try file.set(value, at: path)
      #expect(file.bytes == once)
    }
  }

  /// Whether only the value that was replaced is missing; where one was added, nothing is.
  private func isKept(_ old: [UInt8], in new: [UInt8], but path: [String]) throws -> Bool {
    let start = zip(old, new).prefix { $0 == $1 }.count
    let same = zip(old[start...].reversed(), new[start...].reversed()).prefix { $0 == $1 }.count
    let changed = start..<(old.count - same)
    if let node = node(at: path, in: try JSONSourceParser.parse(old)) {
      return node.range.lowerBound <= changed.lowerBound
        && changed.upperBound <= node.range.upperBound
    }
    // Between the comma that was added and the member stand blanks and comments, still whole.
    let between = Array(old[changed])
    let hasNoToken = (try JSONSourceParser.parse(between)) == nil
    return hasNoToken && new[start..<(new.count - same)].firstRange(of: between) != nil
  }

  private func node(at path: [String], in root: SourceNode?) -> SourceNode? {
    path.reduce(root) { node, name in
      guard case .object(let object) = node?.content else { return nil }
      return object.members.last { $0.name == [name] }?.value
    }
  }
}

extension JSON {
  fileprivate func isBlocked(at path: ArraySlice<String>) -> Bool {
    guard let name = path.first else { return false }
    guard object != nil else { return true }
    return self[name]?.isBlocked(at: path.dropFirst()) ?? false
  }

  fileprivate func setting(_ value: JSON, at path: ArraySlice<String>) -> JSON {
    guard let name = path.first else { return value }
    var members = object ?? []
    let inner = (self[name] ?? [:]).setting(value, at: path.dropFirst())
    if let index = members.lastIndex(where: { $0.name == name }) {
      members[index] = Member(name, inner)
    } else {
      members.append(Member(name, inner))
    }
    return .object(members)
  }
}

/// Writes documents with comments, blanks and commas wherever they may stand.
private struct Writer {
  var random: SeededGenerator

  mutating func document() -> JSON {
    .object(members(depth: 0))
  }

  private mutating func members(depth: Int) -> [JSON.Member] {
    let names = ["s", "w", "a", "env", "A", "b\"", "é", "//", "{", "x y"].shuffled(using: &random)
    return names.prefix(Int.random(in: 0...4, using: &random)).map { name in
      JSON.Member(name, value(depth: depth + 1))
    }
  }

  private mutating func value(depth: Int) -> JSON {
    switch Int.random(in: 0..<(depth > 3 ? 3 : 8), using: &random) {
    case 0: return .string(random.pick(["", "}", "/* no */", "// no", "\\\"", ",", "\n", "😀"]))
    case 1: return random.pick([.null, true, false, 12, .number("-1.5e3")])
    case 2: return .array((0..<Int.random(in: 0...3, using: &random)).map { JSON($0) })
    default: return .object(members(depth: depth))
    }
  }

  mutating func text(of document: JSON) -> [UInt8] {
    let lineEnd = random.pick(["\n", "\r\n"])
    let mark = random.chance(5) ? "\u{FEFF}" : ""
    let text = mark + blanks() + write(document) + blanks()
    return Array(text.replacing("\n", with: lineEnd).utf8)
  }

  private mutating func write(_ value: JSON) -> String {
    switch value {
    case .object(let members):
      return list(
        "{", "}",
        members.map { member in
          JSON.string(member.name).description + blanks() + ":" + blanks() + write(member.value)
        })
    case .array(let elements): return list("[", "]", elements.map { write($0) })
    default: return value.description
    }
  }

  private mutating func list(_ opening: String, _ closing: String, _ items: [String]) -> String {
    var text = opening
    for (index, item) in items.enumerated() {
      let isLast = index == items.count - 1
      text += blanks() + item + blanks() + (isLast && !random.chance(3) ? "" : ",")
    }
    return text + blanks() + closing
  }

  private mutating func blanks() -> String {
    (0..<Int.random(in: 0...2, using: &random)).map { _ in
      random.pick([
        "", " ", "\n", "\t", "\n    ", "/* } */", "// ]\n", "// \"\n  ", "/**/", "/* //\n */",
      ])
    }.joined()
  }
}
