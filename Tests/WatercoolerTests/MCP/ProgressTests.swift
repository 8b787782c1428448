import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct ProgressTests {
  private let sent = Monitor<[JSON]>([])

  private func progress(_ revision: ProtocolRevision = .newestWithHandshake) -> Progress {
    Progress(
      token: "t", in: revision, every: .milliseconds(5), message: "at work"
    ) { [sent] notification in
      sent.withLock { $0.append(notification["params"] ?? .null) }
    }
  }

  private func wait(for count: Int) throws -> [JSON] {
    let all = sent.wait(until: .now + .seconds(30)) { $0.count >= count ? $0 : nil }
    return try #require(all)
  }

  @Test func `it grows, says what is done, and ends with the call`() throws {
    let progress = progress()
    _ = try wait(for: 2)
    progress.describe("waiting", total: 45)
    let before = sent.withLock { $0.count }
    _ = try wait(for: before + 2)
    progress.finish()
    let all = sent.withLock { $0 }
    let values = all.compactMap { $0["progress"]?.double }
    #expect(values.count == all.count)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    #expect(all.first?["message"] == "at work")
    #expect(all.first?["total"] == nil)
    #expect(all.last?["message"] == "waiting")
    #expect(all.last?["total"] == 45)
    #expect(all.allSatisfy { $0["progressToken"] == "t" })
    // Nothing after the end: as long as three of them took.
    _ = sent.wait(until: .now + .milliseconds(20)) { $0.count > all.count ? true : nil }
    #expect(sent.withLock { $0.count } == all.count)
  }

  @Test func `the first revision has no message`() throws {
    let progress = progress(.november2024)
    #expect(try wait(for: 1).first?["message"] == nil)
    progress.finish()
  }

  @Test func `a client that gives a token hears of a call that takes its time`() throws {
    let gate = Gate()
    let server = try ServerUnderTest.initialized(tools: [gate.tool])
    try server.request(
      "tools/call", id: 1, ["name": "gate", "_meta": ["progressToken": 7]])
    let told = try server.receive()
    #expect(told["method"] == "notifications/progress")
    #expect(told["params"]?["progressToken"] == 7)
    gate.open()
    var last = try server.receive()
    while last["method"] != nil { last = try server.receive() }
    #expect(last["id"] == 1)
  }
}
