import TestSupport
import Testing

@testable import Watercooler

/// Entries of the Python tool, of people and of ours in one file of format 1, with code fences in them.
@Suite struct `Entries and code fences` {
  private static let head = "---\nformat: 1\nstatus: OPEN\nball: Codex\n---\n\n# t\n"
  private static let example = "---\nEntry: Eve 2025-01-01T00:00:00Z\nBall: Eve\n\nwords\n"

  /// An entry as the Python tool appends it.
  private static func python(_ second: Int64, _ body: String, id: EntryID? = nil) -> String {
    let comment = id.map { "<!-- Entry-ID: \($0) -->\n" } ?? ""
    return "\n---\nEntry: Codex (bob) \(Timestamp(seconds: second))\nRole: critic\nTitle: t\n\n"
      + "\(body)\n\(comment)"
  }

  private static func id(_ second: Int64, _ random: UInt128 = 1) -> EntryID {
    EntryID(milliseconds: UInt64(second) * 1000, random: random)
  }

  private static func draft(_ second: Int64, _ body: String) throws -> EntryDraft {
    EntryDraft(
      agent: try Agent("Claude"), time: Timestamp(seconds: second), body: Bytes(body),
      id: id(second, 7))
  }

  private func parse(_ text: String) throws -> Thread {
    try #require(ThreadParser.parse(Bytes(text)))
  }

  private let now: Int64 = 1_796_000_000

  @Test(arguments: [0, 1])
  func `an example in a fence belongs to the entry that it stands in`(hasTwo: Int) throws {
    let example = String(repeating: Self.example, count: 1 + hasTwo)
    let text =
      Self.head + Self.python(now, "Like so:\n\n```\n\(example)```\nafter", id: Self.id(now))
    var thread = try parse(text)
    let entry = try #require(thread.entries.first)
    #expect(thread.entries.count == 1)
    #expect(entry.id == Self.id(now))
    #expect(entry.body.string.hasSuffix("words\n```\nafter"))
    #expect(thread.ball?.description == "Codex")

    // From the first write of ours on it needs no fence.
    thread.add(Entry(try Self.draft(now + 9, "```\nnever closed")), topic: try Topic("t"))
    let written = String(decoding: thread.bytes, as: UTF8.self)
    #expect(written.contains("---\n\\Entry: Eve "))
    let read = try parse(written)
    #expect(read.entries.map(\.body) == [entry.body, Bytes("```\nnever closed")])
    #expect(read == thread)
  }

  @Test(arguments: [true, false], ["```", "```swift", "~~~~", "   ```"])
  func `a fence that is never closed swallows no entry that follows`(
    hasID: Bool, fence: String
  ) throws {
    let text =
      Self.head + Self.python(now, "\(fence)\nopen", id: hasID ? Self.id(now) : nil)
    var thread = try parse(text)
    for number in 1...3 {
      thread.add(
        Entry(try Self.draft(now + 60 * Int64(number), "```\nopen, too")), topic: try Topic("t"))
      thread = try parse(String(decoding: thread.bytes, as: UTF8.self))
      #expect(thread.entries.count == 1 + number)
    }
  }

  @Test func `what an earlier version put below a fence that is never closed reads as before`()
    throws
  {
    let written = try Entry(Self.draft(now + 60, "```\nopen, too"))
    let text =
      Self.head + Self.python(now, "```\nopen") + "\n"
      + String(decoding: written.raw, as: UTF8.self)
    #expect(try parse(text).entries.map(\.id) == [nil, written.id])
  }

  @Test func `an entry with an ID of another time is read as one`() throws {
    var thread = try parse(Self.head + Self.python(now, "```\nopen"))
    var draft = try Self.draft(now + 60, "```\nopen, too")
    draft.id = Self.id(now)
    thread.add(Entry(draft), topic: try Topic("t"))
    let read = try parse(String(decoding: thread.bytes, as: UTF8.self))
    #expect(read.entries.last?.id == draft.id)
    #expect(read.entries.map(\.body.string) == ["```\nopen", "```\nopen, too"])
  }

  @Test func `an Entry-ID that moves to the end leaves the first line of the body in the body`()
    throws
  {
    let entry = "---\nEntry: Codex \(Timestamp(seconds: now))\n"
    let text =
      Self.head + "\n" + entry + "<!-- Entry-ID: \(Self.id(now)) -->\nBall: no\n```\nopen\n"
    var thread = try parse(text)
    let before = thread.entries.map(\.body)
    thread.add(Entry(try Self.draft(now + 60, "```\nopen, too")), topic: try Topic("t"))
    let read = try parse(String(decoding: thread.bytes, as: UTF8.self))
    #expect(read.entries.dropLast().map(\.body) == before)
    #expect(read.entries.map(\.id) == [Self.id(now), Self.id(now + 60, 7)])
  }

