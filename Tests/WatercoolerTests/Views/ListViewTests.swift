import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ListViewTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func view() throws -> ListView { ListView(try home.workspace().list()) }

  private func write(title: String, status: String = "OPEN", ball: String = "Codex") throws {
    try home.write(
      "---\nformat: 1\ntopic: plan\ntitle: \(title)\nstatus: \(status)\nball: \(ball)\n"
        + "updated: 2026-11-21T01:54:50Z\n---\n\n# plan\n", to: "plan.md")
  }

  @Test func `a thread as JSON`() throws {
    let receipt = try home.say("plan", "# The plan")
    let expected: JSON = [
      "topic": "plan", "title": "The plan", "status": "OPEN", "ball": "Codex",
      "updated": .string(try #require(receipt.entry).time.description), "entry_count": 1,
      "last_agent": "Claude (alice)", "your_turn": false, "new": true, "closed": false,
      "path": .string(home.threads + "/plan.md"), "problem": .null,
    ]
    #expect(try view().json == [expected])
  }

  @Test func `a thread that cannot be read has all the names too`() throws {
    try home.say("plan")
    try home.home.makeDirectory("threads/folder.md")
    let rows = try #require(try view().json.array)
    #expect(rows.count == 2 && rows[0].names == rows[1].names)
    let bad = rows.first { $0["topic"] == "folder" }
    #expect(bad?["ball"] == .null && bad?["updated"] == .null && bad?["entry_count"] == 0)
    #expect(bad?["problem"]?.string?.isEmpty == false)
  }

  @Test func `a line for a program has six columns`() throws {
    try write(title: "The plan", status: "IN_REVIEW")
    #expect(
      try view().tabSeparated
        == "2026-11-21T01:54:50Z\tin_review\tCodex\t\tThe plan\t\(home.threads)/plan.md\n")
    try home.say("plan") { $0.ball = "Codex" }
    #expect(try view().tabSeparated.components(separatedBy: "\t")[3] == "NEW")
  }

  @Test(arguments: [
    #""tab\there""#, #""two\nlines""#, #""carriage\rreturn""#, #""line\u2028separator""#,
    #""nul\0""#, #""next\u0085line""#, #""\e[2Jescape""#,
  ])
  func `no text in a file can make a column, a line or a row of its own`(_ text: String) throws {
    try write(title: text, status: text, ball: text)
    let lines = try view().tabSeparated.split(whereSeparator: \.isNewline)
    #expect(lines.count == 1)
    #expect(lines.first?.components(separatedBy: "\t").count == 6)
    let index = try view().index
    #expect(index.split(whereSeparator: \.isNewline).count == 4)
    #expect(try view().markdown.split(whereSeparator: \.isNewline).count == 2)
    let reading = ThreadView(try home.workspace().read("plan")).heading
    #expect(reading.split(whereSeparator: \.isNewline).count == 2)
    for text in [try view().tabSeparated, index, try view().html, try view().markdown] {
      #expect(!text.contains("\u{1B}") && !text.contains("\0"))
    }
  }

  @Test func `no threads`() throws {
    let empty = ListView([])
    #expect(empty.json == [] && empty.tabSeparated == "" && empty.markdown == "No threads.\n")
    #expect(
      empty.index
        == "# Watercooler Index\n\nUpdated | Status | Ball | NEW | Title | Path\n---|---|---|---|---|---\n"
    )
  }

  @Test func `for an agent each thread stands in one group`() throws {
    try home.say("a-turn", "x") { $0.ball = "Claude" }
    try home.say("b-new", "x") { $0.ball = "Codex" }
    try home.say("c-waiting", "x") { ($0.agent, $0.ball) = ("Codex", "Codex") }
    try home.say("d-closed", "x") { ($0.status, $0.ball) = ("closed", "Claude") }
    let lines = try view().markdown.components(separatedBy: "\n").filter { !$0.isEmpty }
    let heads = lines.map { $0.hasPrefix("## ") ? $0 : String($0.prefix { $0 != ":" }) }
    #expect(
      heads == [
        "## Your turn", "- a-turn", "## New", "- b-new", "## Waiting on others", "- c-waiting",
        "## Closed", "- d-closed",
      ])
    #expect(lines[1].hasPrefix("- a-turn: x | OPEN | ball: Claude | 1 entry | updated 20"))
  }

  @Test func `the indexes name every thread's file and are escaped`() throws {
    try write(title: #"'<b>Tom & "Jerry"</b> | x'"#)
    let (index, html) = (try view().index, try view().html)
    #expect(index.contains("| <b>Tom & \"Jerry\"</b> \\| x | plan.md\n"))
    #expect(html.contains("<td>&lt;b&gt;Tom &amp; &quot;Jerry&quot;&lt;/b&gt; | x</td>"))
    #expect(html.contains(#"<a href="plan.md">plan.md</a>"#))
    #expect(html.hasPrefix("<!doctype html>") && html.contains("<table>"))
  }
}
