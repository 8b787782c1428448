import Foundation
import Testing

@testable import Watercooler

/// What scripts of the Python `watercooler` CLI rely on, under both names of the program.
@Suite struct LegacyCLITests {
  static let names = ["watercooler", "wc"]

  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  /// Runs a call as such a script does: with the directory as an option, which need not exist.
  private func call(_ program: String, _ arguments: String...) throws -> Outcome {
    try sandbox.run(
      program, arguments + ["--threads-dir", sandbox.threads], with: ["WATERCOOLER_DIR": ""])
  }

  private func file(_ topic: String) throws -> String { try sandbox.read("threads/\(topic).md") }

  @Test(arguments: names) func `--help shows how it is used`(program: String) throws {
    let outcome = try sandbox.run(program, ["--help"]).succeeded()
    #expect(outcome.text.lowercased().contains("usage:"))
  }

  @Test(arguments: names) func `init-thread makes a thread once`(program: String) throws {
    let first = try call(
      program, "init-thread", "topic", "--status", "in-progress", "--ball", "claude", "--title",
      "A title", "--body", "What it is about"
    ).succeeded()
    #expect(first.text == sandbox.threads + "/topic.md\n")
    let made = try file("topic")
    for part in ["in-progress", "claude", "A title", "What it is about"] {
      #expect(made.contains(part))
    }
    let second = try call(program, "init-thread", "topic", "--body", "else").succeeded()
    #expect(second.text == first.text)
    #expect(try file("topic") == made)
  }

  @Test(arguments: names) func `init-thread takes its text from a file`(program: String) throws {
    let body = try sandbox.write("from a file\n", to: "work/body.txt")
    _ = try call(program, "init-thread", "topic", "--body", "@" + body).succeeded()
    #expect(try file("topic").contains("from a file\n"))
  }

  @Test(arguments: names, ["say", "append-entry"])
  func `say adds an entry and passes the ball on`(program: String, command: String) throws {
    func say(_ agent: String, _ more: String...) throws -> Outcome {
      try sandbox.run(
        program,
        [
          command, "topic", "--agent", agent, "--role", "critic", "--title", "A title", "--body",
          "Hi from \(agent)", "--type", "Plan", "--threads-dir", sandbox.threads,
        ] + more)
    }
    #expect(try say("codex").succeeded().text == sandbox.threads + "/topic.md\n")
    let first = try file("topic")
    for part in [
      "Entry: Codex (alice) ", "Role: critic", "Type: Plan", "Title: A title", "Hi from codex",
      "\nball: Claude\n",
    ] {
      #expect(first.contains(part))
    }
    _ = try say("CLAUDE").succeeded()
    #expect(try file("topic").contains("\nball: Codex"))
    #expect(try file("topic").contains("Entry: Claude (alice) "))
    _ = try say("Claude", "--ball", "Team", "--status", "blocked").succeeded()
    #expect(try file("topic").contains("\nball: Team\n"))
    #expect(try file("topic").contains("\nstatus: BLOCKED\n"))
  }

  @Test(arguments: names)
  func `agents with digits, long bodies and no role are taken`(program: String) throws {
    let body = String(repeating: "word ", count: 1000) + "end"
    _ = try call(program, "say", "topic", "--agent", "Agent7", "--title", "T", "--body", body)
      .succeeded()
    #expect(try file("topic").contains(body))
    #expect(try file("topic").contains("Entry: Agent7 (alice) "))
    #expect(try file("topic").contains("Role: implementer"))
  }

  @Test(arguments: names) func `a body is never guessed to be a path`(program: String) throws {
    let path = try sandbox.write("secret\n", to: "work/body.txt")
    _ = try call(program, "say", "topic", "--title", "T", "--body", path).succeeded()
    #expect(try file("topic").contains("\n\(path)\n"))
    #expect(try !file("topic").contains("secret"))
  }

  @Test(arguments: names) func `ack leaves the ball where it is`(program: String) throws {
    _ = try call(program, "say", "topic", "--agent", "Claude", "--body", "b").succeeded()
    #expect(try call(program, "ack", "topic").succeeded().line.hasSuffix("topic.md"))
    let entry = try #require(try sandbox.entries(of: "topic").last)
    #expect(entry.title?.text == "Ack")
    #expect(entry.body.string == "ack")
    #expect(try file("topic").contains("\nball: Codex\n"))
  }

  @Test(arguments: names) func `handoff gives the ball to the counterpart`(program: String) throws {
    _ = try call(program, "say", "topic", "--agent", "Claude", "--body", "b").succeeded()
    _ = try call(program, "handoff", "topic", "--agent", "Codex", "--note", "Yours").succeeded()
    let entry = try #require(try sandbox.entries(of: "topic").last)
    #expect(entry.title?.text == "Handoff to Claude (alice)")
    #expect(entry.body.string == "Yours")
    #expect(try file("topic").contains("\nball: Claude (alice)\n"))
  }

