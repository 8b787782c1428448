import TestSupport
@testable import MCP
@testable import Platform
@testable import Watercooler

/// Makes up threads out of everything that has ever broken a parser of them.
struct TextGenerator {
  var random: SeededGenerator

  static let nastyLines = [
    "---", "--- ", "----", "", " ", "\t", "plain words", "Entry: Claude 2026-01-02T03:04:05Z",
    "\\Entry: Claude 2026-01-02T03:04:05Z", "\\\\Entry: A (b) 2026-01-02T03:04:05Z", "Entry:",
    "Entry: nobody", "Entry:Claude 2026-01-02T03:04:05.123456+00:00",
    "<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->",
    "\\<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->", "<!-- Entry-ID: no -->",
    "<!--Entry-ID:01M7XX0F93F0WMC16VMVX7YP8Y-->", "```", "```swift", "~~~~", "\\", "\\\\\\",
    "# heading", "Status: CLOSED", "Ball: Nobody", "Role: critic", "key: value",
    "emoji 🧑‍🚀 é e\u{301}",
    "- Updated: 2026-01-02T03:04:05Z by Codex", "trailing  ", "\u{2028}", "<<<<<<< ours",
    "\u{FEFF}",
    "line with \r in it", "\u{1B}[31mred", "%YAML", "'", "\"", "日本語",
    String(repeating: "\\", count: 300),
  ]

  mutating func body() -> String {
    let count = Int.random(in: 0...random.pick([1, 3, 12]), using: &random)
    let end = random.pick(["\n", "\n", "\r\n", "\r"])
    return (0..<count).map { _ in random.pick(Self.nastyLines) }.joined(separator: end)
      + random.pick(["", end, end + end])
  }

  mutating func word() -> String {
    random.pick([
      "Claude", "Codex", "Claude (alice)", "Team", "O'Brien", "true", "null", "12", "0x1f", "a: b",
      "a #b", "- x", "\"quoted\"", "back\\slash", "é", "e\u{301}", "日本", "tab\tin", "{a}", "~",
      "2026-01-01", "x:", ": x", "@at", "Agent7", "IN_REVIEW", "\u{1B}[1m", "1.5", "no", "é😀",
    ])
  }

  mutating func line() -> SingleLine { SingleLine(line: Bytes(word())) }

  mutating func id() -> EntryID {
    EntryID(value: UInt128(random.next()) << 56 | UInt128(random.next() >> 8))
  }

  mutating func draft() -> EntryDraft {
    var draft = EntryDraft(
      agent: Agent(line()),
      time: Timestamp(seconds: Int64.random(in: 0...4_000_000_000, using: &random)),
      body: Bytes(body()), id: id())
    if !random.chance(4) { draft.role = line() }
    if !random.chance(4) { draft.type = line() }
    if !random.chance(4) { draft.title = line() }
    if random.chance(2) { draft.ball = Agent(line()) }
    if random.chance(4) { draft.status = line() }
    if random.chance(4) { draft.after = id() }
    return draft
  }

  /// Any file at all: lines that mean something, in any order, cut anywhere.
  mutating func file() -> [UInt8] {
    var lines: [String] = []
    switch random.pick([0, 1, 2, 3]) {
    case 0: lines += ["---", "format: 1", "topic: t", "status: OPEN", "---", "", "# t", ""]
    case 1: lines += ["# t — Thread", "Status: open", "Ball: codex", "Odd: x", "Topic: t", ""]
    case 2:
      lines += ["Title: t", "Status: open", "Ball: codex", "Updated: 2025-10-07T00:27:54Z", ""]
    default: break
    }
    for _ in 0..<Int.random(in: 0...30, using: &random) {
      if random.chance(4) {
        lines += ["---", "Entry: \(word()) 2026-01-02T03:04:05Z", "Title: \(word())", ""]
      } else {
        lines.append(random.pick(Self.nastyLines))
      }
    }
    var bytes = Array(lines.joined(separator: random.pick(["\n", "\n", "\r\n"])).utf8)
    if random.chance(3) { bytes.append(0x0A) }
    if random.chance(20), !bytes.isEmpty {
      bytes[random.pick(Array(bytes.indices))] = random.pick([0, 0xFF, 0x80])
    }
    return bytes
  }
}
