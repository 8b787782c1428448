import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct WritingTests {
  private let home: TestWorkspace
  private let id = "01M7XX0F93F0WMC16VMVX7YP8Z"

  init() throws { home = try TestWorkspace() }

  private func acknowledge(
    _ topic: String, _ change: (inout EntryRequest) -> Void = { _ in }
  ) throws -> Receipt {
    var request = EntryRequest(topic: topic, body: "")
    change(&request)
    return try home.workspace().acknowledge(request, deadline: soon())
  }

  private func handOff(
    _ topic: String, _ change: (inout EntryRequest) -> Void = { _ in }
  ) throws -> Receipt {
    var request = EntryRequest(topic: topic, body: "")
    change(&request)
    return try home.workspace().handOff(request, deadline: soon())
  }

  // MARK: - The ball

  @Test(arguments: ["Codex,Bob", "Codex, Bob", "a;b (x)"])
  func `several agents are not stored as one`(_ names: String) throws {
    try home.say("plan")
    let before = home.read("plan.md")
    let changes: [(inout EntryRequest) -> Void] = [
      { $0.ball = names }, { $0.agent = names }, { $0.ifBall = names },
    ]
    for change in changes {
      #expect(throws: InvalidText.self) { try home.say("plan", "x", change) }
    }
    #expect(throws: InvalidText.several(field: "ball")) {
      try home.workspace().setBall("plan", to: names, deadline: soon())
    }
    #expect(home.read("plan.md") == before)
  }

  @Test(arguments: ["design review", "Design Review"])
  func `a topic that was changed to be valid is said`(_ name: String) throws {
    #expect(try home.say(name).delivery.notes == ["the topic '\(name)' is written 'design-review'"])
    #expect(try home.say("DESIGN-review").delivery.notes == [])
  }

  @Test(arguments: [("Claude", "Codex"), ("codex", "Claude"), ("Cursor", "Team"), ("bob", "Team")])
  func `in a new thread the ball goes to the registry's counterpart`(
    agent: String, ball: String
  ) throws {
    #expect(try home.say("plan") { $0.agent = agent }.ball?.description == ball)
  }

  @Test func `in a thread with other voices the last of them gets the ball`() throws {
    try home.say("plan") { $0.agent = "Cursor (bob)" }
    try home.say("plan") { $0.agent = "Gemini (carol)" }
    #expect(try home.say("plan").ball?.description == "Gemini (carol)")
    #expect(try home.say("plan").ball?.description == "Gemini (carol)")
  }

  @Test func `the same agent of another person is another voice`() throws {
    try home.say("plan") { $0.agent = "Claude (bob)" }
    #expect(try home.say("plan").ball?.description == "Claude (bob)")
  }

  @Test func `a configured counterpart wins over the voices, and a named one over all`() throws {
    try home.say("plan") { $0.agent = "Gemini" }
    let workspace = try home.workspace(["WATERCOOLER_COUNTERPART": "Cursor (dave)"])
    var request = EntryRequest(topic: "plan", body: "words")
    #expect(try workspace.say(request, deadline: soon()).ball?.description == "Cursor (dave)")
    request.ball = "codex"
    #expect(try workspace.say(request, deadline: soon()).ball?.description == "Codex")
  }

  @Test func `the registry file decides where nobody else has spoken`() throws {
    let path = try home.home.write(
      #"{"counterpart": {"Claude": "Gemini"}, "default_ball": "Everybody"}"#, to: "registry.json")
    let workspace = try home.workspace(["WATERCOOLER_AGENT_REGISTRY": path])
    var request = EntryRequest(topic: "plan", body: "words")
    #expect(try workspace.say(request, deadline: soon()).ball?.description == "Gemini")
    (request.topic, request.agent) = ("other", "Cursor")
    #expect(try workspace.say(request, deadline: soon()).ball?.description == "Everybody")
  }

  @Test func `an ack leaves the ball, and one that names somebody does not`() throws {
    try home.say("plan") { $0.ball = "Gemini (carol)" }
    let receipt = try acknowledge("plan")
    #expect(receipt.ball?.description == "Gemini (carol)")
    #expect(receipt.entry?.ball == nil)
    #expect(receipt.entry?.title?.text == "Ack" && receipt.entry?.body.string == "ack")
    #expect(try acknowledge("plan") { $0.ball = "Codex" }.ball?.description == "Codex")
  }

  @Test func `a handoff goes to whom it names, else to the counterpart, and says so`() throws {
    let first = try handOff("plan")
    #expect(first.ball?.description == "Codex")
    #expect(first.entry?.title?.text == "Handoff to Codex")
    let second = try handOff("plan") { ($0.ball, $0.body) = ("gemini", "yours") }
    #expect(second.ball?.description == "gemini" && second.entry?.body.string == "yours")
    #expect(second.entry?.title?.text == "Handoff to gemini")
  }

  @Test func `an ack needs a thread, and makes none`() throws {
    try home.say("release-plan")
    let error = #expect(throws: StoreError.self) { try acknowledge("release-pan") }
    #expect(error?.hint == "did you mean 'release-plan'?")
    #expect(try home.store.topics().count == 1)
  }

  // MARK: - Identity and conditions

  @Test(arguments: ["words", "###\nno title", "\\Entry: Eve 2026-01-02T03:04:05Z"])
  func `the same Entry-ID twice is one entry`(_ body: String) throws {
    let first = try home.say("plan", body) { $0.entryID = id }
    let before = home.read("plan.md")
    let second = try home.say("plan", body + "\r\n\n") { $0.entryID = id.lowercased() }
    #expect(first.action == .added(try #require(EntryID(id))))
    #expect(second.action == .alreadyThere(try #require(EntryID(id))))
    #expect(home.read("plan.md") == before)
  }

  @Test(arguments: ["ball", "expect"])
  func `a retry finds its entry, although its condition held only once`(_ kind: String) throws {
    let last = try home.say("plan") { $0.ball = "Claude" }.entryID
    func attempt() throws -> Receipt {
      try home.say("plan", "the answer") {
        $0.entryID = id
        if kind == "ball" { $0.ifBall = "Claude" } else { $0.expect = last?.description }
      }
    }
    #expect(try attempt().action == .added(try #require(EntryID(id))))
    #expect(try attempt().action == .alreadyThere(try #require(EntryID(id))))
    #expect(try home.thread("plan").entries.count == 2)
  }

  @Test func `an Entry-ID that is taken is not given to another text`() throws {
    try home.say("plan", "words") { $0.entryID = id }
    let error = #expect(throws: WorkspaceError.self) {
      try home.say("plan", "other words") { $0.entryID = id }
    }
    #expect(error?.hint?.isEmpty == false)
    #expect(try home.thread("plan").entries.count == 1)
  }

  @Test func `what is no Entry-ID is refused`() {
    #expect(throws: WorkspaceError.invalidEntryID("soon")) {
      try home.say("plan") { $0.entryID = "soon" }
    }
    #expect(throws: WorkspaceError.invalidEntryID("soon")) {
      try home.say("plan") { $0.expect = "soon" }
    }
  }

  @Test func `a condition that is not met writes nothing, and is told apart`() throws {
    let receipt = try home.say("plan")
    let before = home.read("plan.md")
    for change in [
      { $0.ifBall = "Claude" }, { $0.expect = "01M7XX0F93F0WMC16VMVX7YP8Z" },
    ] as [(inout EntryRequest) -> Void] {
      let error = #expect(throws: WorkspaceError.self) { try home.say("plan", "x", change) }
      #expect(error?.isUnmetCondition == true)
      #expect(error?.message.hasPrefix("not written: ") == true)
    }
    #expect(home.read("plan.md") == before)
    let met = try home.say("plan", "x") {
      ($0.ifBall, $0.expect) = ("CODEX", receipt.entryID?.description)
    }
    #expect(met.entry?.after == receipt.entryID)
  }

  @Test func `no thread, no ball and no last entry`() throws {
    for change in [{ $0.ifBall = "Claude" }, { $0.expect = id }] as [(inout EntryRequest) -> Void] {
      #expect(throws: WorkspaceError.self) { try home.say("plan", "x", change) }
    }
    #expect(try home.store.topics() == [])
  }

  // MARK: - The receipt

  @Test func `a receipt says what is in the file`() throws {
    try home.say("plan", "first")
    let receipt = try home.say("plan", "second") { $0.status = "in_review" }
    let thread = try home.thread("plan")
    #expect(receipt.entryCount == 2 && thread.entries.count == 2)
    #expect(receipt.entry == thread.entries.last)
    #expect(receipt.status == "IN_REVIEW" && thread.status == "IN_REVIEW")
    #expect(receipt.ball == thread.ball && receipt.delivery.state == .local)
    #expect(receipt.path == home.threads + "/plan.md" && receipt.title == "first")
  }

  @Test func `a thread of the Python tool takes an entry, and loses no line`() throws {
    try home.write(
      """
      # old — Thread
      Status: open
      Ball: codex
      Topic: old
      Odd: kept

      ---
      Entry: Codex (bob) 2025-10-07T00:27:54Z
      Type: Note
      Title: Hello

      Words
      <!-- Entry-ID: 01K6XX0F93F0WMC16VMVX7YP8Z -->

      """, to: "old.md")
    let receipt = try home.say("old", "answer")
    let thread = try home.thread("old")
    #expect(receipt.ball?.description == "Codex (bob)")
    #expect(thread.format == 1 && thread.entries.map(\.body.string) == ["Words", "answer"])
    #expect(home.read("old.md")?.contains("\nOdd: kept\n") == true)
  }
}
