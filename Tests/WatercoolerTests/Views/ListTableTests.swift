import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ListTableTests {
  private let home: TestWorkspace

  init() throws {
    home = try TestWorkspace()
    try write("plan", title: "Shall we ship on Friday, or wait for the tests?", ball: "Claude")
    try write("notes", title: "日本語のタイトル", ball: "Codex (bob)")
    try write("old", title: "Done", status: "CLOSED", ball: "Team")
  }

  private func write(
    _ topic: String, title: String, status: String = "OPEN", ball: String
  ) throws {
    try home.write(
      "---\nformat: 1\ntopic: \(topic)\ntitle: \(title)\nstatus: \(status)\nball: \(ball)\n"
        + "updated: 2026-11-21T01:54:50Z\n---\n\n# x\n", to: topic + ".md")
  }

  private func table(width: Int) throws -> [String] {
    let now = try #require(Timestamp("2026-11-21T06:00:00Z"))
    return ListTable(try home.workspace().list(), width: width, now: now).text.text
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func `grouped by whose turn it is`() throws {
    #expect(
      try table(width: 200) == [
        "Your turn",
        "  plan   Shall we ship on Friday, or wait for the tests?  Claude       OPEN    4 h",
        "", "Waiting on others",
        "  notes  日本語のタイトル                                 Codex (bob)  OPEN    4 h",
        "", "Closed",
        "  old    Done                                             Team         CLOSED  4 h", "",
      ])
  }

  @Test(arguments: Array(20...120))
  func `no line is longer than the screen, and rows stand below each other`(width: Int) throws {
    let rows = try table(width: width).filter { $0.hasPrefix("  ") }
    #expect(rows.count == 3)
    #expect(Set(rows.map(\.displayWidth)).count == 1)
    #expect(rows.allSatisfy { $0.displayWidth <= width }, "\(rows)")
    #expect(rows.allSatisfy { $0.hasSuffix("4 h") })
  }

  @Test func `on a narrow screen the title goes first, the ball last`() throws {
    #expect(try table(width: 36).contains("  plan   Claude       OPEN    4 h"))
    #expect(try table(width: 26).contains("  plan   Claude       4 h"))
    #expect(try table(width: 20).contains("  plan   4 h"))
  }

  @Test func `a damaged thread says so`() throws {
    try home.home.makeDirectory("threads/folder.md")
    let lines = try table(width: 60)
    #expect(lines.contains { $0.hasPrefix("    damaged: ") })
    #expect(lines.allSatisfy { $0.displayWidth <= 60 })
  }

  @Test(arguments: [
    (0, "now"), (59, "now"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86_399, "23 h"),
    (86_400, "1 d"), (13 * 86_400, "13 d"), (14 * 86_400, "2026-11-21"), (-30, "now"),
    (-3600, "2026-11-21"),
  ])
  func `how long ago`(seconds: Int64, words: String) throws {
    let then = try #require(Timestamp("2026-11-21T01:54:50Z"))
    #expect(then.age(at: Timestamp(seconds: then.seconds + seconds)) == words)
  }
}
