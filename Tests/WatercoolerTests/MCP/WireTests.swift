import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct WireTests {
  @Test(arguments: [
    "1", "\"1\"", "12345678901234567890123", "-1.0", "\"é\\n\"", "\"\"", "0",
  ])
  func `an id comes back as it was written`(id: String) throws {
    let server = try ServerUnderTest()
    try server.send(#"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#)
    #expect(try server.receiveText() == #"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#)
  }

  @Test(arguments: [
    ("{", -32700), ("nonsense", -32700), ("{\"jsonrpc\":\"2.0\",\"id\":1", -32700),
    ("\"\\ud800", -32700), ("[1,", -32700),
    ("1", -32600), ("null", -32600), ("\"ping\"", -32600), ("{}", -32600), ("[]", -32600),
    (#"{"method":"ping"}"#, -32600), (#"{"jsonrpc":"2.0","method":7}"#, -32600),
    (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600),
    (#"{"jsonrpc":"2.0","id":-1e-3,"method":"ping"}"#, -32600),
    (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
    (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
    (#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#, -32600),
  ])
  func `a malformed line is refused without an id, and the next is served`(
    line: String, code: Int
  ) throws {
    let server = try ServerUnderTest()
    try server.send(line)
    try server.ping(id: 2)
    let refusal = try server.receive()
    #expect(refusal["id"] == .null)
    #expect(refusal["error"]?["code"]?.int == code)
    #expect(try server.receive()["id"] == 2)
  }

  @Test(arguments: [
    #""method":"ping""#, #""jsonrpc":"1.0","method":"ping""#, #""jsonrpc":2.0,"method":"ping""#,
    #""jsonrpc":null,"method":"ping""#, #""jsonrpc":"2.0""#, #""jsonrpc":"2.0","method":7"#,
    #""jsonrpc":"2.0","method":null"#, #""jsonrpc":"2.0","params":{}"#,
  ])
  func `a malformed request is refused under its id`(rest: String) throws {
    let server = try ServerUnderTest()
    for id in ["1", "\"x\"", "-3", "1e2"] {
      try server.send(#"{"id":\#(id),\#(rest)}"#)
      let refusal = try server.receive()
      #expect(refusal["id"] == (try JSON(parsing: Array(id.utf8))))
      #expect(refusal["error"]?["code"]?.int == -32600)
    }
  }

  @Test func `a line that is not UTF-8 is refused`() throws {
    let server = try ServerUnderTest()
    try server.send([0x22, 0xFF, 0x22])
    #expect(try server.receive()["error"]?["code"]?.int == -32700)
  }

  @Test(arguments: ["[1]", "\"x\"", "7"])
  func `params that are no object are refused under the request's id`(params: String) throws {
    let server = try ServerUnderTest()
    try server.send(#"{"jsonrpc":"2.0","id":5,"method":"ping","params":\#(params)}"#)
    let refusal = try server.receive()
    #expect(refusal["id"] == 5)
    #expect(refusal["error"]?["code"]?.int == -32602)
  }

  @Test(arguments: [
    #"{"jsonrpc":"2.0","id":1,"result":{}}"#,
    #"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}"#,
    #"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}"#,
    #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
    #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}"#,
    #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}"#,
    #"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#,
    #"{"jsonrpc":"2.0","method":"unheard/of","params":[1]}"#,
    #"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}}"#,
    "", "   ", "\t\r", "\u{FEFF}",
  ])
  func `a response, a notification or a blank line is not answered`(line: String) throws {
    let server = try ServerUnderTest()
    try server.send(line)
    try server.ping(id: 2)
    #expect(try server.receive()["id"] == 2)
  }

  @Test(arguments: ["\u{FEFF}%", "%\r", " %\t\r", "\u{FEFF} %\r"])
  func `a byte order mark and carriage returns are tolerated`(frame: String) throws {
    let server = try ServerUnderTest()
    let request = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
    try server.send(
      frame.split(separator: "%", omittingEmptySubsequences: false)
        .joined(separator: request))
    #expect(try server.receive()["id"] == 1)
  }

  @Test func `a message may come in pieces, and several at once`() throws {
    let server = try ServerUnderTest()
    let request = Array(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#.utf8)
    for byte in request { try server.sendRaw([byte]) }
    try server.sendRaw([0x0A] + request + [0x0A] + request + [0x0A])
    for _ in 0..<3 { #expect(try server.receive()["id"] == 1) }
  }

  @Test func `a last line without an end is served`() throws {
    let server = try ServerUnderTest()
    try server.sendRaw(Array(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#.utf8))
    server.closeInput()
    #expect(try server.receiveRest().map { $0["id"] } == [1])
  }

  @Test func `a line over the limit is refused and skipped`() throws {
    let server = try ServerUnderTest()
    let chunk = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20)
    for _ in 0..<18 { try server.sendRaw(chunk) }
    try server.send(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
    try server.ping(id: 2)
    let refusal = try server.receive()
    #expect(refusal["id"] == .null)
    #expect(refusal["error"]?["code"]?.int == -32600)
    #expect(try server.receive()["id"] == 2)
  }

  @Test func `a large line comes back whole`() throws {
    let server = try ServerUnderTest.initialized()
    let body = String(repeating: "x\\\"é\n", count: 100_000)
    try server.call("echo", id: 1, arguments: ["body": .string(body)])
    #expect(try server.receive()["result"]?["structuredContent"]?["body"]?.string == body)
  }

  @Test func `a stranger's long method name is cut in the error`() throws {
    let server = try ServerUnderTest.initialized()
    let method = String(repeating: "m", count: 100_000)
    try server.send(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)"}"#)
    #expect(try server.receiveText().utf8.count < 300)
  }
}
