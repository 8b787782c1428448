package import Platform

/// An exclusive lock between processes: `flock` on a file or directory.
///
/// It ends with its holder, however that dies: there is nothing to break or to clean up. The kernel
/// serves those who wait in their order, so they wait in the call, on a thread of their own, rather
/// than asking again and again. Where the system has no thread to give, they do ask.
package struct FileLock: ~Copyable {
  /// The descriptor that holds the lock, for a child that is to hold it too.
  package var descriptor: Int32 { file.number }

  /// The file that is locked: by now another one may have its path.
  package borrowing func status() throws(SystemError) -> FileStatus { try file.status() }

  private let file: FileDescriptor

  private init(file: consuming FileDescriptor) { self.file = file }

  /// Runs `body` while holding the lock on `path`.
  /// - Parameter purpose: What it is opened for; a directory for reading.
  /// - Throws: `LockError` when the deadline passes first, `Interruption.cancelled`, `SystemError`,
  ///   and what `body` throws.
  package static func withLock<T>(
    on path: String, opening purpose: FileDescriptor.Purpose = .reading, deadline: Deadline,
    _ body: (borrowing FileLock) throws -> T
  ) throws -> T {
    let file = try FileDescriptor(opening: path, for: purpose)
    if try !file.lockIfFree() {
      while try !waitInLine(for: file, path: path, deadline: deadline) {
        if try ask(for: file, path: path, deadline: deadline) { break }
      }
    }
    return try body(FileLock(file: file))
  }

  /// Whether somebody holds the lock on `path` this moment.
  package static func isHeld(on path: String) -> Bool {
    guard let file = try? FileDescriptor(opening: path, for: .locking) else { return false }
    return (try? file.lockIfFree()) == false
  }

  fileprivate enum Waiting { case waits, holds, failed(SystemError), abandoned }

  /// Whether it holds the lock then; false where there is no thread, or no descriptor, to wait with.
  private static func waitInLine(
    for file: borrowing FileDescriptor, path: String, deadline: Deadline
  ) throws -> Bool {
    // The waiter has a descriptor of its own for the same open file: it may outlive this call.
    let own: OwnDescriptor
    do { own = OwnDescriptor(try file.copy()) } catch { return false }
    let waiting = Monitor(Waiting.waits)
    do throws(SystemError) {
      try startThread(named: "lock") {
        let outcome = own.lock()
        waiting.withLock { waiting in
          // Whoever wanted it has gone: the lock goes back.
          if case .abandoned = waiting { own.file.unlock() }
          waiting = outcome
        }
      }
    } catch {
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
  private static func ask(
    for file: borrowing FileDescriptor, path: String, deadline: Deadline
  ) throws -> Bool {
    if deadline.interruption != nil { throw interruption(path, deadline) }
    pauseThread(for: .milliseconds(10))
    return try file.lockIfFree()
  }

  private static func interruption(_ path: String, _ deadline: Deadline) -> any Error {
    deadline.cancellation.isCancelled ? Interruption.cancelled : LockError(path: path)
  }
}

/// The descriptor of a thread that waits, closed when that and whoever started it are done with it.
private final class OwnDescriptor: Sendable {
  let file: FileDescriptor

  init(_ file: consuming FileDescriptor) { self.file = file }

  /// Waits for the lock.
  func lock() -> FileLock.Waiting {
    do throws(SystemError) {
      try file.lock()
      return .holds
    } catch {
      return .failed(error)
    }
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
  /// The file, or directory, that is locked.
  package let path: String

  package var message: String {
    "another process is writing to \(path), and did not finish in time"
  }
  package var hint: String? { "nothing was written: try again, or look for a process that hangs" }
}
