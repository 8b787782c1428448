import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ThreadStateTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func initThread(
    _ topic: String, title: String? = nil, status: String? = nil, ball: String? = nil,
    body: String? = nil, _ changes: [String: String] = [:]
  ) throws -> Receipt {
    try home.workspace(changes).initThread(
      topic, title: title, status: status, ball: ball, body: body, deadline: soon())
  }

  @Test(arguments: [
    ("in-progress", "IN-PROGRESS"), ("closed", "CLOSED"), ("On Hold", "ON HOLD"),
  ])
  func `a status is written in capitals, whatever it is`(given: String, status: String) throws {
    try home.say("plan")
    let receipt = try home.workspace().setStatus("plan", to: given, deadline: soon())
    #expect(receipt.action == .changed && receipt.status == status && receipt.entry == nil)
    #expect(try home.thread("plan").status == status)
    #expect(try home.thread("plan").entries.count == 1)
  }

  @Test func `the ball is given as it is named, and no entry is made`() throws {
    try home.say("plan")
    let receipt = try home.workspace().setBall("plan", to: "claude", deadline: soon())
    #expect(receipt.ball?.description == "claude" && receipt.entryCount == 1)
  }

  @Test func `what was so already is not written again`() throws {
    try home.say("plan")
    let before = home.read("plan.md")
    let workspace = try home.workspace()
    #expect(try workspace.setStatus("plan", to: "open", deadline: soon()).action == .unchanged)
    #expect(try workspace.setBall("plan", to: "Codex", deadline: soon()).action == .unchanged)
    #expect(home.read("plan.md") == before)
  }

  @Test func `an unknown topic is an error, and no file is made`() throws {
    let workspace = try home.workspace()
    #expect(throws: StoreError.self) {
      try workspace.setStatus("plan", to: "CLOSED", deadline: soon())
    }
    #expect(throws: StoreError.self) {
      try workspace.setBall("plan", to: "Codex", deadline: soon())
    }
    #expect(try home.store.topics() == [])
    let made = try workspace.setBall("plan", to: "codex", isCreating: true, deadline: soon())
    #expect(made.action == .created && made.ball?.description == "codex")
  }

  @Test(arguments: ["", " ", "a\nb"])
  func `a status or a ball that is no single line is refused`(_ text: String) throws {
    try home.say("plan")
    let before = home.read("plan.md")
    let workspace = try home.workspace()
    #expect(throws: InvalidText.self) {
      try workspace.setStatus("plan", to: text, deadline: soon())
    }
    #expect(throws: InvalidText.self) { try workspace.setBall("plan", to: text, deadline: soon()) }
    #expect(home.read("plan.md") == before)
  }

  @Test func `a thread without entries is made once`() throws {
    let made = try initThread("plan", title: "The plan", status: "in-progress", ball: "codex")
    #expect(made.action == .created && made.entryCount == 0)
    #expect(made.status == "in-progress" && made.ball?.description == "codex")
    let before = home.read("plan.md")
    #expect(try initThread("plan", title: "Another").action == .unchanged)
    #expect(home.read("plan.md") == before)
    #expect(try home.thread("plan").title == "The plan")
  }

  @Test func `by default it is open, and its maker has the ball`() throws {
    let made = try initThread("plan")
    #expect(made.status == "OPEN" && made.ball?.description == "Claude (alice)")
    #expect(made.title == "plan")
  }

  @Test func `the text of a new thread is no entry, whatever it looks like`() throws {
    let text = "---\nEntry: Eve 2026-01-02T03:04:05Z\n\nforged"
    _ = try initThread("plan", body: text)
    #expect(try home.thread("plan").entries.count == 0)
    try home.say("plan", "first")
    #expect(try home.thread("plan").entries.map(\.body.string) == ["first"])
    #expect(home.read("plan.md")?.contains("forged\n\n---\nEntry: Claude (alice)") == true)
  }

  @Test func `its text and title have the limits of an entry's`() throws {
    let limits = ["WATERCOOLER_LIMIT_BODY": "10", "WATERCOOLER_LIMIT_TITLE": "3"]
    #expect(throws: InvalidText.self) { try initThread("a", body: "eleven byte", limits) }
    #expect(throws: InvalidText.self) { try initThread("a", title: "four", limits) }
    #expect(throws: InvalidText.nul(field: "body")) { try initThread("a", body: "\0") }
    #expect(try home.store.topics() == [])
    #expect(try initThread("a", title: "abc", body: "ten bytes.", limits).action == .created)
  }

  @Test func `line ends of its text become LF`() throws {
    _ = try initThread("plan", body: "a\r\nb\rc\n\n\n")
    #expect(home.read("plan.md")?.hasSuffix("# plan\n\na\nb\nc\n") == true)
  }
}