  @Test(arguments: names)
  func `without an agent, handoff is of whoever has the ball`(program: String) throws {
    _ = try call(program, "say", "topic", "--agent", "Claude", "--body", "b").succeeded()
    _ = try call(program, "say", "topic", "--agent", "Codex", "--body", "c").succeeded()
    #expect(try file("topic").contains("\nball: Claude (alice)\n"))
    _ = try call(program, "handoff", "topic", "--note", "Yours").succeeded()
    #expect(try file("topic").contains("\nball: Codex (alice)\n"))
  }

  @Test(arguments: names)
  func `options of the Python CLI are taken, and said to do nothing`(program: String) throws {
    let registry = try sandbox.write(
      #"{"counterpart": {"zoe": "Yan"}, "canonical": {"zoe": "ZOE"}}"#, to: "work/agents.json")
    let said = try call(
      program, "say", "topic", "--agent", "zoe", "--body", "b", "--agents-file", registry,
      "--templates-dir", "templates", "--code-path", ".")
    #expect(said.code == 0)
    #expect(said.errors.contains("--templates-dir does nothing here"))
    #expect(said.errors.contains("--code-path does nothing here"))
    #expect(try file("topic").contains("Entry: ZOE (alice) "))
    #expect(try file("topic").contains("\nball: Yan\n"))
    let status = try call(program, "sync", "--status").succeeded()
    #expect(status.text.hasPrefix("0 waiting"))
    #expect(!(try call(program, "help", "say").text.contains("--code-path")))
  }

  @Test(arguments: names) func `say reads its body from a pipe`(program: String) throws {
    let call = "echo hi | \(program) say topic --threads-dir '\(sandbox.threads)'"
    _ = try sandbox.shell(call).succeeded()
    #expect(try sandbox.entries(of: "topic").map(\.body.string) == ["hi"])
    for nothing in ["</dev/null", "<&-"] {
      let outcome = try sandbox.shell("\(program) say topic \(nothing)")
      #expect(outcome.code == 1 && outcome.errors.contains("there is nothing to say"))
    }
    // Whoever starts programs may leave a pipe open that says nothing.
    let open = try sandbox.shell("sleep 8 | \(program) say topic; echo $?")
    #expect(open.text == "1\n" && open.errors.contains("there is nothing to say"))
  }

  @Test(arguments: names)
  func `what is said names the command and the program that were typed`(program: String) throws {
    for (typed, words) in [
      (["append-entry"], "'append-entry' wants TOPIC"),
      (["append-entry", "a", "b"], "'append-entry' does not take 'b'"),
      (["set-ball", "a"], "'set-ball' wants AGENT"),
      (["set-status", "--nonsense"], "'set-status' has no option '--nonsense'"),
    ] {
      let outcome = try sandbox.run(program, typed)
      #expect(outcome.code == 2 && outcome.errors.contains(words), "\(outcome.errors)")
    }
    #expect(
      try sandbox.run(program, ["nonsense"]).errors.contains("'\(program) help'") || program == "wc"
    )
    #expect(try call(program, "read", "nowhere").errors.contains("'\(program) "))
    let help = try sandbox.run(program, ["help", "say"]).text
    #expect(help.contains("usage: \(program) say ") && help.contains("\n  \(program) say "))
    let manual = try sandbox.run(program, ["help", "--man"]).text
    let other = program == "wc" ? "watercooler say" : "wc say"
    #expect(manual.contains("\(program) say") && !manual.contains(other))
  }

  @Test(arguments: names) func `handoff makes a missing thread`(program: String) throws {
    _ = try call(program, "handoff", "topic", "--agent", "Claude").succeeded()
    #expect(try sandbox.entries(of: "topic").map { $0.title?.text } == ["Handoff to Codex"])
    #expect(try file("topic").contains("\nball: Codex\n"))
  }

  @Test(arguments: names) func `set-status writes capitals`(program: String) throws {
    _ = try call(program, "init-thread", "topic").succeeded()
    _ = try call(program, "set-status", "topic", "in-progress").succeeded()
    #expect(try file("topic").contains("\nstatus: IN-PROGRESS\n"))
  }

