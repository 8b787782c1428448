import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct ToolAnswerTests {
  private let id = "01M7XX0F93F0WMC16VMVX7YP8Z"

  @Test func `saying has the words that prompts in the field know`() throws {
    let tools = try TestTools()
    let result = try tools.call(
      "say",
      [
        "topic": "Auth Refactor", "title": "Phases", "body": "Five", "role": "planner",
        "entry_type": "Plan", "entry_id": .string(id),
      ])
    #expect(
      result.text == """
        ✅ Entry added to 'auth-refactor'
        Title: Phases
        Role: planner | Type: Plan
        Ball flipped to: Codex
        Status: OPEN
        Entry-ID: \(id)
        Saved on this machine (local mode, nothing is shared)
        Note: the topic 'Auth Refactor' is written 'auth-refactor'
        """)
    #expect(result.structured?["written"] == true && result.structured?["entry_id"] == .string(id))
  }

  @Test(
    arguments: [
      ("ack", [:], "✅ Acknowledged 'plan'\n", "Ball remains with: Codex"),
      ("handoff", ["target_agent": "Gemini"], "✅ Ball handed off to: Gemini\n", "Status: OPEN"),
      ("handoff", [:], "✅ Ball handed off to: Codex\n", "Status: OPEN"),
      ("set_status", ["status": "blocked"], "✅ Status updated for 'plan'\n", "Status: BLOCKED"),
      ("set_ball", ["ball": "Claude"], "✅ Ball updated for 'plan'\n", "Ball is with: Claude"),
    ] as [(String, JSON, String, String)])
  func `so have the other writes`(
    name: String, arguments: JSON, start: String, line: String
  ) throws {
    let tools = try TestTools()
    try tools.say("plan")
    let members = [JSON.Member("topic", "plan")] + (arguments.object ?? [])
    let result = try tools.call(name, .object(members))
    #expect(result.text.hasPrefix(start))
    #expect(result.text.split(separator: "\n").map(String.init).contains(line), "\(result.text)")
  }

  @Test func `the tick stands only before what was written`() throws {
    let tools = try TestTools()
    let arguments: JSON = ["topic": "plan", "title": "T", "body": "B", "entry_id": .string(id)]
    _ = try tools.call("say", arguments)
    for result in [
      try tools.call("say", arguments),
      try tools.call("set_ball", ["topic": "plan", "ball": "Codex"]),
      try tools.call("set_status", ["topic": "plan", "status": "open"]),
      try tools.call("ack", ["topic": "none"]),
    ] {
      #expect(!result.text.contains("✅"))
      #expect(result.isError || result.structured?["written"] == false)
    }
    #expect(try tools.home.thread("plan").entries.count == 1)
  }

  @Test func `a note and a target make a handoff`() throws {
    let tools = try TestTools()
    _ = try tools.call(
      "handoff", ["topic": "plan", "note": "yours: the tests", "target_agent": "codex"])
    let entry = try #require(try tools.home.thread("plan").entries.first)
    #expect(entry.body.string == "yours: the tests" && entry.ball?.description == "Codex")
    #expect(entry.title?.text == "Handoff to Codex")
  }

  @Test func `a thread is read in pages that follow on each other`() throws {
    let tools = try TestTools()
    for number in 0..<5 { try tools.say("plan", "body \(number)") }
    var (bodies, next) = ([String?](), JSON?.some(0))
    // A page that does not get on ends the test, too.
    for _ in 0..<9 {
      guard let from = next?.int else { break }
      let page = try tools.call(
        "read_thread", ["topic": "plan", "from_entry": JSON(from), "limit": 2])
      bodies += (page.structured?["entries"]?.array ?? []).map { $0["body"]?.string }
      next = page.structured?["next_from"]
    }
    #expect(bodies == (0..<5).map { "body \($0)" })
    let last = try tools.call("read_thread", ["topic": "plan", "limit": 1])
    #expect(last.structured?["entries"]?.array?.map { $0["number"] } == [4])
    #expect(last.text.contains("Shown: entries 4 to 4 of 5. Earlier ones: from_entry=0."))
    let second = try tools.home.thread("plan").entries[1].id
    let since = try tools.call(
      "read_thread", ["topic": "plan", "since": JSON(second?.description)])
    #expect(since.structured?["entries"]?.array?.map { $0["number"] } == [2, 3, 4])
  }

  @Test func `a reply is no longer than the limit, unless asked`() throws {
    let tools = try TestTools()
    for _ in 0..<3 { try tools.say("plan", String(repeating: "word ", count: 6000)) }
    let reply = try tools.call("read_thread", ["topic": "plan"])
    #expect(reply.text.count <= ReplyRoom.standard)
    let all = try tools.call("read_thread", ["topic": "plan", "max_chars": 200_000])
    #expect(all.structured?["entries"]?.array?.count == 3)
  }

  @Test func `a list goes on at its cursor`() throws {
    let tools = try TestTools()
    for name in ["a", "b", "c"] { try tools.say(name) }
    let first = try tools.call("list_threads", ["limit": 2])
    #expect(first.structured?["total"] == 3 && first.structured?["threads"]?.array?.count == 2)
    let cursor = try #require(first.structured?["next_cursor"])
    #expect(first.text.contains("1 more: call again with cursor="))
    let second = try tools.call("list_threads", ["limit": 2, "cursor": cursor])
    #expect(second.structured?["threads"]?.array?.count == 1)
    #expect(second.structured?["next_cursor"] == .null)
    let beyond = try tools.call("list_threads", ["cursor": "99"])
    #expect(beyond.structured?["threads"] == [])
  }

  @Test func `whose turn it is may be asked for another agent`() throws {
    let tools = try TestTools()
    try tools.say("plan")
    #expect(try tools.call("list_threads", ["mine": true]).structured?["total"] == 0)
    let other = try tools.call("list_threads", ["mine": true, "agent": "codex"])
    #expect(other.structured?["total"] == 1)
  }

  @Test func `hits say where they are, and none is said`() throws {
    let tools = try TestTools()
    try tools.say("plan", "a needle here")
    let found = try tools.call("search", ["query": "needle", "topics": "plan"])
    #expect(found.text == ForeignWords.notice + "\n\nplan [0]: a needle here")
    #expect(found.structured?["notice"] == .string(ForeignWords.notice))
    #expect(try tools.call("search", ["query": "needle", "topics": ["x"]]).text == "No hits.")
  }

  @Test(arguments: [
    ("claude-code", "Claude (alice)"), ("Claude-AI", "Claude (alice)"),
    ("codex-mcp-client", "Codex (alice)"), ("cursor-vscode", "Cursor (alice)"),
    ("Visual Studio Code", "Copilot (alice)"), ("my-client", "my-client (alice)"),
    ("", "Agent (alice)"), (" \n", "Agent (alice)"), ("two\nlines", "two lines (alice)"),
    ("nul\0", "nul (alice)"), ("a\u{2028}b", "a b (alice)"), ("\u{1B}[2J", "[2J (alice)"),
  ])
  func `without a configured agent the client signs`(client: String, signature: String) throws {
    let tools = try TestTools(["WATERCOOLER_AGENT": ""])
    let result = try tools.call("whoami", client: client)
    #expect(result.structured?["signature"] == .string(signature), "\(result.text)")
    let said = try tools.call(
      "say", ["topic": "plan", "title": "T", "body": "B"], client: client)
    #expect(!said.isError, "\(said.text)")
  }

  @Test func `under a lock no prompt puts on another name`() throws {
    let tools = try TestTools(["WATERCOOLER_AGENT_LOCK": "1"])
    let result = try tools.call(
      "say", ["topic": "plan", "title": "T", "body": "B", "agent": "Codex"])
    #expect(result.isError && result.text.contains("Only Claude (alice) may write here"))
    #expect(try tools.home.store.topics() == [])
  }
}
