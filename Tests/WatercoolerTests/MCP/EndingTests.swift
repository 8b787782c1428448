import Foundation
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct EndingTests {
  private let list = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#

  @Test func `the server ends when its input does`() throws {
    let server = try ServerUnderTest()
    server.closeInput()
    #expect(try server.receiveRest() == [])
    try server.waitForEnd()
  }

  @Test func `at the end of the input what runs is finished and answered`() throws {
    let gate = Gate()
    let server = try ServerUnderTest.initialized(tools: [gate.tool])
    try server.call("gate", id: 1)
    try gate.waitUntilEntered(1)
    server.closeInput()
    gate.open()
    #expect(try server.receiveRest().map { $0["result"]?["isError"] } == [false])
  }

  @Test(arguments: [true, false])
  func `what does not finish in time is called off, and that is said`(isStopped: Bool) throws {
    let gate = Gate()
    var limits = Server.Limits()
    limits.ending = .milliseconds(500)
    let server = try ServerUnderTest.initialized(tools: [gate.tool], limits: limits)
    try server.call("gate", id: 1)
    try gate.waitUntilEntered(1)
    if isStopped { server.server.stop() } else { server.closeInput() }
    let text = try server.receive()["result"]?["content"]?.array?.first?["text"]
    #expect(text == "Error: gate was called off before it was done")
    #expect(try server.receiveRest() == [])
  }

  @Test func `a call that heeds nothing does not keep the server`() throws {
    let gate = Gate()
    var limits = Server.Limits()
    limits.ending = .milliseconds(50)
    let deaf = Tool.test("deaf") { call in
      try gate.tool.run(
        ToolCall(
          arguments: [:],
          context: CallContext(clientInfo: nil, deadline: .after(.seconds(60)))))
    }
    let server = try ServerUnderTest.initialized(tools: [deaf], limits: limits)
    try server.call("deaf", id: 1)
    try gate.waitUntilEntered(1)
    server.closeInput()
    #expect(try server.receiveRest() == [])
    gate.open()
  }

  @Test func `no new work is begun once the server is stopped`() throws {
    let server = try ServerUnderTest.initialized()
    server.server.stop()
    try server.waitForEnd()
    try server.call("echo", id: 1)
    #expect(try server.receiveRest() == [])
  }

  @Test func `the server ends when nobody reads its replies`() throws {
    let server = try ServerUnderTest(isReading: false)
    server.closeOutput()
    try server.ping(id: 1)
    try server.waitForEnd()
  }

  @Test func `calls are called off when nobody reads their replies`() throws {
    let gate = Gate()
    let server = try ServerUnderTest(tools: [gate.tool], isReading: false)
    try server.send(#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#)
    try server.call("gate", id: 1)
    try gate.waitUntilEntered(1)
    server.closeOutput()
    try server.ping(id: 2)
    try gate.waitUntilLeft(1)
    try server.waitForEnd()
  }

  @Test func `a client that stops reading holds the server up and loses nothing`() throws {
    var limits = Server.Limits()
    limits.queuedBytes = 4096
    let server = try ServerUnderTest(limits: limits, isReading: false)
    try startThread(named: "sender") {
      for id in 0..<5000 { try? server.ping(id: JSON(id)) }
      server.closeInput()
    }
    try server.startReading()
    #expect(try server.receiveRest().map { $0["id"]?.int } == Array(0..<5000))
  }

  @Test(arguments: [true, false])
  func `a client that reads nothing does not keep the server from ending`(
    isStopped: Bool
  ) throws {
    var limits = Server.Limits()
    limits.queuedBytes = 4096
    limits.patience = .milliseconds(20)
    limits.ending = .milliseconds(50)
    let server = try ServerUnderTest(limits: limits, isReading: false)
    try server.send(#"{"jsonrpc":"2.0","id":0,"method":"initialize"}"#)
    for _ in 0..<1000 { try server.send(list) }
    if isStopped { server.server.stop() } else { server.closeInput() }
    try server.waitForEnd()
  }

  @Test func `a signal to terminate is a call on a thread`() throws {
    let isReceived = Monitor(false)
    try TerminationSignal.whenReceived { isReceived.withLock { $0 = true } }
    kill(getpid(), SIGTERM)
    #expect(isReceived.wait(until: .now + .seconds(30)) { $0 ? true : nil } == true)
  }
}
