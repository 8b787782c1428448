import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct ResourceTests {
  let resources = TestResources()
  let server: ServerUnderTest

  init() throws {
    let catalog = resources.catalog
    server = try ServerUnderTest.initialized {
      $0.resources = catalog
      $0.announcementCapability = "test/channel"
    }
  }

  private func result(_ method: String, _ params: JSON = [:]) throws -> JSON {
    try server.request(method, id: 7, params)
    return try server.receive()["result"] ?? .null
  }

  @Test func `they are listed in pages, with templates, and read`() throws {
    let first = try result("resources/list")
    #expect(
      first["resources"] == [
        [
          "uri": "test://one", "name": "test://one", "title": "T", "description": "D",
          "mimeType": "text/markdown",
        ]
      ])
    #expect(first["nextCursor"] == "2")
    let second = try result("resources/list", ["cursor": "2"])
    #expect(second["resources"]?.array?.count == 1)
    #expect(second["nextCursor"] == nil)
    let templates = try result("resources/templates/list")["resourceTemplates"]
    #expect(templates?.array?.first?["uriTemplate"] == "test://{name}")
    #expect(
      try result("resources/read", ["uri": "test://one"])["contents"] == [
        ["uri": "test://one", "mimeType": "text/markdown", "text": "1"]
      ])
  }

  @Test func `what is not there is said in the words of the era`() throws {
    try server.request("resources/read", id: 1, ["uri": "test://none"])
    let old = try server.receive()["error"]
    #expect(old?["code"]?.int == -32002)
    #expect(old?["data"] == ["uri": "test://none"])
    try server.ask("resources/read", id: 2, ["uri": "test://none"])
    let new = try server.receive()["error"]
    #expect(new?["code"]?.int == -32602)
    #expect(new?["data"] == ["uri": "test://none"])
    try server.request("resources/subscribe", id: 3, ["uri": "http://elsewhere"])
    #expect(try server.receive()["error"]?["code"]?.int == -32002)
    try server.request("resources/read", id: 4)
    #expect(try server.receive()["error"]?["code"]?.int == -32602)
    try server.request("resources/list", id: 5, ["cursor": "9"])
    #expect(try server.receive()["error"]?["code"]?.int == -32603)
  }

  @Test func `a subscriber hears of what changes, and nobody else`() throws {
    #expect(resources.waitForWatches(0))
    #expect(try result("resources/subscribe", ["uri": "test://one"]) == [:])
    #expect(resources.waitForWatches(1))
    resources.set("test://other", to: "x")
    #expect(try server.receive()["method"] == "notifications/resources/list_changed")
    resources.set("test://one", to: "2")
    let told = try server.receive()
    #expect(told["method"] == "notifications/resources/updated")
    #expect(told["params"] == ["uri": "test://one"])
    #expect(try result("resources/unsubscribe", ["uri": "test://one"]) == [:])
    // Nobody is left who would want to know.
    #expect(resources.waitForWatches(0))
  }

  @Test func `several listen at once, each to its own`() throws {
    try server.ask(
      "subscriptions/listen", id: "a",
      ["notifications": ["resourceSubscriptions": ["test://one", "http://no"]]])
    let first = try server.receive()
    #expect(first["method"] == "notifications/subscriptions/acknowledged")
    #expect(first["params"]?["notifications"] == ["resourceSubscriptions": ["test://one"]])
    #expect(first["params"]?["_meta"] == ["io.modelcontextprotocol/subscriptionId": "a"])
    try server.ask(
      "subscriptions/listen", id: 2,
      ["notifications": ["resourcesListChanged": true, "toolsListChanged": true]])
    let second = try server.receive()
    #expect(second["params"]?["notifications"] == ["resourcesListChanged": true])
    resources.set("test://one", to: "2")
    let told = try server.receive()
    #expect(told["params"]?["uri"] == "test://one")
    #expect(told["params"]?["_meta"] == ["io.modelcontextprotocol/subscriptionId": "a"])
    resources.set("test://two", to: "new")
    let changed = try server.receive()
    #expect(changed["method"] == "notifications/resources/list_changed")
    #expect(changed["params"]?["_meta"] == ["io.modelcontextprotocol/subscriptionId": 2])
    // One is called off: nothing is answered, and the other goes on.
    try server.notify("notifications/cancelled", ["requestId": "a"])
    try server.ping(id: 9)
    #expect(try server.receive()["id"] == 9)
    resources.set("test://one", to: nil)
    #expect(try server.receive()["method"] == "notifications/resources/list_changed")
    #expect(resources.waitForWatches(1))
    // The end of the server is the answer.
    server.closeInput()
    let rest = try server.receiveRest()
    #expect(rest.count == 1)
    #expect(rest.first?["id"] == 2)
    #expect(rest.first?["result"]?["resultType"] == "complete")
    #expect(
      rest.first?["result"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == 2)
  }

  @Test func `an id that listens is in flight`() throws {
    try server.ask("subscriptions/listen", id: 1, ["notifications": [:]])
    #expect(try server.receive()["params"]?["notifications"] == [:])
    try server.ask("tools/list", id: 1)
    #expect(try server.receive()["error"]?["code"]?.int == -32600)
    try server.notify("notifications/cancelled", ["requestId": 1])
    try server.ask("tools/list", id: 1)
    #expect(try server.receive()["result"] != nil)
  }

  @Test func `a listener has to say what for`() throws {
    try server.ask("subscriptions/listen", id: 1)
    #expect(try server.receive()["error"]?["code"]?.int == -32602)
  }

  @Test func `announcements go to a client that has initialized`() throws {
    try server.notify("notifications/initialized")
    #expect(resources.waitForWatches(1))
    resources.set("test://one", to: "2")
    let told = try server.receive()
    #expect(told["method"] == "test/changed")
    #expect(told["params"] == ["uri": "test://one"])
  }

  @Test func `capabilities say what there is`() throws {
    let all = try result("initialize", ["protocolVersion": "2025-11-25"])["capabilities"]
    #expect(all?["resources"] == ["subscribe": true, "listChanged": true])
    #expect(all?["experimental"] == ["test/channel": [:]])
    #expect(all?["prompts"] == nil)
  }

  @Test func `a server without resources has no methods for them`() throws {
    let bare = try ServerUnderTest.initialized()
    for method in ["resources/list", "resources/read", "resources/subscribe", "prompts/list"] {
      try bare.request(method, id: 1, ["uri": "test://one"])
      #expect(try bare.receive()["error"]?["code"]?.int == -32601)
    }
  }
}
