import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ReadingTests {
  private let home: TestWorkspace
  private let times = ["10:00", "12:00", "11:00", "13:00", "14:00"]

  /// Five entries at these times; the third one's clock is behind.
  init() throws {
    home = try TestWorkspace()
    var text = "---\nformat: 1\ntopic: plan\nstatus: OPEN\nball: Codex\n---\n\n# plan\n"
    for (number, time) in times.enumerated() {
      text += "\n---\nEntry: Claude (alice) 2026-11-21T\(time):00Z\nTitle: T\(number)\n\n"
      text += "body \(number)\n<!-- Entry-ID: \(Self.id(number)) -->\n"
    }
    try home.write(text, to: "plan.md")
  }

  private static func id(_ number: Int) -> EntryID {
    EntryID(milliseconds: 1_000, random: UInt128(number))
  }

  @Test(
    arguments: [
      (EntrySelection.all, 0..<5, nil), (.last(2), 3..<5, nil), (.last(0), 5..<5, nil),
      (.last(-1), 5..<5, nil), (.last(99), 0..<5, nil), (.from(0), 0..<5, nil),
      (.from(3), 3..<5, nil), (.from(5), 5..<5, nil), (.from(99), 5..<5, nil),
      (.from(-7), 0..<5, nil), (.from(1, limit: 2), 1..<3, 3), (.from(3, limit: 2), 3..<5, nil),
      (.from(1, limit: 0), 1..<1, 1), (.from(1, limit: -1), 1..<1, 1),
      (.from(.max, limit: .max), 5..<5, nil), (.after(id(1)), 2..<5, nil),
      (.after(id(1), limit: 1), 2..<3, 3), (.after(id(4)), 5..<5, nil),
    ] as [(EntrySelection, Range<Int>, Int?)])
  func `a selection is a range of numbers, and says where to go on`(
    selection: EntrySelection, range: Range<Int>, next: Int?
  ) throws {
    let reading = try home.workspace().read("plan", selection)
    #expect(reading.range == range && reading.next == next)
    #expect(reading.entries.map(\.body.string) == range.map { "body \($0)" })
  }

  @Test func `paging shows every entry once, in order`() throws {
    var (numbers, start) = ([Int](), Int?.some(0))
    // A page that does not get on ends the test, too.
    for _ in 0..<9 {
      guard let from = start else { break }
      let reading = try home.workspace().read("plan", .from(from, limit: 2))
      numbers += reading.range
      start = reading.next
    }
    #expect(numbers == [0, 1, 2, 3, 4])
  }

  @Test(arguments: [
    ("2026-11-21T09:00:00Z", 0), ("2026-11-21T12:00:00Z", 1), ("2026-11-21T12:30:00Z", 3),
    ("2026-11-21T15:00:00Z", 5), ("2026-11-21T13:00:00+01:00", 1),
  ])
  func `from a time on, in order of arrival`(time: String, first: Int) throws {
    let reading = try home.workspace().read("plan", try EntrySelection(since: time))
    #expect(reading.range == first..<5)
  }

  @Test func `since takes an Entry-ID or a time, and explains itself otherwise`() throws {
    #expect(
      try EntrySelection(since: "\(Self.id(2))".lowercased(), limit: 3)
        == .after(Self.id(2), limit: 3))
    let error = #expect(throws: ReadingError.self) { try EntrySelection(since: "yesterday") }
    #expect(error?.message == "'yesterday' is neither an Entry-ID nor a time")
    #expect(error?.hint?.isEmpty == false)
  }

  @Test func `an entry that is not in the thread is not taken for the start`() throws {
    let error = #expect(throws: ReadingError.self) {
      try home.workspace().read("plan", .after(Self.id(77)))
    }
    #expect(error == .noSuchEntry(Self.id(77)) && error?.hint?.isEmpty == false)
  }

  @Test func `reading changes no byte, of an older format neither`() throws {
    let text = "# old — Thread\r\nStatus: open\r\nBall: codex\r\n\r\nwords"
    try home.write(text, to: "old.md")
    _ = try home.workspace().read("old")
    #expect(home.read("old.md") == text)
  }
}
