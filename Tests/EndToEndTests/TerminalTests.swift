import Foundation
import Testing

@testable import Watercooler

/// What is different for a person at a terminal.
@Suite struct TerminalTests {
  private let sandbox: Sandbox
  private let terminal: PseudoTerminal

  init() throws {
    sandbox = try Sandbox()
    terminal = try PseudoTerminal()
  }

  /// Runs a command with its input, output and errors at the terminal.
  private func type(_ call: String) throws -> (code: Int32, screen: String) {
    let code = try sandbox.shell(
      "{ \(call); } <$TERMINAL >$TERMINAL 2>$TERMINAL",
      with: [
        "TERMINAL": terminal.path
      ]
    ).code
    return (code, terminal.screen())
  }

  @Test(arguments: ["wc", "watercooler"])
  func `a name alone shows the help`(program: String) throws {
    let (code, screen) = try type(program)
    #expect(code == 0)
    #expect(screen.contains("usage: \(program) COMMAND"))
  }

  @Test func `a misspelt command is not counted`() throws {
    let (code, screen) = try type("wc sya topic")
    #expect(code == 2)
    #expect(screen == "error: there is no command 'sya'\nhint: did you mean 'say'?\n")
  }

  @Test(arguments: ["wc sya", "wc -l sya", "wc ./sya", "cat sya | wc"])
  func `what can be counted is counted`(call: String) throws {
    try sandbox.write("one\ntwo\n", to: "work/sya")
    let (code, screen) = try type(call)
    #expect(code == 0)
    #expect(screen.contains("2"))
    #expect(!screen.contains("error"))
  }

  @Test func `a write says what became of it, and a script sees the path alone`() throws {
    let (code, screen) = try type("wc say topic --as Claude -m Hello >path")
    #expect(code == 0)
    #expect(try sandbox.read("work/path") == sandbox.threads + "/topic.md\n")
    #expect(
      screen == """
        entry 0 added to 'topic'; the ball is with Codex
        Saved on this machine (local mode, nothing is shared)

        """)
  }

  @Test func `nobody's words move the cursor`() throws {
    let body = "\u{1B}[2J\u{1B}]0;title\u{07} \u{9B}31m red\u{7F}"
    _ = try sandbox.wc("say", "topic", "-t", "\u{1B}[31mred", "-", input: body).succeeded()
    for call in ["wc read topic", "wc list", "wc search red", "wc read topic --json"] {
      let screen = try type(call).screen
      #expect(screen.contains("red"), "\(call)")
      let codes = screen.unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }
      #expect(codes.isEmpty, "\(call)")
      #expect(!screen.unicodeScalars.contains { (0x7F...0x9F).contains($0.value) }, "\(call)")
    }
  }

  @Test func `an error does not repeat a control code`() throws {
    let screen = try type("wc read \"$(printf '\\033[31mred')\"").screen
    #expect(screen.hasPrefix("error: topic "))
    #expect(!screen.contains("\u{1B}"))
  }
}
