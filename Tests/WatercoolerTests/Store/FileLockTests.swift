import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct FileLockTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Another process that holds the lock until it is killed.
  private func holder() throws -> pid_t {
    let lock = try FileDescriptor(opening: directory.path, for: .reading)
    try #require(flock(lock.number, LOCK_EX) == 0)
    let result = try shell(
      "exec 3<&0; sleep 600 <&3 >/dev/null 2>&1 & echo $!", input: .descriptor(lock.number)
    ).run(until: soon())
    return try #require(pid_t(result.text.dropLast()))
  }

  @Test func `threads of one process shut each other out`() throws {
    let (running, finished, overlaps) = (Mutexed(0), Mutexed(0), Mutexed(0))
    let path = directory.path
    for _ in 0..<8 {
      onThread {
        for _ in 0..<25 {
          try? FileLock.withLock(on: path, deadline: soon()) { _ in
            running.add(1)
            if running.value != 1 { overlaps.add(1) }
            sched_yield()
            running.add(-1)
          }
        }
        finished.add(1)
      }
    }
    #expect(eventually { finished.value == 8 })
    #expect(overlaps.value == 0)
  }

  @Test func `a lock that another process holds is waited for until it dies`() throws {
    let pid = try holder()
    let (path, hasIt) = (directory.path, Mutexed(false))
    onThread { try? FileLock.withLock(on: path, deadline: soon()) { _ in hasIt.set(true) } }
    #expect(throws: LockError(path: path)) {
      try FileLock.withLock(on: path, deadline: .after(.milliseconds(50))) { _ in }
    }
    #expect(!hasIt.value)
    kill(pid, SIGKILL)
    #expect(eventually { hasIt.value })
  }

  @Test func `past the deadline the error says that nothing was written`() throws {
    let pid = try holder()
    defer { kill(pid, SIGKILL) }
    let error = #expect(throws: LockError.self) {
      try FileLock.withLock(on: directory.path, deadline: .after(.zero)) { _ in }
    }
    #expect(error?.message.contains(directory.path) == true)
    #expect(error?.hint?.hasPrefix("nothing was written") == true)
  }

  @Test(arguments: [true, false])
  func `one who is called off does not wait`(_ isBefore: Bool) throws {
    let pid = try holder()
    defer { kill(pid, SIGKILL) }
    let (path, cancellation) = (directory.path, Cancellation())
    if isBefore { cancellation.cancel() }
    let outcome = Mutexed<Interruption?>(nil)
    onThread {
      do {
        let deadline = Deadline.after(.seconds(600), cancellation: cancellation)
        try FileLock.withLock(on: path, deadline: deadline) { _ in }
      } catch { outcome.set(error as? Interruption) }
    }
    if !isBefore { cancellation.cancel() }
    #expect(eventually { outcome.value == .cancelled })
  }

  @Test func `one who gave up does not keep what it gets later`() throws {
    let pid = try holder()
    for _ in 0..<3 {
      _ = try? FileLock.withLock(on: directory.path, deadline: .after(.milliseconds(1))) { _ in }
    }
    kill(pid, SIGKILL)
    let isFree = try FileLock.withLock(on: directory.path, deadline: soon()) { _ in true }
    #expect(isFree)
  }

  @Test func `it ends with its body, also by an error`() throws {
    struct Failure: Error {}
    for _ in 0..<2 {
      #expect(throws: Failure.self) {
        try FileLock.withLock(on: directory.path, deadline: .after(.seconds(5))) { _ in
          throw Failure()
        }
      }
    }
    #expect(try FileLock.withLock(on: directory.path, deadline: soon()) { _ in 7 } == 7)
  }

  @Test func `a child does not inherit it`() throws {
    let pid = try FileLock.withLock(on: directory.path, deadline: soon()) { _ in
      let child = try shell("sleep 600 >/dev/null 2>&1 & echo $!").run(until: soon())
      return try #require(pid_t(child.text.dropLast()))
    }
    defer { kill(pid, SIGKILL) }
    // Not at once: a child that another test starts has all our descriptors for a moment.
    #expect(try FileLock.withLock(on: directory.path, deadline: soon()) { _ in isAlive(pid) })
  }

  @Test func `a path that cannot be opened is an error about it`() {
    let path = directory.path("missing")
    #expect(throws: SystemError("open", path, code: ENOENT)) {
      try FileLock.withLock(on: path, deadline: soon()) { _ in }
    }
  }
}
