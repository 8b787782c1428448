import Foundation
import Testing

@testable import Platform
@testable import Watercooler

/// The main job: an agent at the server and a person at the terminal leave each other messages.
@Suite struct BothProgramsTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  /// A server that a client has greeted.
  private func server() throws -> RunningProgram {
    let server = try RunningProgram("watercooler-mcp", ["--agent", "Claude"], in: sandbox)
    try server.send(
      #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","#
        + #""capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#)
    let reply = try JSON(parsing: Array(try #require(server.line()).utf8))
    #expect(reply["result"]?["serverInfo"]?["name"]?.string == "watercooler")
    try server.send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    return server
  }

  /// Calls a tool and gives back its result.
  private func call(
    _ tool: String, _ arguments: String, id: Int = 1, of server: RunningProgram
  ) throws -> JSON {
    try server.send(
      #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":"#
        + #"{"name":"watercooler_v1_\#(tool)","arguments":\#(arguments)}}"#)
    let reply = try JSON(parsing: Array(try #require(server.line()).utf8))
    #expect(reply["id"]?.int == id)
    return try #require(reply["result"])
  }

  @Test func `what an agent says a person reads`() throws {
    let server = try server()
    let result = try call(
      "say", #"{"topic":"plan","title":"Friday?","body":"Shall we?\n\n- [ ] köln"}"#, of: server)
    #expect(result["isError"]?.bool != true)
    let id = try #require(result["structuredContent"]?["entry_id"]?.string)
    let thread = try #require(try sandbox.wc("read", "plan", "--json").succeeded().json["thread"])
    let entry = try #require(thread["entries"]?.array?.first)
    #expect(entry["entry_id"]?.string == id)
    #expect(entry["agent"]?.string == "Claude (alice)")
    #expect(entry["title"]?.string == "Friday?")
    #expect(entry["body"]?.string == "Shall we?\n\n- [ ] köln")
    #expect(thread["ball"]?.string == "Codex")
    #expect(try server.end() == 0)
  }

  @Test func `what a person says an agent reads`() throws {
    let server = try server()
    #expect(try call("list_threads", "{}", id: 1, of: server)["isError"]?.bool != true)
    _ = try sandbox.wc("say", "plan", "--as", "Codex", "-m", "Yes, on Friday.").succeeded()
    let result = try call("read_thread", #"{"topic":"plan"}"#, id: 2, of: server)
    let entries = try #require(result["structuredContent"]?["entries"]?.array)
    #expect(entries.map { $0["body"]?.string } == ["Yes, on Friday."])
    let text = try #require(result["content"]?.array?.first?["text"]?.string)
    #expect(text.contains("Yes, on Friday."))
    #expect(try server.end() == 0)
  }

  @Test func `they answer each other`() throws {
    let server = try server()
    for round in 0..<5 {
      let result = try call(
        "say", #"{"topic":"plan","title":"t","body":"agent \#(round)"}"#, id: round, of: server)
      #expect(result["structuredContent"]?["entry_count"]?.int == 2 * round + 1)
      _ = try sandbox.wc(
        "say", "plan", "--as", "Codex", "-m", "person \(round)", "--if-ball", "Codex"
      ).succeeded()
    }
    let bodies = try sandbox.entries(of: "plan").map(\.body.string)
    #expect(bodies == (0..<5).flatMap { ["agent \($0)", "person \($0)"] })
    #expect(try server.end() == 0)
  }

  @Test func `an entry that both send under one identity is there once`() throws {
    let id = "01M7XX0F93F0WMC16VMVX7YP8Z"
    let server = try server()
    _ = try sandbox.wc(
      "say", "plan", "--as", "Claude", "-t", "t", "-m", "text", "--entry-id", id
    ).succeeded()
    let result = try call(
      "say", #"{"topic":"plan","title":"t","body":"text","entry_id":"\#(id)"}"#, of: server)
    #expect(result["structuredContent"]?["written"]?.bool == false)
    #expect(try sandbox.entries(of: "plan").count == 1)
    #expect(try server.end() == 0)
  }

  @Test func `both name an error alike`() throws {
    let server = try server()
    _ = try sandbox.wc("init-thread", "release-plan").succeeded()
    let result = try call("read_thread", #"{"topic":"relase-plan"}"#, of: server)
    #expect(result["isError"]?.bool == true)
    let text = try #require(result["content"]?.array?.first?["text"]?.string)
      .lowercased()
    for part in ["thread 'relase-plan' not found", "did you mean 'release-plan'?"] {
      #expect(text.contains(part))
      #expect(try sandbox.wc("read", "relase-plan").errors.contains(part))
    }
    #expect(try server.end() == 0)
  }

  @Test func `a server whose input ends answers all it was asked`() throws {
    let server = try server()
    for id in 1...20 {
      try server.send(
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"#
          + #""watercooler_v1_say","arguments":{"topic":"plan","title":"t","body":"\#(id)"}}}"#)
    }
    #expect(try server.end() == 0)
    var answered = 0
    while server.line() != nil { answered += 1 }
    #expect(answered == 20)
    #expect(try sandbox.entries(of: "plan").count == 20)
  }
}
