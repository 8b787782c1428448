import Testing

@testable import Watercooler

/// Where a mark stands once the thread has changed. A letter is an entry: a capital one has an ID, a
/// small one has none; those after a dot are the reader's own.
@Suite struct SeenMarkTests {
  private static let reader = Agent(
    name: SingleLine(line: Bytes("Claude")), person: SingleLine(line: Bytes("alice")))

  private static func id(_ letter: Character) -> EntryID {
    EntryID(milliseconds: 1_000, random: UInt128(letter.asciiValue ?? 0))
  }

  private static func entries(_ letters: String) throws -> [Entry] {
    var text = "---\nformat: 1\ntopic: plan\nstatus: OPEN\nball: Codex\n---\n\n# plan\n"
    var isOwn = false
    for letter in letters {
      if letter == "." {
        isOwn = true
        continue
      }
      let agent = isOwn ? "claude" : "Codex (bob)"
      text += "\n---\nEntry: \(agent) 2026-11-21T01:54:50Z\nTitle: \(letter)\n\n\(letter)\n"
      if letter.isUppercase { text += "<!-- Entry-ID: \(id(letter)) -->\n" }
      isOwn = false
    }
    return try #require(ThreadParser.parse(Array(text.utf8)[...])).entries
  }

  private static func mark(after letters: String, pending: String = "") throws -> SeenMark {
    let entries = try entries(letters)
    var seen = SeenEntries(nil, by: reader, in: entries)
    seen.see { _ in true }
    return seen.mark(pending: Set(pending.map(id)))
  }

  private static func unseen(_ letters: String, _ mark: SeenMark?) throws -> String {
    let entries = try entries(letters)
    return SeenEntries(mark, by: reader, in: entries).unseen
      .compactMap { entries[$0].title?.text }.joined()
  }

  @Test(arguments: [
    // Something came.
    ("ABC", "ABC", ""), ("ABC", "ABCDE", "DE"), ("abc", "abcd", "d"), ("ABc", "ABcD", "D"),
    ("", "AB", "AB"),
    // An entry before the mark, the marked one, or both were removed.
    ("ABC", "BC", ""), ("ABC", "BCD", "D"), ("ABC", "AB", ""), ("ABC", "ABD", "D"),
    ("ABC", "ADEF", "F"), ("abc", "ab", ""),
    // The reader's own, by name and by person, are never unseen, and hide none of the others.
    ("AB", "AB.C", ""), ("AB", "AB.CD", "D"), ("AB", "ABD.C", "D"), ("", ".A.BC", "C"),
    // It waited to be sent when the mark was made behind it, and others were faster.
    ("ABC", "ABXYC", "XY"), ("ABC", "ABXYCD", "XYD"),
  ])
  func `what came after a mark`(seen: String, now: String, unseen: String) throws {
    #expect(try Self.unseen(now, try Self.mark(after: seen)) == unseen)
  }

  @Test func `nothing was seen without a mark, but one's own`() throws {
    #expect(try Self.unseen("AB.C", nil) == "AB")
  }

  @Test(arguments: [
    ("ABC", "C", "ABXC", "X"), ("ABCD", "CD", "ABXCYDZ", "XYZ"), ("AB", "AB", "XAYBZ", "XYZ"),
    ("AB.C", "C", "ABX.C", "X"),
  ])
  func `what waits to be sent is seen wherever it goes, and holds no mark`(
    seen: String, pending: String, now: String, unseen: String
  ) throws {
    let mark = try Self.mark(after: seen, pending: pending)
    #expect(mark.count == seen.count { $0 != "." } - pending.count)
    #expect(try Self.unseen(now, mark) == unseen)
  }

  @Test(arguments: [
    (0..<2, "CDE"), (0..<5, ""), (2..<4, "ABCDE"), (1..<5, "ABCDE"), (0..<0, "ABCDE"),
  ])
  func `only what leaves no gap moves it`(shown: Range<Int>, unseen: String) throws {
    var seen = SeenEntries(nil, by: Self.reader, in: try Self.entries("ABCDE"))
    seen.see { shown.contains($0) }
    #expect(try Self.unseen("ABCDE", seen.mark(pending: [])) == unseen)
  }

  @Test func `an own entry is no gap`() throws {
    var seen = SeenEntries(
      try Self.mark(after: "AB"), by: Self.reader, in: try Self.entries("AB.CDE"))
    seen.see { (3..<5).contains($0) }
    #expect(seen.place == 5)
  }

  @Test(arguments: ["ABC", "abc", "ABc", "a", "AB.C"])
  func `it is read as it was written`(letters: String) throws {
    let mark = try Self.mark(after: letters, pending: letters.contains("C") ? "BC" : "")
    #expect(SeenMark(mark.bytes) == mark)
  }

  @Test(arguments: ["", "3", "3 -", "x - -", "-1 - -", "0 01M7XX0F93F0WMC16VMVX7YP8Z -"])
  func `what cannot be read is no mark`(text: String) {
    #expect(SeenMark(Array(text.utf8)) == nil)
  }
}
