import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// The views of a receipt, a setting, an identity, a hit and the health.
@Suite struct ValueViewTests {
  private let home: TestWorkspace
  private let id = "01M7XX0F93F0WMC16VMVX7YP8Z"

  init() throws { home = try TestWorkspace() }

  @Test func `the receipt of an entry`() throws {
    let view = ReceiptView(try home.say("plan") { $0.entryID = id })
    let expected: JSON = [
      "topic": "plan", "entry_id": .string(id), "state": "local", "written": true,
      "ball": "Codex", "status": "OPEN", "entry_count": 1,
      "path": .string(home.threads + "/plan.md"), "attempts": 0, "waiting": 0,
    ]
    for member in expected.object ?? [] {
      #expect(view.json[member.name] == member.value, "\(member.name)")
    }
    #expect(view.sentence == "entry 0 added to 'plan'; the ball is with Codex")
    #expect(view.state.contains("this machine"))
  }

  @Test func `the receipt of a retry says that nothing was written`() throws {
    try home.say("plan") { $0.entryID = id }
    let view = ReceiptView(try home.say("plan") { $0.entryID = id })
    #expect(view.json["written"] == false && view.json["entry_id"] == .string(id))
    #expect(view.sentence == "'plan' has the entry \(id) already; the ball is with Codex")
  }

  @Test func `receipts without an entry`() throws {
    let workspace = try home.workspace()
    func sentence(_ receipt: Receipt) -> String {
      #expect(ReceiptView(receipt).json["entry_id"] == .null)
      return ReceiptView(receipt).sentence
    }
    let made = try workspace.setBall("plan", to: "Codex", isCreating: true, deadline: soon())
    #expect(sentence(made) == "thread 'plan' made; the ball is with Codex")
    let changed = try workspace.setStatus("plan", to: "blocked", deadline: soon())
    #expect(sentence(changed) == "'plan' is BLOCKED; the ball is with Codex")
    let same = try workspace.setStatus("plan", to: "blocked", deadline: soon())
    #expect(sentence(same) == "'plan' was so already: BLOCKED; the ball is with Codex")
    #expect(ReceiptView(same).json["written"] == false)
  }

  @Test func `a setting with its origin`() throws {
    let configuration = home.configuration()
    let agent = SettingView(.agent, configuration[.agent])
    #expect(agent.line == "agent\tClaude\tenvironment variable WATERCOOLER_AGENT\n")
    #expect(
      agent.json == [
        "key": "agent", "value": "Claude", "origin": "environment variable WATERCOOLER_AGENT",
        "variable": "WATERCOOLER_AGENT", "summary": "who writes: Claude, or Claude (alice)",
      ])
    let none = SettingView(.counterpart, configuration[.counterpart])
    #expect(none.line == "counterpart\t\tnot set\n")
    #expect(none.json["value"] == .null && none.json["origin"] == .null)
  }

  @Test func `who writes, and where`() throws {
    let view = try WhoamiView(home.workspace(["WATERCOOLER_AGENT_LOCK": "1"]))
    #expect(
      JSON.object(view.members) == [
        "agent": "Claude", "person": "alice", "signature": "Claude (alice)",
        "origin": "environment variable WATERCOOLER_AGENT", "locked": true,
        "dir": .string(home.threads), "dir_reason": "environment variable WATERCOOLER_DIR",
      ])
    #expect(
      view.text == """
        agent: Claude (alice) (environment variable WATERCOOLER_AGENT)
        threads: \(home.threads) (environment variable WATERCOOLER_DIR)

        """)
  }

  @Test func `a hit`() throws {
    try home.say("plan", "a needle") { $0.title = "T" }
    let hits = try home.workspace().search("needle").hits
    #expect(
      hits.map(\.json) == [
        [
          "topic": "plan", "entry": 0, "agent": "Claude (alice)", "line": 20, "text": "a needle",
          "path": .string(home.threads + "/plan.md"),
        ]
      ])
    #expect(try home.workspace().search("# T").hits.first?.json["entry"] == .null)
  }

  @Test func `the health`() throws {
    try home.say("plan")
    try home.home.makeDirectory("threads/folder.md")
    let view = HealthView(try home.workspace().health(deadline: soon()))
    #expect(
      view.json.names == [
        "version", "mode", "remote", "dir", "dir_reason", "dir_exists", "writable", "threads",
        "entries",
        "git", "findings",
      ])
    #expect(view.json["mode"] == "local" && view.json["entries"] == 1)
    #expect(view.json["findings"]?.array?.map { $0["topic"] } == [.some("folder")])
    #expect(view.text.contains("needs a repair: 'folder': "))
    #expect(view.text.contains("threads: \(home.threads) (environment variable WATERCOOLER_DIR)"))
  }

  @Test(arguments: [
    ("plain\n\ttext", "plain\n\ttext"), ("\u{1B}[2J", "␛[2J"), ("a\rb", "a␍b"), ("\0", "␀"),
    ("\u{7F}", "␡"), ("\u{9B}31m", "␡31m"), ("a\r\nb\r\n", "a\nb\n"),
    ("a\r", "a␍"), ("a\r\rb\r\n", "a␍␍b\n"), ("\u{202E}dlo\u{202C} \u{2066}x\u{2069}", "␦dlo␦ ␦x␦"),
    ("\u{202A}\u{202B}\u{202D}\u{2067}\u{2068}", "␦␦␦␦␦"),
    ("می\u{200C}خواهم \u{200E}\u{200F}", "می\u{200C}خواهم \u{200E}\u{200F}"), ("é 日本 👩‍🚀", "é 日本 👩‍🚀"),
  ])
  func `control characters are made visible`(text: String, shown: String) {
    #expect(text.harmless == shown)
  }
}
