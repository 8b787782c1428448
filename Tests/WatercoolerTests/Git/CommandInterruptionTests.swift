import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct CommandInterruptionTests {
  /// Runs a script that writes its own number to `pid`, calls it off then, and returns the error.
  private func errorAfterCallingOff(
    _ script: String, in directory: TemporaryDirectory, when ready: String = "pid"
  ) -> CommandError? {
    let cancellation = Cancellation()
    onThread {
      _ = eventually { directory.pid(ready) != nil }
      cancellation.cancel()
    }
    return #expect(throws: CommandError.self) {
      try shell("cd \(directory.path); \(script)")
        .run(until: .after(.seconds(60), cancellation: cancellation))
    }
  }

  @Test func `a deadline ends the child`() throws {
    let error = #expect(throws: CommandError.self) {
      try shell("exec sleep 600").run(until: .after(.milliseconds(50)))
    }
    #expect(error?.interruption == .deadlinePassed)
  }

  @Test func `nothing is started when the time is up already`() throws {
    let directory = try TemporaryDirectory()
    #expect(throws: CommandError.interrupted("/bin/sh", .deadlinePassed, stderr: [])) {
      try shell("echo >\(directory.path)/started").run(until: .after(.zero))
    }
    #expect(directory.read("started") == nil)
  }

  @Test func `calling off ends the child, and what it complained about is kept`() throws {
    let directory = try TemporaryDirectory()
    let error = errorAfterCallingOff("echo why >&2; echo $$ >pid; exec sleep 600", in: directory)
    #expect(error == .interrupted("/bin/sh", .cancelled, stderr: Array("why\n".utf8)))
    let child = try #require(directory.pid("pid"))
    #expect(eventually { !isAlive(child) })
  }

  @Test func `a child that ignores SIGTERM is killed`() throws {
    let directory = try TemporaryDirectory()
    let error = errorAfterCallingOff(
      "trap '' TERM; echo $$ >pid; while :; do sleep 600; done", in: directory)
    #expect(error?.interruption == .cancelled)
    let child = try #require(directory.pid("pid"))
    #expect(!isAlive(child))
  }

  @Test func `a child may clean up at SIGTERM`() throws {
    let directory = try TemporaryDirectory()
    let error = errorAfterCallingOff(
      "trap 'sleep 0.05; echo >cleaned; exit' TERM; echo $$ >pid; while :; do sleep 0.01; done",
      in: directory)
    #expect(error?.interruption == .cancelled)
    #expect(directory.read("cleaned") != nil)
  }

  @Test func `a grandchild may clean up at SIGTERM though its parent is gone`() throws {
    let directory = try TemporaryDirectory()
    let grandchild = """
      trap 'sleep 0.05; echo >cleaned; exit' TERM; echo $$ >pid; while :; do sleep 0.01; done
      """
    try directory.write(grandchild, to: "grandchild.sh")
    _ = errorAfterCallingOff("sh grandchild.sh & exec sleep 600", in: directory)
    #expect(directory.read("cleaned") != nil)
  }

  @Test(arguments: ["", "trap '' TERM; "])
  func `grandchildren die with the group`(_ trap: String) throws {
    let directory = try TemporaryDirectory()
    try directory.write("\(trap)sleep 600 & echo $! >pid; wait; wait", to: "child.sh")
    _ = errorAfterCallingOff("sh child.sh & exec sleep 600", in: directory)
    let grandchild = try #require(directory.pid("pid"))
    #expect(eventually { !isAlive(grandchild) })
  }

  @Test func `a child stopped by its terminal may clean up too`() throws {
    let directory = try TemporaryDirectory()
    let error = errorAfterCallingOff(
      "trap 'echo >cleaned; exit' TERM; echo $$ >pid; kill -STOP $$; sleep 600", in: directory)
    #expect(error?.interruption == .cancelled)
    #expect(directory.read("cleaned") != nil)
    let child = try #require(directory.pid("pid"))
    #expect(eventually { !isAlive(child) })
  }

  #if os(Linux)
    @Test func `a grandchild that has ended is waited for by nobody else`() throws {
      let directory = try TemporaryDirectory()
      // The parent of what sleeps leaves the group, lives on, and never asks what became of it.
      try directory.write(
        "sleep 600 & echo $! >pid; exec setsid sh -c 'echo $$ >parent; exec sleep 600'",
        to: "child.sh")
      let streams = ChildStreams.Numbers(stdin: 0, stdout: 1, stderr: 2)
      let script = shell("cd \(directory.path); sh child.sh & wait")
      let child = try ChildProcess(script, streams: streams) {}
      #expect(eventually { directory.pid("parent") != nil })
      let parent = try #require(directory.pid("parent"))
      defer { kill(parent, SIGKILL) }
      #expect(!child.hasWholeGroupEnded)
      child.signal(.terminate)
      #expect(eventually { child.hasWholeGroupEnded })
      // It has a number still.
      let grandchild = try #require(directory.pid("pid"))
      #expect(kill(grandchild, 0) == 0 && !isAlive(grandchild))
    }
  #endif
}
