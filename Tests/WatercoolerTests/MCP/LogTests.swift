import Foundation
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct LogTests {
  private func logged(_ level: Log.Level, _ write: (Log) -> Void) throws -> String {
    let pipe = try TestPipe()
    write(Log(level: level, descriptor: pipe.writing))
    close(pipe.writing)
    var lines = LineReader(ClientStream(number: pipe.reading), limit: 10_000)
    var text = ""
    while case .text(let line)? = try lines.next() {
      text += String(decoding: line, as: UTF8.self) + "\n"
    }
    close(pipe.reading)
    return text
  }

  @Test(arguments: [
    (Log.Level.error, ["error"]), (.warning, ["error", "warning"]),
    (.info, ["error", "warning", "info"]), (.debug, ["error", "warning", "info", "debug"]),
  ])
  func `a log has the lines that its level asks for`(level: Log.Level, expected: [String]) throws {
    let text = try logged(level) { log in
      for level in Log.Level.allCases { log.write(level, "it is so") }
    }
    #expect(text == expected.map { "watercooler-mcp: \($0): it is so\n" }.joined())
  }

  @Test func `a message is one line without control characters`() throws {
    let text = try logged(.warning) { $0.write(.error, "a\nb\rc\u{1B}d") }
    #expect(text == "watercooler-mcp: error: a b c d\n")
  }

  @Test func `a trace mirrors both directions`() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("trace-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let server = try ServerUnderTest(trace: Trace(appendingTo: path))
    try server.ping(id: 1)
    server.closeInput()
    _ = try server.receiveRest()
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(
      lines.map { $0.drop { $0 != " " } } == [
        #" <- {"jsonrpc":"2.0","id":1,"method":"ping"}"#,
        #" -> {"jsonrpc":"2.0","id":1,"result":{}}"#,
      ])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }
}
