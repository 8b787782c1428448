import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// A minute: far longer than any of these children needs.
func soon() -> Deadline { .after(.seconds(60)) }

/// A shell script as a command.
func shell(_ script: String, input: Command.Input = .nothing) -> Command {
  Command(
    "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], input: input)
}

extension CommandResult {
  var text: String { String(decoding: stdout, as: UTF8.self) }
}

@Suite struct CommandTests {
  @Test func `a child's output and exit code come back`() throws {
    let result = try shell("echo out; echo err >&2; exit 3").run(until: soon())
    #expect(result.status == .exited(3))
    #expect(result.text == "out\n")
    #expect(result.stderr == Array("err\n".utf8))
    #expect(!result.succeeded && result.stdoutDiscarded == 0)
  }

  @Test(arguments: [("TERM", SIGTERM), ("KILL", SIGKILL)])
  func `a child that dies by a signal says which`(name: String, number: Int32) throws {
    let result = try shell("kill -\(name) $$").run(until: soon())
    #expect(result.status == .signalled(number))
  }

  @Test func `a child that floods both pipes is read to the end`() throws {
    let flood = "head -c 5000000 /dev/zero"
    let result = try shell("\(flood) & \(flood) >&2; wait").run(until: soon())
    #expect(result.stdout.count == 5_000_000)
    #expect(result.stderr.count == 5_000_000)
  }

  @Test func `output beyond the limit is counted and not kept`() throws {
    var command = shell("head -c 3000000 /dev/zero; echo short >&2")
    command.outputLimit = 1000
    let result = try command.run(until: soon())
    #expect(result.succeeded)
    #expect(result.stdout.count == 1000)
    #expect(result.stdoutDiscarded == 2_999_000)
    #expect(result.stderr.count == 6 && result.stderrDiscarded == 0)
  }

  @Test func `a daemon that holds the pipes is not waited for`() throws {
    let result = try shell("sleep 600 & echo $!; echo err >&2").run(until: soon())
    let daemon = try #require(pid_t(result.text.dropLast()))
    defer { kill(daemon, SIGKILL) }
    #expect(isAlive(daemon))
    #expect(result.succeeded && result.stderr == Array("err\n".utf8))
  }

  @Test func `a daemon that goes on printing is not waited for`() throws {
    let directory = try TemporaryDirectory()
    let script =
      "(trap '' PIPE; while :; do yes 2>/dev/null; done) & echo $! >\(directory.path)/pid"
    let result = try shell(script).run(until: soon())
    let daemon = try #require(directory.pid("pid"))
    defer { kill(daemon, SIGKILL) }
    #expect(isAlive(daemon))
    #expect(result.succeeded)
  }

  @Test func `a child that wants input finds its end`() throws {
    let result = try shell("cat; echo end").run(until: soon())
    #expect(result.text == "end\n")
  }

  @Test func `given input arrives whole`() throws {
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let result = try Command("/bin/cat", input: .bytes(bytes)).run(until: soon())
    #expect(result.stdout == bytes)
  }

  @Test func `a child that reads nothing of its input is no error`() throws {
    let bytes = [UInt8](repeating: 0, count: 1_000_000)
    let result = try shell("exec <&-; echo done", input: .bytes(bytes)).run(until: soon())
    #expect(result.succeeded && result.text == "done\n")
  }

  @Test func `nothing of our environment is passed on`() throws {
    let result = try Command("/usr/bin/env", environment: ["A": "b=c\nd"]).run(until: soon())
    #expect(result.text == "A=b=c\nd\n")
  }

  @Test func `a missing program is told from one that cannot be run`() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("text", to: "file")
    #expect(throws: CommandError.noExecutable(directory.path("none"))) {
      try Command(directory.path("none")).run(until: soon())
    }
    for path in [file, directory.path] {
      #expect(throws: CommandError.notExecutable(path)) {
        try Command(path).run(until: soon())
      }
    }
  }

  @Test func `what the system would cut short is refused`() throws {
    #expect(throws: CommandError.self) { try shell("echo a\0b").run(until: soon()) }
    let long = String(repeating: "x", count: 128 << 10)
    #expect(throws: CommandError.self) { try shell(long).run(until: soon()) }
    let longest = "#" + String(repeating: "x", count: (128 << 10) - 2)
    #expect(try shell(longest).run(until: soon()).succeeded)
  }

  @Test(arguments: [
    ("\u{7F}ELF", "Exec format error"), ("#!/nowhere/sh\n", "No such file or directory"),
  ])
  func `a file that only looks like a program says why`(_ text: String, _ reason: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(text, to: "program", executable: true)
    let error = #expect(throws: CommandError.self) { try Command(path).run(until: soon()) }
    #expect(error?.description == "\(path) could not be started: \(reason)")
  }

  @Test func `children of many threads do not hold each other's input open`() throws {
    let done = Mutexed(0)
    for thread in 0..<8 {
      onThread {
        let bytes = Array("\(thread)".utf8)
        let results = (0..<20).map { _ in
          try? Command("/bin/cat", input: .bytes(bytes)).run(until: soon())
        }
        if results.allSatisfy({ $0?.stdout == bytes }) { done.add(1) } else { done.add(100) }
      }
    }
    #expect(eventually { done.value >= 8 })
    #expect(done.value == 8)
  }
}
