import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct ToolTests {
  private struct Broken: Error, CustomStringConvertible {
    let description = "Error: it broke; mend it"
  }

  @Test(arguments: [
    (ProtocolRevision.november2024, ["name", "description", "inputSchema"]),
    (.march2025, ["name", "description", "inputSchema", "annotations"]),
    (
      .june2025,
      ["name", "title", "description", "inputSchema", "outputSchema", "annotations", "_meta"]
    ),
    (
      .november2025,
      ["name", "title", "description", "inputSchema", "outputSchema", "annotations", "_meta"]
    ),
  ])
  func `a tool is listed with what its revision knows`(
    revision: ProtocolRevision, members: [String]
  ) throws {
    let tool = Tool.test("t", metadata: ["k": 1]) { _ in ToolResult(text: "", structured: nil) }
    let server = try ServerUnderTest.initialized(revision, tools: [tool])
    try server.send(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
    let listed = try server.receive()["result"]?["tools"]?.array?.first
    #expect(listed?.object?.map(\.name) == members)
    if revision.hasToolAnnotations {
      #expect(
        listed?["annotations"] == [
          "title": "The t", "readOnlyHint": true, "destructiveHint": false,
          "idempotentHint": true, "openWorldHint": false,
        ])
    }
  }

  @Test func `tools are listed in their order, aliases are not, on one page`() throws {
    let tools = ["z", "a", "m"].map { name in
      Tool.test(name) { _ in ToolResult(text: name, structured: nil) }
    }
    let server = try ServerUnderTest.initialized(tools: tools, aliases: ["short": "m"])
    for params in ["{}", "null", #"{"cursor":null}"#] {
      try server.send(#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":\#(params)}"#)
      let result = try server.receive()["result"]
      #expect(result?["tools"]?.array?.map { $0["name"] } == ["z", "a", "m"])
      #expect(result?["nextCursor"] == nil)
    }
    try server.send(#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}"#)
    #expect(try server.receive()["error"]?["code"]?.int == -32602)
    try server.call("short", id: 2)
    #expect(try server.receive()["result"]?["content"]?.array?.first?["text"] == "m")
  }

  @Test(arguments: ProtocolRevision.allCases.filter { !$0.isStateless })
  func `a result is text, and a value where the revision has that`(
    revision: ProtocolRevision
  ) throws {
    let server = try ServerUnderTest.initialized(revision)
    try server.call("echo", id: 1, arguments: ["a": 1])
    let result = try server.receive()["result"]
    #expect(result?["content"] == [["type": "text", "text": #"{"a":1}"#]])
    #expect(result?["isError"] == false)
    #expect(result?["structuredContent"] == (revision >= .june2025 ? ["a": 1] : nil))
  }

  @Test func `a call without arguments gets an empty object`() throws {
    let server = try ServerUnderTest.initialized()
    try server.send(
      #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}"#)
    #expect(try server.receive()["result"]?["structuredContent"] == [:])
  }

  @Test func `a tool learns who calls it and how long it may take`() throws {
    let tool = Tool.test("who", timeLimit: .seconds(15)) { call in
      let isInTime = call.deadline.remaining <= .seconds(15) && !call.deadline.hasPassed
      return ToolResult(
        text: "\(call.clientInfo?.name ?? "") \(call.clientInfo?.version ?? "") \(isInTime)",
        structured: nil)
    }
    let server = try ServerUnderTest.initialized(tools: [tool])
    try server.call("who", id: 1)
    #expect(try server.receive()["result"]?["content"]?.array?.first?["text"] == "tester 9 true")
  }

  @Test(arguments: [
    #"{"name":"nothing"}"#, "{}", #"{"name":7}"#, #"{"name":"echo","arguments":[]}"#,
    #"{"name":"echo","arguments":"x"}"#, #"{"name":"echo","arguments":3}"#,
  ])
  func `a call that names no tool or no arguments is refused`(params: String) throws {
    let server = try ServerUnderTest.initialized()
    try server.send(#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":\#(params)}"#)
    let refusal = try server.receive()
    #expect(refusal["id"] == 1)
    #expect(refusal["error"]?["code"]?.int == -32602)
  }

  @Test func `what a tool throws is a result that says so`() throws {
    let broken = Tool.test("broken") { _ in throw Broken() }
    let late = Tool.test("late", timeLimit: .zero) { call in
      try call.deadline.check()
      return ToolResult(text: "", structured: nil)
    }
    let server = try ServerUnderTest.initialized(tools: [broken, late])
    for (name, text) in [
      ("broken", "Error: it broke; mend it"),
      ("late", "Error: late was not done within 0.0 seconds"),
    ] {
      try server.call(name, id: 1)
      let result = try server.receive()["result"]
      #expect(result?["isError"] == true)
      #expect(result?["content"]?.array?.first?["text"] == .string(text))
      #expect(result?["structuredContent"] == nil)
    }
  }
}
