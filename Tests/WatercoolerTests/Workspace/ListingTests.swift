import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ListingTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func write(
    _ topic: String, status: String = "OPEN", ball: String, by agent: String? = nil,
    at time: String
  ) throws {
    var text = "---\nformat: 1\ntopic: \(topic)\nstatus: \(status)\nball: \(ball)\n"
    text += "updated: 2026-11-21T\(time):00Z\n---\n\n# \(topic)\n"
    if let agent { text += "\n---\nEntry: \(agent) 2026-11-21T\(time):00Z\n\nwords\n" }
    try home.write(text, to: topic + ".md")
  }

  private func topics(
    _ filter: ListFilter = .all, isMine: Bool = false, as agent: String? = nil
  ) throws -> [String] {
    try home.workspace().acting(as: agent).list(filter, isMine: isMine).map(\.topic.name)
  }

  @Test func `a thread that cannot be read may be yours, and closed`() throws {
    try home.home.makeDirectory("threads/lost.md")
    #expect(try topics(isMine: true) == ["lost"])
    #expect(try topics(.closed) == ["lost"] && topics(.open) == ["lost"])
    #expect(try home.workspace().list().map { $0.unreadable != nil } == [true])
  }

  @Test func `your turn comes first, then the newest; closed ones come last`() throws {
    try write("a-old", ball: "Codex", at: "10:00")
    try write("b-new", ball: "Codex", at: "12:00")
    try write("c-mine-old", ball: "Claude", at: "09:00")
    try write("d-mine-new", ball: "Claude", at: "11:00")
    try write("e-closed-mine", status: "closed", ball: "Claude", at: "13:00")
    try write("f-new", ball: "Codex", at: "12:00")
    let order = ["d-mine-new", "c-mine-old", "b-new", "f-new", "a-old", "e-closed-mine"]
    #expect(try topics() == order)
    #expect(try topics(.open) == order.dropLast())
    #expect(try topics(.closed) == ["e-closed-mine"])
    #expect(try topics(isMine: true) == ["d-mine-new", "c-mine-old"])
    #expect(try topics(isMine: true, as: "codex") == ["b-new", "f-new", "a-old"])
  }

  @Test(arguments: ["done", "CLOSED", "Merged", "resolved", "abandoned", "OBSOLETE"])
  func `these mean that nothing is to be done`(_ status: String) throws {
    try write("x", status: status, ball: "Claude", at: "10:00")
    #expect(try topics(.closed) == ["x"] && topics(.open) == [])
  }

  @Test(arguments: ["OPEN", "IN_REVIEW", "BLOCKED", "closed soon", ""])
  func `everything else is open`(_ status: String) throws {
    try write("x", status: status, ball: "Claude", at: "10:00")
    #expect(try topics(.open) == ["x"] && topics(.closed) == [])
  }

  @Test(arguments: [
    ("Claude", true), ("claude", true), ("Claude (alice)", true), ("CLAUDE (Alice)", true),
    ("Claude (bob)", false), ("Codex", false), ("alice", false),
  ])
  func `the ball is yours by name, and by person where one is named`(
    ball: String, isYours: Bool
  ) throws {
    try write("x", ball: ball, at: "10:00")
    #expect(try home.workspace().list().map(\.isYourTurn) == [isYours])
  }

  @Test(arguments: [
    ("OPEN", "Codex", "Claude (alice)", true), ("OPEN", "Codex", "codex (bob)", false),
    ("OPEN", "Codex (bob)", "Codex (carol)", true), ("CLOSED", "Codex", "Claude", false),
    ("OPEN", "Codex", nil, false),
  ])
  func `new is what another one than the ball's holder said last`(
    status: String, ball: String, agent: String?, isNew: Bool
  ) throws {
    try write("x", status: status, ball: ball, by: agent, at: "10:00")
    #expect(try home.workspace().list().map(\.isNew) == [isNew])
  }

  @Test func `a summary says what is in the file`() throws {
    try home.say("plan", "# The plan")
    try home.say("plan", "words") { ($0.agent, $0.status) = ("Codex (bob)", "in_review") }
    let row = try #require(try home.workspace().list().first)
    #expect(row.title == "The plan" && row.status == "IN_REVIEW" && row.entryCount == 2)
    #expect(row.lastAgent?.description == "Codex (bob)")
    #expect(row.ball?.description == "Claude (alice)")
    #expect(row.path == home.threads + "/plan.md" && row.problem == nil)
    #expect(row.updated == (try home.thread("plan").entries.last?.time))
  }

  @Test func `what cannot be read is listed with its problem`() throws {
    try home.home.makeDirectory("threads/folder.md")
    let row = try #require(try home.workspace().list().first)
    #expect(row.problem?.contains("not a regular file") == true && !row.isYourTurn)
  }

  @Test func `an empty directory and a missing one have no threads`() throws {
    #expect(try topics() == [])
    let configuration = home.configuration(["WATERCOOLER_DIR": home.home.path("none")])
    #expect(try Workspace(configuration, host: .terminal).list().isEmpty)
  }
}
