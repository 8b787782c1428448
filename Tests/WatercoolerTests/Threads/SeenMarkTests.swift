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

  private static func mark(after letters: String) throws -> SeenMark {
    let entries = try entries(letters)
    var seen = SeenEntries(nil, by: reader, in: entries)
    seen.see { _ in true }
    return seen.mark()
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
    ("ABC", "ADEF", "DEF"), ("abc", "ab", ""), ("ABC", "DEF", "DEF"),
    // The reader's own, by name and by person, are never unseen, and hide none of the others.
    ("AB", "AB.C", ""), ("AB", "AB.CD", "D"), ("AB", "ABD.C", "D"), ("", ".A.BC", "C"),
    // It waited to be sent when the mark was made behind it, and others were faster.
    ("ABC", "ABXYC", "XY"), ("ABC", "ABXYCD", "XYD"),
    // So did several, and nobody knew.
    ("ABC", "AXYZBC", "XYZ"), ("abc", "xyabcz", "xyz"), ("ABCD", "XAYBZC.EDF", "XYZF"),
  ])
  func `what came after a mark`(seen: String, now: String, unseen: String) throws {
    #expect(try Self.unseen(now, try Self.mark(after: seen)) == unseen)
  }

  @Test func `nothing was seen without a mark, but one's own`() throws {
    #expect(try Self.unseen("AB.C", nil) == "AB")
  }

  /// Long threads, of which only the last entries are named in the mark.
  @Test(arguments: [0..<200, 0..<190, 40..<190, 3..<200, 0..<195, 0..<0])
  func `what is left of a long thread was seen, and the rest is known to be missing`(
    left: Range<Int>
  ) throws {
    let all = try Self.many(200)
    var seen = SeenEntries(nil, by: Self.reader, in: all)
    seen.see { _ in true }
    let mark = seen.mark()
    #expect(mark.numbers.count == 200 && mark.named.count == SeenMark.namedCount)
    #expect(mark.bytes.count < 3000)
    let now = SeenEntries(mark, by: Self.reader, in: Array(all[left]))
    #expect(now.unseen == [] && now.missing.count == 200 - left.count)
    #expect(now.missingNames.count == (168..<200).filter { !left.contains($0) }.count)
    // It is remembered, until the reader was told.
    #expect(Set(now.mark().numbers) == Set(mark.numbers))
    #expect(now.mark(told: Set(now.missing)).numbers == all[left].map(\.name.number))
  }

  @Test(arguments: [0, 5, 100, 190], [1, 8, 60])
  func `what stands where others were removed is new`(place: Int, count: Int) throws {
    let all = try Self.many(200)
    var seen = SeenEntries(nil, by: Self.reader, in: all)
    seen.see { _ in true }
    let others = try Self.many(count, from: 5_000)
    for removed in [1, count, 10] {
      let now = all[..<place] + others + all[min(200, place + removed)...]
      let unseen = SeenEntries(seen.mark(), by: Self.reader, in: Array(now)).unseen
      #expect(unseen == Array(place..<place + count))
    }
  }

  @Test(arguments: [0, 1, 100, 168, 169, 180, 200], [1, 2, 50])
  func `what goes in between old entries is new, wherever it goes`(place: Int, count: Int) throws {
    let all = try Self.many(200)
    var seen = SeenEntries(nil, by: Self.reader, in: all)
    seen.see { _ in true }
    let others = try Self.many(count, from: 5_000)
    let now = all[..<place] + others + all[place...]
    let unseen = SeenEntries(seen.mark(), by: Self.reader, in: Array(now)).unseen
    #expect(unseen == Array(place..<place + count))
  }

  @Test func `a thread that was begun anew is all new`() throws {
    var seen = SeenEntries(nil, by: Self.reader, in: try Self.many(200))
    seen.see { _ in true }
    for count in [3, 168, 500] {
      let other = try Self.many(count, from: 5_000)
      let unseen = SeenEntries(seen.mark(), by: Self.reader, in: other).unseen
      #expect(unseen.count == count)
    }
  }

  private static func many(_ count: Int, from first: UInt64 = 1_000) throws -> [Entry] {
    var text = "---\nformat: 1\ntopic: plan\nstatus: OPEN\nball: Codex\n---\n\n# plan\n"
    for number in 0..<UInt64(count) {
      text += "\n---\nEntry: Codex (bob) 2026-11-21T01:54:50Z\nTitle: \(number)\n\n\(number)\n"
      text += "<!-- Entry-ID: \(EntryID(milliseconds: first + number, random: 0)) -->\n"
    }
    return try #require(ThreadParser.parse(Array(text.utf8)[...])).entries
  }

  @Test(arguments: [
    (0..<2, "CDE"), (0..<5, ""), (2..<4, "ABCDE"), (1..<5, "ABCDE"), (0..<0, "ABCDE"),
  ])
  func `only what leaves no gap moves it`(shown: Range<Int>, unseen: String) throws {
    var seen = SeenEntries(nil, by: Self.reader, in: try Self.entries("ABCDE"))
    seen.see { shown.contains($0) }
    #expect(try Self.unseen("ABCDE", seen.mark()) == unseen)
  }

  @Test func `an own entry is no gap`() throws {
    var seen = SeenEntries(
      try Self.mark(after: "AB"), by: Self.reader, in: try Self.entries("AB.CDE"))
    seen.see { (3..<5).contains($0) }
    #expect(seen.place == 5)
  }

  @Test(arguments: ["ABC", "abc", "ABc", "a", "AB.C"])
  func `it is read as it was written`(letters: String) throws {
    var mark = try Self.mark(after: letters)
    #expect(SeenMark(mark.bytes) == mark)
    mark.isGone = true
    #expect(SeenMark(mark.bytes) == mark)
  }

  @Test(arguments: [
    "", "3", "3 -", "x - -", "-1 - -", "0 01M7XX0F93F0WMC16VMVX7YP8Z -", "seen", "seen 1 2",
    "seen AAAA", "seen AAAAAAAA*", "been AAAAAAAA", "first-gone", "first-gone 1",
  ])
  func `what cannot be read is no mark`(text: String) {
    #expect(SeenMark(Array(text.utf8)) == nil)
    #expect(FirstSeenMark(Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    ("3 C B", "ABC", ""), ("3 C B", "ABCD", "D"), ("3 C B", "BCD", "D"), ("3 C B", "ABD", "D"),
    ("3 C B", "ABXYC", "XY"), ("3 C B", "AXYBC", "XY"), ("2 B A C", "ABXC", "X"),
    ("2 B A CD", "ABXCYDZ", "XYZ"), ("0 - - AB", "XAYBZ", "XYZ"), ("3 - -", "abcd", "d"),
    ("3 C B", "AXY", "AXY"),
  ])
  func `a mark of version 0.1.0 is read, and made anew`(
    mark: String, now: String, unseen: String
  ) throws {
    let words = mark.split(separator: " ").enumerated().flatMap { index, word in
      index == 0 || word == "-" ? [String(word)] : word.map { "\(Self.id($0))" }
    }
    let first = try #require(FirstSeenMark(Array((words.joined(separator: " ") + "\n").utf8)))
    #expect(try Self.unseen(now, first.converted(in: try Self.entries(now))) == unseen)
  }
}