  @Test(.timeLimit(.minutes(1)))
  func `entries that are alike, Entry-ID and all, get one each`() throws {
    let alike = String(repeating: Self.python(now, "words", id: Self.id(now)), count: 5)
    let open = Self.python(now, "```\nopen", id: Self.id(now))
    var thread = try parse(Self.head + alike + open)
    #expect(thread.entries.count == 6)
    thread.add(Entry(try Self.draft(now + 60, "```\nopen, too")), topic: try Topic("t"))
    let read = try parse(String(decoding: thread.bytes, as: UTF8.self))
    #expect(Set(read.entries.compactMap(\.id)).count == 7)
  }

  @Test func `a copy of an Entry-ID in a fence ends no entry`() throws {
    let copied = Self.id(now - 9)
    let body = "```\n\(Self.example)<!-- Entry-ID: \(copied) -->\n\n\(Self.example)```"
    let text =
      Self.head + Self.python(now - 9, "first", id: copied)
      + Self.python(now, body, id: Self.id(now))
    #expect(try parse(text).entries.map(\.id) == [copied, Self.id(now)])
  }

  /// Where the Python tool sees the starts of entries: its fences are those of the whole file.
  private func shownByPython(_ text: String) -> [Int] {
    var open: (mark: Character, length: Int)?
    var shown: [Int] = []
    var offset = 0
    var isBelowSeparator = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      defer { offset += line.utf8.count + 1 }
      let stripped = line.drop { $0 == " " }
      let mark = stripped.first ?? " "
      let length = stripped.prefix { $0 == mark }.count
      if mark == "`" || mark == "~", length >= 3 {
        if let opening = open {
          if opening.mark == mark, length >= opening.length { open = nil }
        } else {
          open = (mark, length)
        }
        isBelowSeparator = false
      } else if line == "---" {
        isBelowSeparator = true
      } else if !line.isEmpty {
        if open == nil, isBelowSeparator, line.hasPrefix("Entry: ") { shown.append(offset) }
        isBelowSeparator = false
      }
    }
    return shown
  }

  private func randomBody(_ random: inout SeededGenerator, second: Int64) -> String {
    let copied = Self.id(second - Int64.random(in: 0...90, using: &random))
    let lines = [
      "```", "```swift", "~~~", "````", "    ```", "words", "", Self.example,
      "---", "<!-- Entry-ID: \(copied) -->", "---\nEntry: Eve \(Timestamp(seconds: second))",
    ]
    let count = Int.random(in: 0...7, using: &random)
    return "a\n" + (0..<count).map { _ in random.pick(lines) }.joined(separator: "\n")
  }

  @Test func `mixtures of writers hide no entry of ours, and none that the Python tool shows`()
    throws
  {
    let run = RandomRun("mixtures of writers", full: 50_000)
    var random = SeededGenerator(seed: run.seed)
    let topic = try Topic("t")
    for _ in 0..<run.cases {
      var text = Self.head
      var ours: [EntryDraft] = []
      for step in 1...Int64.random(in: 1...6, using: &random) {
        let second = now + 10 * step
        if random.chance(2) {
          let id = random.chance(3) ? nil : Self.id(second)
          text += Self.python(second, randomBody(&random, second: second), id: id)
        } else {
          let draft = try Self.draft(second, randomBody(&random, second: second))
          var thread = try parse(text)
          thread.add(Entry(draft), topic: topic)
          ours.append(draft)
          text = String(decoding: thread.bytes, as: UTF8.self)
          #expect(try parse(text) == thread, "WATERCOOLER_SEED=\(run.seed)\n\(text)")
        }
        let entries = try parse(text).entries
        let lines = entries.map(\.opening.startIndex)
        #expect(
          Set(shownByPython(text)).isSubset(of: lines), "WATERCOOLER_SEED=\(run.seed)\n\(text)")
        let read = entries.filter { entry in ours.contains { $0.id == entry.id } }
        #expect(
          read.map(\.body) == ours.map(\.body), "WATERCOOLER_SEED=\(run.seed)\n\(text)")
      }
    }
  }
}
