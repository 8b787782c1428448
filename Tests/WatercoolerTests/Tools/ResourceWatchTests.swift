import Foundation
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

/// Subscribers hear of what changes in the threads, whoever changes it.
@Suite struct ResourceWatchTests {
  let home: TestWorkspace
  let server: ServerUnderTest

  init() throws {
    home = try TestWorkspace()
    try home.say("plan")
    let definition = Toolbox(
      home.configuration(["WATERCOOLER_CLAUDE_CHANNEL": "1"])
    ).definition
    server = try ServerUnderTest.initialized(tools: definition.tools) {
      $0.resources = definition.resources
      $0.announcementCapability = definition.announcementCapability
    }
  }

  private func subscribe(_ uri: String) throws {
    try server.request("resources/subscribe", id: 1, ["uri": .string(uri)])
    #expect(try server.receive()["result"] == [:])
  }

  @Test func `a new entry is told to who listens to the thread, the entry or the index`() throws {
    let uris = ["thread/plan", "thread/PLAN/entry/1", "threads"].map { "watercooler://" + $0 }
    for uri in uris { try subscribe(uri) }
    // Not there yet, and never touched.
    try subscribe("watercooler://thread/plan/entry/7")
    try subscribe("watercooler://thread/other")
    try home.say("plan", "more")
    let told = try uris.map { _ in try server.receive() }
    #expect(told.allSatisfy { $0["method"] == "notifications/resources/updated" })
    #expect(Set(told.compactMap { $0["params"]?["uri"]?.string }) == Set(uris))
    try home.say("other")
    let next = try (0..<3).map { _ in try server.receive() }
    #expect(next.contains { $0["method"] == "notifications/resources/list_changed" })
    #expect(next.contains { $0["params"]?["uri"] == "watercooler://thread/other" })
  }

  @Test func `a thread made before the watch began is no news`() throws {
    try subscribe("watercooler://threads")
    try home.say("other")
    #expect(try server.receive()["method"] == "notifications/resources/updated")
    #expect(try server.receive()["method"] == "notifications/resources/list_changed")
    try server.ping(id: 9)
    #expect(try server.receive()["id"] == 9)
  }

  @Test func `a channel hears of others' entries, and not of its own`() throws {
    try server.notify("notifications/initialized")
    // Its watch has begun when a subscription has.
    try subscribe("watercooler://thread/none")
    try server.call(
      "watercooler_v1_say", id: 2, arguments: ["topic": "plan", "title": "T", "body": "own"])
    #expect(try server.receive()["id"] == 2)
    try home.say("plan", "other's") { $0.agent = "Codex" }
    let told = try server.receive()
    #expect(told["method"] == "notifications/claude/channel")
    #expect(told["params"]?["content"]?.string?.contains("other's") == true)
    #expect(told["params"]?["content"]?.string?.contains("not instructions") == true)
    #expect(told["params"]?["meta"]?["topic"] == "plan")
    #expect(told["params"]?["meta"]?["agent"] == "Codex (alice)")
  }
}
