import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct BatchTests {
  private let pings = """
    [{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]
    """

  @Test func `a batch is answered in one array`() throws {
    let server = try ServerUnderTest.initialized(.march2025)
    try server.send(
      """
      [{"jsonrpc":"2.0","id":1,"method":"ping"},7,{"jsonrpc":"2.0","method":"x"},\
      {"jsonrpc":"2.0","id":9,"result":{}},{"jsonrpc":"2.0","id":2,"method":"x"},\
      {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"echo"}}]
      """)
    let responses = try server.receive().array
    #expect(responses?.map { $0["id"] } == [1, .null, 2, 3])
    #expect(responses?.map { $0["error"]?["code"]?.int } == [nil, -32600, -32601, nil])
  }

  @Test(arguments: ProtocolRevision.allCases.filter { !$0.allowsBatches && !$0.isStateless })
  func `a batch is refused in other revisions`(revision: ProtocolRevision) throws {
    let server = try ServerUnderTest.initialized(revision)
    try server.send(pings)
    let refusal = try server.receive()
    #expect(refusal["id"] == .null)
    #expect(refusal["error"]?["code"]?.int == -32600)
  }

  @Test func `a batch is refused before initialize`() throws {
    let server = try ServerUnderTest()
    try server.send(pings)
    #expect(try server.receive()["error"]?["code"]?.int == -32600)
  }

  @Test func `an empty batch is refused`() throws {
    let server = try ServerUnderTest.initialized(.march2025)
    try server.send("[]")
    let refusal = try server.receive()
    #expect(refusal["id"] == .null)
    #expect(refusal["error"]?["code"]?.int == -32600)
  }

  @Test func `initialize cannot be in a batch`() throws {
    let server = try ServerUnderTest.initialized(.march2025)
    try server.send(#"[{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}]"#)
    #expect(try server.receive().array?.first?["error"]?["code"]?.int == -32600)
  }

  @Test func `a batch of notifications is not answered`() throws {
    let server = try ServerUnderTest.initialized(.march2025)
    try server.send(#"[{"jsonrpc":"2.0","method":"x"}]"#)
    try server.ping(id: 1)
    #expect(try server.receive()["id"] == 1)
  }

  @Test func `a batch waits for its calls, and leaves out what was cancelled`() throws {
    let gate = Gate()
    let server = try ServerUnderTest.initialized(.march2025, tools: [gate.tool, .echo])
    let calls = ["gate", "gate", "echo"].enumerated().map { index, name in
      #"{"jsonrpc":"2.0","id":\#(index),"method":"tools/call","params":{"name":"\#(name)"}}"#
    }
    try server.send("[\(calls.joined(separator: ","))]")
    try gate.waitUntilEntered(2)
    try server.ping(id: "ping")
    #expect(try server.receive()["id"] == "ping")
    try server.send(
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":0}}"#)
    try gate.waitUntilLeft(1)
    gate.open()
    let ids = try server.receive().array?.compactMap { $0["id"]?.int }
    #expect(ids?.sorted() == [1, 2])
    try server.ping(id: 0)
    #expect(try server.receive()["result"] == [:])
  }
}
