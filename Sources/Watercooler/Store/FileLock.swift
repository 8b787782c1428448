#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// An exclusive lock between processes: `flock` on a file or directory.
///
/// It ends with its holder, however that dies: there is nothing to break or to clean up. The kernel
/// serves those who wait in their order, so they wait in the call, on a thread of their own, rather
/// than asking again and again. Where the system has no thread to give, they do ask.
package struct FileLock: ~Copyable {
  /// The descriptor that holds the lock, for a child that is to hold it too.
  package var descriptor: Int32 { file.number }
  private let file: FileDescriptor

  private init(file: consuming FileDescriptor) { self.file = file }

  /// Runs `body` while holding the lock on `path`.
  /// - Parameter flags: How to open it: `O_RDONLY` for a directory, `O_CREAT | O_RDWR` for a file.
  /// - Throws: `LockError` when the deadline passes first, `Interruption.cancelled`, `SystemError`,
  ///   and what `body` throws.
  package static func withLock<T>(
    on path: String, flags: Int32 = O_RDONLY, deadline: Deadline,
    _ body: (borrowing FileLock) throws -> T
  ) throws -> T {
    let file = try FileDescriptor(opening: path, flags: flags)
    if flock(file.number, LOCK_EX | LOCK_NB) != 0 {
      if errno != EWOULDBLOCK && errno != EINTR { throw SystemError("lock", path) }
      while try !waitInLine(for: file.number, path: path, deadline: deadline) {
        if try ask(for: file.number, path: path, deadline: deadline) { break }
      }
    }
    return try body(FileLock(file: file))
  }

  /// Whether somebody holds the lock on `path` this moment.
  package static func isHeld(on path: String) -> Bool {
    guard let file = try? FileDescriptor(opening: path, flags: O_RDWR) else { return false }
    return flock(file.number, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  fileprivate enum Waiting { case waits, holds, failed(SystemError), abandoned }

  /// Whether it holds the lock then; false where there is no thread, or no descriptor, to wait with.
  private static func waitInLine(
    for number: Int32, path: String, deadline: Deadline
  ) throws -> Bool {
    // The waiter has a descriptor of its own for the same open file: it may outlive this call.
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
    if copy < 0 { return false }
    let waiting = Monitor(Waiting.waits)
    do throws(SystemError) {
      try startThread(named: "lock") {
        let error =
          retryingInterrupts { flock(copy, LOCK_EX) } == 0 ? nil : SystemError("lock", path)
        waiting.withLock { waiting in
          // Whoever wanted it has gone: the lock goes back.
          if case .abandoned = waiting { flock(copy, LOCK_UN) }
          waiting = error.map { .failed($0) } ?? .holds
        }
        close(copy)
      }
    } catch {
      close(copy)
      return false
    }
    _ = deadline.cancellation.withHandler({ waiting.withLock { $0.abandon() } }) {
      waiting.wait(until: deadline.instant) { $0.isOver ? true : nil }
    }
    let outcome = waiting.withLock { waiting in
      waiting.abandon()
      return waiting
    }
    switch outcome {
    case .holds: return true
    case .failed(let error): throw error
    case .waits, .abandoned: throw interruption(path, deadline)
    }
  }

  /// Whether it holds the lock now, or after a moment.
  private static func ask(for number: Int32, path: String, deadline: Deadline) throws -> Bool {
    if deadline.interruption != nil { throw interruption(path, deadline) }
    usleep(10_000)
    if flock(number, LOCK_EX | LOCK_NB) == 0 { return true }
    if errno != EWOULDBLOCK && errno != EINTR { throw SystemError("lock", path) }
    return false
  }

  private static func interruption(_ path: String, _ deadline: Deadline) -> any Error {
    deadline.cancellation.isCancelled ? Interruption.cancelled : LockError(path: path)
  }
}

extension FileLock.Waiting {
  fileprivate var isOver: Bool {
    if case .waits = self { false } else { true }
  }

  fileprivate mutating func abandon() {
    if case .waits = self { self = .abandoned }
  }
}

/// Somebody else held a lock until the deadline.
package struct LockError: ExplainedError, Equatable {
  package let path: String

  package var message: String {
    "another process is writing to \(path), and did not finish in time"
  }
  package var hint: String? { "nothing was written: try again, or look for a process that hangs" }
}
