import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct HandshakeTests {
  private func initialize(_ version: String, id: Int = 1) -> String {
    """
    {"jsonrpc":"2.0","id":\(id),"method":"initialize","params":\
    {"protocolVersion":"\(version)","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}
    """
  }

  @Test(arguments: [
    ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
    ("2025-11-25", "2025-11-25"), ("2026-07-28", "2025-11-25"), ("1999-01-01", "2025-11-25"),
    ("", "2025-11-25"),
  ])
  func `a known version is echoed, another gets the newest`(
    requested: String, agreed: String
  ) throws {
    let server = try ServerUnderTest()
    try server.send(initialize(requested))
    let result = try server.receive()["result"]
    #expect(result?["protocolVersion"] == .string(agreed))
    #expect(result?["capabilities"] == ["tools": [:]])
    #expect(result?["instructions"] == "Be kind.")
    #expect(result?["serverInfo"]?["name"] == "test")
    #expect(result?["serverInfo"]?["version"] == "1.2.3")
    #expect((result?["serverInfo"]?["title"] != nil) == (agreed >= "2025-06-18"))
  }

  @Test(arguments: ["{}", #"{"protocolVersion":7,"clientInfo":"me"}"#])
  func `initialize without what it should say is answered`(params: String) throws {
    let server = try ServerUnderTest()
    try server.send(#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":\#(params)}"#)
    #expect(try server.receive()["result"]?["protocolVersion"] == "2025-11-25")
  }

  @Test func `before initialize only ping is served`() throws {
    let server = try ServerUnderTest()
    try server.ping(id: 1)
    #expect(try server.receive()["result"] == [:])
    for method in ["tools/list", "tools/call", "unheard/of"] {
      try server.send(#"{"jsonrpc":"2.0","id":2,"method":"\#(method)"}"#)
      let error = try server.receive()["error"]
      #expect(error?["code"]?.int == -32600)
      #expect(error?["message"]?.string?.contains("send \"initialize\" first") == true)
    }
  }

  @Test func `a second initialize is accepted and its version counts`() throws {
    let server = try ServerUnderTest.initialized(.november2025)
    try server.send(initialize("2024-11-05"))
    #expect(try server.receive()["result"]?["protocolVersion"] == "2024-11-05")
    try server.send(#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#)
    #expect(try server.receive()["result"]?["tools"]?.array?.first?["title"] == nil)
  }

  @Test func `initialize belongs to the handshake whatever else it carries`() throws {
    let server = try ServerUnderTest()
    try server.send(
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
      "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}
      """)
    #expect(try server.receive()["result"]?["protocolVersion"] == "2025-06-18")
  }

  @Test func `an unknown method is not found`() throws {
    let server = try ServerUnderTest.initialized()
    try server.send(#"{"jsonrpc":"2.0","id":1,"method":"resources/list"}"#)
    let error = try server.receive()["error"]
    #expect(error?["code"]?.int == -32601)
    #expect(error?["message"] == "method not found: resources/list")
  }
}
