internal import Platform

/// A lock of a clone, held by this process: a value of it is the proof, and what must not be done without it
/// asks for one. They are always taken in this order: push, fetch, write.
///
/// A value cannot be kept: it is lent to the body of `Clone.withLock`.
protocol CloneLock: ~Copyable {
  static var file: StateFile { get }

  init(_ lock: borrowing FileLock)
}

/// The push lock: a push is one process's at a time. Who holds it carries what others wrote meanwhile.
struct PushLock: CloneLock, ~Copyable {
  static var file: StateFile { .pushLock }

  init(_ lock: borrowing FileLock) {}
}

/// The fetch lock: so is a fetch. Who waited for it shares the contact of the one before.
struct FetchLock: CloneLock, ~Copyable {
  static var file: StateFile { .fetchLock }

  init(_ lock: borrowing FileLock) {}
}

/// The write lock: the work tree, the index and the branch change under it alone. It is held for local work
/// only, and never across the network.
struct WriteLock: CloneLock, ~Copyable {
  static var file: StateFile { .writeLock }
  private let descriptor: Int32

  init(_ lock: borrowing FileLock) { descriptor = lock.descriptor }

  /// For a git that changes them: the lock lives as long as the child, also where this process is killed.
  var held: Command.Input { .descriptor(descriptor) }
}

extension Clone {
  /// Runs `body` while holding a lock. In a linked work tree that is one beside the outbox, too: somebody may delete
  /// the work tree and make it anew meanwhile, and what waits is the same.
  /// - Throws: `LockError` when the deadline passes first, `Interruption.cancelled`, `SystemError`, and what
  ///   `body` throws.
  func withLock<Lock: CloneLock & ~Copyable, T>(
    _ lock: Lock.Type, deadline: Deadline, _ body: (borrowing Lock) throws -> T
  ) throws -> T {
    try Directory.makeOne(stateDirectory)
    let own = path(of: Lock.file)
    if !isLinked { return try Self.withLock(on: own, deadline) { try body(Lock($0)) } }
    try Directory.make(outboxDirectory)
    return try Self.withLock(on: "\(outboxDirectory)/\(Lock.file.path())", deadline) { lock in
      // Version 0.1.0 knows this one alone.
      try Self.withLock(on: own, deadline) { _ in try body(Lock(lock)) }
    }
  }

  private static func withLock<T>(
    on path: String, _ deadline: Deadline, _ body: (borrowing FileLock) throws -> T
  ) throws -> T {
    try FileLock.withLock(on: path, opening: .lockingOrMaking, deadline: deadline, body)
  }

  /// Whether some process is sending this moment.
  var isPushing: Bool { FileLock.isHeld(on: path(of: .pushLock)) }
}
