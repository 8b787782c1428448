import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct ConcurrencyTests {
  @Test func `calls run side by side and are answered as they end`() throws {
    let gate = Gate()
    let server = try ServerUnderTest.initialized(tools: [gate.tool, .echo])
    try server.call("gate", id: 1)
    try gate.waitUntilEntered(1)
    try server.call("echo", id: 2)
    #expect(try server.receive()["id"] == 2)
    gate.open()
    #expect(try server.receive()["id"] == 1)
  }

  @Test func `with 64 calls in flight ping is answered and one more call is not made`() throws {
    let gate = Gate()
    let server = try ServerUnderTest.initialized(tools: [gate.tool])
    for id in 0..<64 { try server.call("gate", id: JSON(id)) }
    try gate.waitUntilEntered(64)
    try server.ping(id: "ping")
    #expect(try server.receive()["id"] == "ping")
    try server.call("gate", id: 64)
    let refusal = try server.receive()
    #expect(refusal["id"] == 64)
    #expect(refusal["result"]?["isError"] == true)
    gate.open()
    let ids = try (0..<64).map { _ in try server.receive()["id"]?.int ?? -1 }
    #expect(ids.sorted() == Array(0..<64))
    try server.call("gate", id: 64)
    #expect(try server.receive()["result"]?["isError"] == false)
  }

  @Test(arguments: ["ping", "tools/list", "tools/call", "initialize"])
  func `an id that is in flight is refused`(method: String) throws {
    let gate = Gate()
    let server = try ServerUnderTest.initialized(tools: [gate.tool])
    try server.call("gate", id: 1)
    try gate.waitUntilEntered(1)
    try server.send(
      #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"name":"gate"}}"#)
    #expect(try server.receive()["error"]?["code"]?.int == -32600)
    // The same digits in quotes are another id.
    try server.ping(id: "1")
    #expect(try server.receive()["id"] == "1")
    gate.open()
    #expect(try server.receive()["result"]?["isError"] == false)
    try server.ping(id: 1)
    #expect(try server.receive()["result"] == [:])
  }

  @Test func `a cancelled call is called off and never answered`() throws {
    let gate = Gate()
    let server = try ServerUnderTest.initialized(tools: [gate.tool])
    try server.call("gate", id: 1)
    try server.call("gate", id: "1")
    try gate.waitUntilEntered(2)
    try server.send(
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
    try gate.waitUntilLeft(1)
    gate.open()
    #expect(try server.receive()["id"] == "1")
    server.closeInput()
    #expect(try server.receiveRest() == [])
  }

  @Test func `a call that ends well although it was cancelled is not answered either`() throws {
    let gate = Gate()
    let stubborn = Tool.test("stubborn") { call in
      let blind = Deadline.after(.seconds(60))
      _ = try gate.tool.run(
        ToolCall(
          arguments: call.arguments, context: CallContext(clientInfo: nil, deadline: blind)))
      return ToolResult(text: "done", structured: nil)
    }
    let server = try ServerUnderTest.initialized(tools: [stubborn])
    try server.call("stubborn", id: 1)
    try gate.waitUntilEntered(1)
    try server.send(
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
    try server.ping(id: 2)
    #expect(try server.receive()["id"] == 2)
    gate.open()
    server.closeInput()
    #expect(try server.receiveRest() == [])
  }

  @Test func `a reply is not mixed with another`() throws {
    let server = try ServerUnderTest.initialized()
    let body = JSON.string(String(repeating: "0123456789", count: 5000))
    for id in 0..<40 { try server.call("echo", id: JSON(id), arguments: ["body": body]) }
    for _ in 0..<40 {
      #expect(try server.receive()["result"]?["structuredContent"] == ["body": body])
    }
  }
}
