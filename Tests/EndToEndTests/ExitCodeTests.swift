import Foundation
import Testing

@testable import Watercooler

/// One meaning per exit code, results on standard output, everything else on standard error.
@Suite struct ExitCodeTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    _ = try sandbox.wc("say", "topic", "--as", "Claude", "-m", "Hello").succeeded()
  }

  @Test(arguments: [
    ["help"], ["--help"], ["-h"], ["version"], ["--version"], ["init"], ["list"],
    ["list", "--json"], ["read", "topic"], ["read", "topic", "--json"], ["read", "topic", "--raw"],
    ["search", "hello"], ["debug", "dump", "topic"], ["whoami"], ["config"], ["config", "--show"],
    ["config", "timeout"],
    ["say", "topic", "-m", "x"], ["ack", "topic"], ["handoff", "topic"],
    ["status", "topic", "closed"], ["ball", "topic", "Claude"], ["reindex"], ["web-export"],
    ["init-thread", "topic"], ["unlock", "topic"], ["say", "--help"], ["help", "say"],
    ["say", "topic", "-m", "x", "--if-ball", "codex"],
  ])
  func `0 is done: a result, and not a word beside it`(arguments: [String]) throws {
    let outcome = try sandbox.run("watercooler", arguments)
    #expect(outcome.code == 0)
    #expect(!outcome.out.isEmpty)
    #expect(outcome.errors.isEmpty)
  }

  @Test(arguments: [
    ["read", "nowhere"], ["ack", "nowhere"], ["status", "nowhere", "x"], ["ball", "nowhere", "x"],
    ["read", "a/b"], ["say", "topic"], ["say", "topic", "-F", "nowhere"],
    ["say", "topic", "-m", "x", "--entry-id", "x"], ["config", "nowhere"], ["read", "--", "-x"],
    ["debug", "dump", "nowhere"],
  ])
  func `1 is failed: an error, and no result`(arguments: [String]) throws {
    try expectError(1, arguments)
  }

  @Test(arguments: [
    ["nonsense"], ["say"], ["say", "topic", "a", "b"], ["say", "topic", "--nonsense"],
    ["say", "topic", "-m"], ["read"], ["read", "topic", "--last", "x"], ["help", "nonsense"],
    ["read", "topic", "--last", "-1"], ["list", "x"], ["list", "--json=x"], ["search"],
    ["status", "topic"], ["ball", "topic"], ["config", "a", "b", "c"], ["say", "topic", "-x"],
    ["--nonsense"], [""],
    ["debug"], ["debug", "dump"], ["debug", "read", "topic"], ["debug", "dump", "topic", "x"],
  ])
  func `2 is usage: an error, and no result`(arguments: [String]) throws {
    try expectError(2, arguments)
  }

  @Test(arguments: [
    ["say", "topic", "-m", "x", "--if-ball", "Claude"],
    ["ack", "topic", "--expect", "01M7XX0F93F0WMC16VMVX7YP8Z"],
    ["say", "new", "-m", "x", "--if-ball", "Claude"],
  ])
  func `3 is a condition that was not met`(arguments: [String]) throws {
    try expectError(3, arguments)
  }

  /// Nothing is printed as a result, nothing is written.
  private func expectError(_ code: Int32, _ arguments: [String]) throws {
    let before = try sandbox.read("threads/topic.md")
    let outcome = try sandbox.run("watercooler", arguments)
    #expect(outcome.code == code)
    #expect(outcome.out.isEmpty)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.first?.hasPrefix("error: ") == true)
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("hint: ") })
    #expect(lines.count <= 2)
    #expect(try sandbox.names(in: "threads") == ["topic.md"])
    #expect(try sandbox.read("threads/topic.md") == before)
  }

  @Test func `a reader that has seen enough is no error`() throws {
    let body = String(repeating: "a line\n", count: 100_000)
    _ = try sandbox.wc("say", "topic", "-", input: body).succeeded()
    let script = "{ wc read topic; echo $? >code; } | head -n 1"
    let outcome = try sandbox.shell(script).succeeded()
    #expect(outcome.text == "# Hello\n")
    #expect(try sandbox.read("work/code") == "0\n")
  }

  @Test func `output that cannot be written is an error`() throws {
    try #require(FileManager.default.fileExists(atPath: "/dev/null"))
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let outcome = try sandbox.shell("wc read topic >/dev/full")
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("error: cannot write standard output: no space left"))
  }

  @Test func `a closed standard input or output does no harm`() throws {
    #expect(try sandbox.shell("wc list <&-").code == 0)
    _ = try sandbox.shell("wc say topic -m closed >&-")
    _ = try sandbox.shell("wc say topic -m closed 2>&-")
    #expect(try sandbox.entries(of: "topic").map(\.body.string) == ["Hello", "closed", "closed"])
  }
}
