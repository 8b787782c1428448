import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct CommandInheritanceTests {
  /// Opens a new file, not close-on-exec unless asked.
  private func open(_ path: String, _ flags: Int32 = 0) throws -> Int32 {
    let number = Foundation.open(path, O_RDWR | O_CREAT | flags, 0o600)
    try #require(number >= 0)
    return number
  }

  @Test func `a blocked signal mask is not inherited`() throws {
    let status = Mutexed<CommandResult.Status?>(nil)
    onThread {
      var blocked = sigset_t()
      sigfillset(&blocked)
      pthread_sigmask(SIG_SETMASK, &blocked, nil)
      status.set(try? shell("kill -TERM $$; echo alive").run(until: soon()).status)
    }
    #expect(eventually { status.value != nil })
    #expect(status.value == .signalled(SIGTERM))
  }

  @Test func `a child leads a process group of its own`() throws {
    let result = try shell("ps -o pgid= -p $$ 2>/dev/null || cut -d' ' -f5 /proc/$$/stat; echo $$")
      .run(until: soon())
    let numbers = result.text.split(whereSeparator: \.isWhitespace)
    #expect(numbers.count == 2 && numbers.first == numbers.last)
    #expect(numbers.first != "\(getpgrp())")
  }

  @Test func `a child starts where it is told, or where we are`() throws {
    let directory = try TemporaryDirectory()
    var command = shell("pwd -P")
    #expect(try command.run(until: soon()).text == FileManager.default.currentDirectoryPath + "\n")
    for place in ["/", realpath(of: directory.path)] {
      command.workingDirectory = place
      #expect(try command.run(until: soon()).text == place + "\n")
    }
    command.workingDirectory = directory.path("gone")
    let error = #expect(throws: CommandError.self) { try command.run(until: soon()) }
    #expect(error?.description.hasSuffix("there is no directory \(directory.path("gone"))") == true)
  }

  private func realpath(of path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  @Test(arguments: [0, O_CLOEXEC])
  func `no other descriptor is inherited`(_ flags: Int32) throws {
    let directory = try TemporaryDirectory()
    let low = try open(directory.path("lock"), flags)
    let number = fcntl(low, flags == 0 ? F_DUPFD : F_DUPFD_CLOEXEC, 200)
    defer { for descriptor in [low, number] { close(descriptor) } }
    let result = try shell("[ -e /dev/fd/\(low) ] || [ -e /dev/fd/\(number) ] || echo none")
      .run(until: soon())
    #expect(result.text == "none\n")
  }

  @Test func `a lock given as input lives as long as what the child leaves behind`() throws {
    let directory = try TemporaryDirectory()
    let lock = try open(directory.path("lock"), O_CLOEXEC)
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let result = try shell("exec 3<&0; sleep 600 <&3 & echo $!", input: .descriptor(lock))
      .run(until: soon())
    let daemon = try #require(pid_t(result.text.dropLast()))
    close(lock)

    let other = try open(directory.path("lock"), O_CLOEXEC)
    defer { close(other) }
    #expect(flock(other, LOCK_EX | LOCK_NB) != 0)
    kill(daemon, SIGKILL)
    #expect(eventually { flock(other, LOCK_EX | LOCK_NB) == 0 })
  }

  // In a process of its own: other tests open descriptors too.
  @Test func `two thousand children leave no descriptor and no thread behind`() async {
    await #expect(processExitsWith: .success) {
      _ = try Command("/bin/sh", ["-c", ""]).run(until: .after(.seconds(60)))
      func threads() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
      }
      let descriptors = try openDescriptors()
      for number in 0..<2000 {
        _ = try Command("/bin/echo", ["\(number)"], input: .bytes([1, 2, 3]))
          .run(until: .after(.seconds(60)))
      }
      _ = try? Command("/nowhere").run(until: .after(.seconds(60)))
      // Foundation's own run loop and queues keep a few of each, however many children there were.
      #expect(try eventually { try openDescriptors() <= descriptors + 16 })
      #expect(eventually { threads() <= 16 })
    }
  }
}
