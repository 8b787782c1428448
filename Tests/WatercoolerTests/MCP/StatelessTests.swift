import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

/// Requests that say themselves what they need.
@Suite struct StatelessTests {
  @Test func `discovery says what there is and who gives it`() throws {
    let server = try ServerUnderTest()
    try server.ask("server/discover", id: 1)
    let result = try server.receive()["result"]
    #expect(result?["resultType"] == "complete")
    #expect(result?["supportedVersions"] == ["2026-07-28"])
    #expect(result?["capabilities"] == ["tools": [:]])
    #expect(result?["instructions"] == "Be kind.")
    #expect(result?["cacheScope"] == "private")
    #expect((result?["ttlMs"]?.int ?? 0) > 0)
    let info = result?["_meta"]?["io.modelcontextprotocol/serverInfo"]
    #expect(info == ["name": "test", "title": "Test", "version": "1.2.3"])
  }

  @Test func `tools are listed and called without a handshake`() throws {
    let server = try ServerUnderTest()
    try server.ask("tools/list", id: 1)
    let list = try server.receive()["result"]
    #expect(list?["tools"]?.array?.first?["name"] == "echo")
    #expect(list?["cacheScope"] == "private")
    try server.ask("tools/call", id: "a", ["name": "echo", "arguments": ["x": 1]])
    let reply = try server.receive()
    #expect(reply["id"] == "a")
    #expect(reply["result"]?["resultType"] == "complete")
    #expect(reply["result"]?["structuredContent"] == ["x": 1])
    // A call's result is not kept.
    #expect(reply["result"]?["ttlMs"] == nil)
  }

  @Test func `both eras are served on one connection, each in its own words`() throws {
    let server = try ServerUnderTest.initialized(.june2025)
    try server.ask("tools/list", id: 1)
    #expect(try server.receive()["result"]?["resultType"] == "complete")
    try server.request("tools/list", id: 2)
    let old = try server.receive()["result"]
    #expect(old?["resultType"] == nil)
    #expect(old?["ttlMs"] == nil)
    #expect(old?["_meta"] == nil)
  }

  @Test func `a tool hears of the client that this very request names`() throws {
    let tool = Tool.test("who") { call in
      ToolResult(text: call.clientInfo?.name ?? "nobody", structured: nil)
    }
    let server = try ServerUnderTest.initialized(tools: [tool])
    try server.ask("tools/call", id: 1, ["name": "who"])
    let modern = try server.receive()["result"]
    #expect(modern?["content"]?.array?.first?["text"] == "modern")
    try server.call("who", id: 2)
    #expect(try server.receive()["result"]?["content"]?.array?.first?["text"] == "tester")
    try server.send(
      """
      {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"who","_meta":\
      {"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
      "io.modelcontextprotocol/clientCapabilities":{}}}}
      """)
    #expect(try server.receive()["result"]?["content"]?.array?.first?["text"] == "nobody")
  }

  @Test(arguments: ["2025-11-25", "2099-01-01", ""])
  func `another version is refused with those that are spoken`(version: String) throws {
    let server = try ServerUnderTest.initialized()
    try server.ask("tools/list", id: 1, version: version)
    let error = try server.receive()["error"]
    #expect(error?["code"]?.int == -32022)
    #expect(error?["data"] == ["supported": ["2026-07-28"], "requested": .string(version)])
  }

  @Test(arguments: [
    #"{"io.modelcontextprotocol/clientCapabilities":{}}"#,
    #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#,
    #"{"io.modelcontextprotocol/protocolVersion":3,"io.modelcontextprotocol/clientCapabilities":{}}"#,
    #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":[]}"#,
  ])
  func `what a request has to say and does not is asked for`(meta: String) throws {
    let server = try ServerUnderTest()
    for method in ["server/discover", "tools/list"] {
      try server.send(
        #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"_meta":\#(meta)}}"#)
      #expect(try server.receive()["error"]?["code"]?.int == -32602)
    }
  }

  @Test(
    arguments: [
      ["resourcesListChanged": 1], ["resourcesListChanged": "true"],
      ["resourcesListChanged": .null],
      ["resourceSubscriptions": "test://one"], ["resourceSubscriptions": [1]],
      ["resourceSubscriptions": ["test://one", .null]], ["resourceSubscriptions": true],
    ] as [JSON])
  func `a filter of the wrong type is refused`(filter: JSON) throws {
    let server = try ServerUnderTest.initialized { $0.resources = TestResources().catalog }
    try server.ask("subscriptions/listen", id: 1, ["notifications": filter])
    #expect(try server.receive()["error"]?["code"]?.int == -32602)
  }

  @Test(arguments: [
    "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "unheard/of",
  ])
  func `what only the handshake era has is not found`(method: String) throws {
    let server = try ServerUnderTest.initialized { $0.resources = TestResources().catalog }
    try server.ask(method, id: 1, ["uri": "test://one"])
    #expect(try server.receive()["error"]?["code"]?.int == -32601)
  }

  @Test func `a batch has no stateless requests outside its revision`() throws {
    let server = try ServerUnderTest.initialized(.november2025)
    try server.send("[]")
    #expect(try server.receive()["error"]?["code"]?.int == -32600)
  }
}
