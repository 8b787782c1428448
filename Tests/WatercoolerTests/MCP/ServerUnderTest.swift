import Foundation
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

/// A server in this process, and a client that talks to it through two real pipes.
final class ServerUnderTest: Sendable {
  private struct Received {
    var lines: [JSON] = []
    var isAtEnd = false
  }

  /// Only so that a broken server fails a test and does not hang it.
  private static var limit: ContinuousClock.Instant { .now + .seconds(30) }

  let server: Server
  private let toServer: TestPipe
  private let fromServer: TestPipe
  private let received = Monitor(Received())
  private let hasEnded = Monitor(false)

  init(
    tools: [Tool] = [.echo], aliases: [String: String] = [:], limits: Server.Limits = .init(),
    isReading: Bool = true, trace: Trace? = nil,
    _ change: (inout ServerDefinition) -> Void = { _ in }
  ) throws {
    toServer = try TestPipe()
    fromServer = try TestPipe()
    var definition = ServerDefinition(
      name: "test", title: "Test", version: "1.2.3", instructions: "Be kind.", tools: tools,
      aliases: aliases)
    change(&definition)
    server = Server(
      definition, input: toServer.reading, output: fromServer.writing, limits: limits,
      log: Log(level: .error), trace: trace)
    try startThread(named: "server under test") { [server, hasEnded, fromServer] in
      try? server.run()
      close(fromServer.writing)
      hasEnded.withLock { $0 = true }
    }
    if isReading { try startReading() }
  }

  /// A server that has agreed on `revision`.
  static func initialized(
    _ revision: ProtocolRevision = .newestWithHandshake, tools: [Tool] = [.echo],
    aliases: [String: String] = [:], limits: Server.Limits = .init(),
    _ change: (inout ServerDefinition) -> Void = { _ in }
  ) throws -> ServerUnderTest {
    let server = try ServerUnderTest(tools: tools, aliases: aliases, limits: limits, change)
    try server.send(
      """
      {"jsonrpc":"2.0","id":"i","method":"initialize","params":\
      {"protocolVersion":"\(revision.rawValue)","capabilities":{},\
      "clientInfo":{"name":"tester","version":"9"}}}
      """)
    #expect(try server.receive()["result"]?["protocolVersion"] == .string(revision.rawValue))
    return server
  }

  func send(_ line: String) throws { try send(Array(line.utf8)) }

  func send(_ line: [UInt8]) throws {
    try ClientStream(number: toServer.writing).write(line + [UInt8(ascii: "\n")])
  }

  func sendRaw(_ bytes: [UInt8]) throws { try ClientStream(number: toServer.writing).write(bytes) }

  func call(_ tool: String, id: JSON, arguments: JSON = [:]) throws {
    try send(
      ([
        "jsonrpc": "2.0", "id": id, "method": "tools/call",
        "params": ["name": .string(tool), "arguments": arguments],
      ] as JSON).serialized())
  }

  /// Sends a request of the stateless era.
  func ask(
    _ method: String, id: JSON, _ params: JSON = [:], version: String = "2026-07-28"
  ) throws {
    let meta: JSON = [
      "io.modelcontextprotocol/protocolVersion": .string(version),
      "io.modelcontextprotocol/clientCapabilities": [:],
      "io.modelcontextprotocol/clientInfo": ["name": "modern", "version": "1"],
    ]
    let all = (params.object ?? []) + [JSON.Member("_meta", meta)]
    try send(
      (["jsonrpc": "2.0", "id": id, "method": .string(method), "params": .object(all)] as JSON)
        .serialized())
  }

  func request(_ method: String, id: JSON, _ params: JSON = [:]) throws {
    try send(
      (["jsonrpc": "2.0", "id": id, "method": .string(method), "params": params] as JSON)
        .serialized())
  }

  func notify(_ method: String, _ params: JSON = [:]) throws {
    try send(Notification(method: method, params: params).json.serialized())
  }

  func ping(id: JSON) throws {
    try send((["jsonrpc": "2.0", "id": id, "method": "ping"] as JSON).serialized())
  }

  /// The next line from the server.
  func receive() throws -> JSON {
    let line: JSON?? = received.wait(until: Self.limit) { received in
      if !received.lines.isEmpty { return received.lines.removeFirst() }
      return received.isAtEnd ? .some(nil) : nil
    }
    return try #require(line ?? nil, "the server sent nothing")
  }

  /// The next line, as it was written.
  func receiveText() throws -> String { try receive().description }

  /// Everything that comes until the server has ended.
  func receiveRest() throws -> [JSON] {
    let lines = received.wait(until: Self.limit) { $0.isAtEnd ? $0.lines : nil }
    return try #require(lines, "the server did not end")
  }

  func startReading() throws {
    try startThread(named: "client") { [received, fromServer] in
      var lines = LineReader(ClientStream(number: fromServer.reading), limit: 64 << 20)
      while case .text(let line)? = try? lines.next() {
        let json = (try? JSON(parsing: line)) ?? .string("not JSON: \(line)")
        received.withLock { $0.lines.append(json) }
      }
      received.withLock { $0.isAtEnd = true }
    }
  }

  /// Closes the client's side: the server sees the end of its input.
  func closeInput() { close(toServer.writing) }

  /// Closes the other one: the server can write no more.
  func closeOutput() { close(fromServer.reading) }

  func waitForEnd() throws {
    try #require(hasEnded.wait(until: Self.limit) { $0 ? true : nil } != nil)
  }
}

/// Two descriptors that no child of another test inherits.
struct TestPipe {
  let reading: Int32
  let writing: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    reading = ends[0]
    writing = ends[1]
  }
}

extension Tool {
  /// A tool that only has a name and some code.
  static func test(
    _ name: String, timeLimit: Duration = .seconds(60), metadata: JSON? = nil,
    run: @escaping @Sendable (ToolCall) throws -> ToolResult
  ) -> Tool {
    Tool(
      name: name, title: "The \(name)", description: "Does \(name).",
      inputSchema: ["type": "object"], outputSchema: ["type": "object"],
      annotations: .init(
        isReadOnly: true, isDestructive: false, isIdempotent: true, isOpenWorld: false),
      metadata: metadata, timeLimit: timeLimit, run: run)
  }

  /// Gives its arguments back.
  static let echo = Tool.test("echo") { call in
    ToolResult(text: call.arguments.description, structured: call.arguments)
  }
}

/// Holds calls of its tool until it is opened or they are called off.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var entered = 0
    var left = 0
  }

  private let state = Monitor(State())

  var tool: Tool {
    Tool.test("gate") { call in
      self.state.withLock { $0.entered += 1 }
      defer { self.state.withLock { $0.left += 1 } }
      let cancellation = call.deadline.cancellation
      cancellation.withHandler({ self.state.withLock { _ in } }) {
        _ = self.state.wait { $0.isOpen || cancellation.isCancelled ? true : nil }
      }
      try call.deadline.check()
      return ToolResult(text: "through", structured: ["through": true])
    }
  }

  func open() { state.withLock { $0.isOpen = true } }

  func waitUntilEntered(_ count: Int) throws {
    let isReached = state.wait(until: .now + .seconds(30)) { $0.entered >= count ? true : nil }
    try #require(isReached != nil)
  }

  func waitUntilLeft(_ count: Int) throws {
    let isReached = state.wait(until: .now + .seconds(30)) { $0.left >= count ? true : nil }
    try #require(isReached != nil)
  }
}