  @Test(arguments: names) func `set-status makes no thread`(program: String) throws {
    _ = try call(program, "init-thread", "other").succeeded()
    let outcome = try call(program, "set-status", "topic", "closed")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("not found"))
    #expect(try sandbox.names(in: "threads") == ["other.md"])
  }

  @Test(arguments: names)
  func `set-ball stores the name as it is given, and makes a thread`(program: String) throws {
    _ = try call(program, "set-ball", "topic", "claude").succeeded()
    #expect(try file("topic").contains("\nball: claude\n"))
    _ = try call(program, "set-ball", "topic", "codex").succeeded()
    #expect(try file("topic").contains("\nball: codex\n"))
  }

  @Test(arguments: names) func `an empty directory lists nothing`(program: String) throws {
    #expect(try call(program, "list").succeeded().text.isEmpty)
    try sandbox.makeDirectory("threads")
    #expect(try call(program, "list").succeeded().text.isEmpty)
  }

  @Test(arguments: names) func `list has six columns in a pipe`(program: String) throws {
    _ = try call(program, "say", "one", "--agent", "Claude", "--title", "A\tB", "--body", "b")
    _ = try call(program, "init-thread", "two", "--ball", "Claude").succeeded()
    let rows = try call(program, "list").succeeded().text.split(separator: "\n")
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    #expect(rows.map(\.count) == [6, 6])
    let one = try #require(rows.first { $0[5].hasSuffix("/one.md") })
    #expect(one[0].wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    #expect(one[1...] == ["open", "Codex", "NEW", "A B", sandbox.threads + "/one.md"])
    let two = try #require(rows.first { $0[5].hasSuffix("/two.md") })
    #expect(two[1...4] == ["open", "Claude", "", "two"])
  }

  @Test(
    arguments: names, ["done", "closed", "merged", "resolved", "abandoned", "OBSOLETE", "open"])
  func `list knows what is closed`(program: String, status: String) throws {
    _ = try call(program, "init-thread", "topic", "--status", status).succeeded()
    let isOpen = status == "open"
    #expect(try call(program, "list", "--open-only").succeeded().text.isEmpty == !isOpen)
    #expect(try call(program, "list", "--closed").succeeded().text.isEmpty == isOpen)
  }

  @Test(arguments: names) func `search shows path, line and text`(program: String) throws {
    _ = try call(program, "say", "topic", "--title", "T", "--body", "one\nThe DeadLine is near")
      .succeeded()
    let lines = try file("topic").components(separatedBy: "\n")
    let number = try #require(lines.firstIndex { $0.hasPrefix("The DeadLine") }) + 1
    #expect(
      try call(program, "search", "deadline").succeeded().text
        == "\(sandbox.threads)/topic.md:\(number): The DeadLine is near\n")
    #expect(try call(program, "search", "nowhere").succeeded().text.isEmpty)
  }

  @Test(arguments: names, [nil, "out/index.txt"])
  func `reindex writes a table and prints its path`(program: String, out: String?) throws {
    for topic in ["one", "two"] { _ = try call(program, "init-thread", topic).succeeded() }
    let path = try index(program, "reindex", out: out)
    let table = try #require(FileManager.default.contents(atPath: path))
    for part in ["one.md", "two.md", "---|---"] {
      #expect(String(decoding: table, as: UTF8.self).contains(part))
    }
  }

  @Test(arguments: names, [nil, "out/index.html"])
  func `web-export writes an escaped page`(program: String, out: String?) throws {
    _ = try call(program, "init-thread", "one", "--title", "<b>&").succeeded()
    _ = try call(program, "init-thread", "two").succeeded()
    let path = try index(program, "web-export", out: out)
    let page = String(
      decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
    for part in ["<table", "one.md", "two.md", "&lt;b&gt;&amp;"] { #expect(page.contains(part)) }
    #expect(!page.contains("<b>"))
  }

  /// Makes an index and gives back its path, which must not be among the threads.
  private func index(_ program: String, _ command: String, out: String?) throws -> String {
    let before = try sandbox.names(in: "threads")
    let options = out.map { ["--out", $0] } ?? []
    let path = try sandbox.run(
      program, [command, "--threads-dir", sandbox.threads] + options
    ).succeeded().line
    #expect(path.hasPrefix(out.map { sandbox.path("work/" + $0) } ?? sandbox.home + "/"))
    #expect(try sandbox.names(in: "threads") == before)
    return path
  }

  @Test(arguments: names) func `unlock finds nothing to break`(program: String) throws {
    _ = try call(program, "init-thread", "topic").succeeded()
    let lines = try call(program, "unlock", "topic").succeeded().text.split(separator: "\n")
    #expect(lines.first?.hasPrefix("Lock path: /") == true)
    #expect(lines.last == "No lock file present.")
  }

  @Test(arguments: names) func `an error is a line and a code`(program: String) throws {
    let unknown = try call(program, "ack", "nowhere")
    #expect(unknown.code == 1)
    #expect(unknown.errors.hasPrefix("error: thread 'nowhere' not found\n"))
    #expect(try call(program, "say").code == 2)
    #expect(try call(program, "say", "topic", "--nonsense").code == 2)
  }
}
