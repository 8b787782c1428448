import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct IdentityTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func identity(
    _ changes: [String: String] = [:], client: String? = nil
  ) throws -> String {
    let identity = try home.configuration(changes).identity(client: client)
    return "\(identity.agent), \(identity.origin)"
  }

  @Test func `the agent comes with its person`() throws {
    #expect(try identity() == "Claude (alice), environment variable WATERCOOLER_AGENT")
    #expect(
      try identity(["WATERCOOLER_AGENT": "Codex (bob)"])
        == "Codex (bob), environment variable WATERCOOLER_AGENT")
  }

  @Test func `without an agent it is the client, else the person`() throws {
    let none = ["WATERCOOLER_AGENT": ""]
    #expect(try identity(none, client: "Cursor") == "Cursor (alice), the client's name")
    #expect(try identity(none) == "alice, environment variable WATERCOOLER_USER")
    let nobody = none.merging(["WATERCOOLER_USER": ""]) { $1 }
    #expect(try identity(nobody) == "login, the login name")
    try home.home.write("[user]\n\tname = Git Alice\n", to: "gitconfig")
    #expect(try identity(nobody) == "Git Alice, git's user.name")
  }

  @Test func `a configured agent wins over the client's name`() throws {
    #expect(try identity(client: "Cursor").hasPrefix("Claude (alice)"))
  }

  @Test func `a list that was configured reads, and does not write`() throws {
    try home.say("plan")
    let workspace = try home.workspace(["WATERCOOLER_AGENT": "Codex, Bob"])
    #expect(try workspace.list().count == 1)
    #expect(throws: InvalidText.several(field: "agent")) {
      try workspace.say(EntryRequest(topic: "plan", body: "x"), deadline: soon())
    }
  }

  @Test func `a comma in the name of a client or of a person makes no list`() throws {
    let none = ["WATERCOOLER_AGENT": ""]
    #expect(try identity(none, client: "Acme, Inc.") == "Acme Inc. (alice), the client's name")
    let person = try home.workspace(none.merging(["WATERCOOLER_USER": "Smith, Jane"]) { $1 })
    let receipt = try person.say(EntryRequest(topic: "plan", body: "x"), deadline: soon())
    #expect(receipt.entry?.agent.description == "Smith, Jane")
  }

  @Test func `nobody is their own person`() throws {
    #expect(try identity(["WATERCOOLER_AGENT": "alice"]).hasPrefix("alice, "))
  }

  @Test(arguments: ["alice (Acme)", "a(b)c", "Alice :)", "(alice)", "alice ((x) y)"])
  func `a person's name with parentheses is still one person's`(_ person: String) throws {
    for agent in ["Claude", ""] {
      let changes = ["WATERCOOLER_USER": person, "WATERCOOLER_AGENT": agent]
      let signature = try home.configuration(changes).identity().agent
      let read = try Agent(signature.description)
      #expect(read == signature)
      let workspace = try home.workspace(changes)
      var request = EntryRequest(topic: "plan", body: "mine")
      request.ball = read.description
      _ = try workspace.say(request, deadline: soon())
      #expect(try workspace.list(isMine: true).count == 1)
    }
  }

  @Test func `the registry's spelling is who you are, for reading and for writing`() throws {
    let path = try home.home.write(
      #"{"canonical": {"codex-cli": "Codex"}}"#, to: "registry.json")
    let workspace = try home.workspace([
      "WATERCOOLER_AGENT": "codex-cli", "WATERCOOLER_AGENT_REGISTRY": path,
    ])
    #expect(try workspace.identity().agent.description == "Codex (alice)")
    _ = try workspace.say(EntryRequest(topic: "mine", body: "x"), deadline: soon())
    #expect(try home.thread("mine").entries.first?.agent.description == "Codex (alice)")
    _ = try workspace.setBall("mine", to: "Codex", deadline: soon())
    #expect(try workspace.list(isMine: true).count == 1)
  }

  @Test(arguments: ["codex", "CODEX", "Codex"])
  func `a name in any case is signed in its usual spelling`(_ name: String) throws {
    let agent = try home.configuration().agent(named: name)
    #expect(agent.description == "Codex (alice)")
  }

  @Test(arguments: ["", " ", "two\nlines", "a\u{2028}b", "nul\0"])
  func `a name that is no single line is refused`(_ name: String) {
    #expect(throws: InvalidText.self) { try home.configuration().agent(named: name) }
  }

  @Test func `agents may have digits in their names`() throws {
    #expect(try home.configuration().agent(named: "Agent7").name.text == "Agent7")
  }

  // MARK: - The lock

  private let locked = ["WATERCOOLER_AGENT_LOCK": "1"]

  @Test(arguments: [nil, "Claude", "claude", "Claude (alice)"])
  func `under a lock the configured agent signs`(_ name: String?) throws {
    #expect(try home.configuration(locked).agent(named: name).description == "Claude (alice)")
  }

  @Test(arguments: ["Codex", "Claude (bob)", "alice"])
  func `under a lock nobody else does`(_ name: String) throws {
    let error = #expect(throws: WorkspaceError.self) {
      try home.configuration(locked).agent(named: name)
    }
    #expect(error?.message.hasPrefix("only Claude (alice) may write here, not ") == true)
    #expect(error?.hint?.contains("WATERCOOLER_AGENT_LOCK") == true)
    var request = EntryRequest(topic: "plan", body: "x")
    request.agent = name
    let workspace = try home.workspace(locked)
    #expect(throws: WorkspaceError.self) { try workspace.say(request, deadline: soon()) }
    #expect(try home.store.topics() == [])
  }

  @Test func `a lock needs an agent to lock to`() {
    let changes = locked.merging(["WATERCOOLER_AGENT": ""]) { $1 }
    #expect(throws: ConfigurationError.missing(.agent)) {
      try home.configuration(changes).identity(client: "Cursor")
    }
  }

  @Test func `a lock knows the registry's names`() throws {
    let path = try home.home.write(
      #"{"canonical": {"claude-code": "Claude"}}"#, to: "registry.json")
    let changes = locked.merging(["WATERCOOLER_AGENT_REGISTRY": path]) { $1 }
    #expect(
      try home.configuration(changes).agent(named: "claude-code").description == "Claude (alice)")
  }
}
