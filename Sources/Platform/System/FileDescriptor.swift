#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// An open file that is closed with its owner. Never inherited by a child.
package struct FileDescriptor: ~Copyable, Sendable {
  /// The purpose of opening a file, by which the flags of open(2) are chosen.
  package struct Purpose: Sendable {
    fileprivate let flags: Int32

    /// A directory can be opened so too: to be flushed, or locked.
    package static let reading = Purpose(flags: O_RDONLY)
    /// Reading where nothing is waited for, as a pipe would be for its other end.
    package static let readingAtOnce = Purpose(flags: O_RDONLY | O_NONBLOCK)
    /// Writing from the start over what it holds; it is made where it is not there.
    package static let writing = Purpose(flags: O_WRONLY | O_CREAT)
    /// Writing at the end, wherever that is by then; it is made where it is not there.
    package static let appending = Purpose(flags: O_WRONLY | O_CREAT | O_APPEND)
    /// Making it, to be written: an error where it is there.
    package static let making = Purpose(flags: O_WRONLY | O_CREAT | O_EXCL)
    /// Locking a file that is there.
    package static let locking = Purpose(flags: O_RDWR)
    /// Locking a file that is made where it is not there.
    package static let lockingOrMaking = Purpose(flags: O_RDWR | O_CREAT)
  }

  /// As the system counts them.
  package let number: Int32
  private let path: String

  /// - Parameter permissions: Of a file that is made, less what the process's umask takes.
  /// - Throws: `SystemError`.
  package init(
    opening path: String, for purpose: Purpose, permissions: FilePermissions = 0o666
  ) throws(SystemError) {
    let flags = purpose.flags | O_CLOEXEC
    let number = retryingInterrupts { open(path, flags, mode_t(permissions)) }
    if number < 0 { throw SystemError("open", path) }
    (self.number, self.path) = (number, path)
  }

  /// Takes over a descriptor that is open already.
  package init(owning number: Int32) { (self.number, path) = (number, "descriptor \(number)") }

  deinit { close(number) }

  /// `/dev/null`, to be read.
  package static func null() throws(SystemError) -> FileDescriptor {
    try FileDescriptor(opening: "/dev/null", for: .reading)
  }

  /// The same while it is open.
  package var file: OpenFile { OpenFile(number: number, name: path) }

  /// Makes reads and writes return what is possible now instead of waiting.
  package borrowing func neverBlock() throws(SystemError) {
    let flags = fcntl(number, F_GETFL, 0)
    if flags < 0 || fcntl(number, F_SETFL, flags | O_NONBLOCK) < 0 {
      throw SystemError("set up", path)
    }
  }

  /// The file's kind, size, permissions and the like, as they are now.
  package borrowing func status() throws(SystemError) -> FileStatus { try file.status() }

  /// All bytes from here to the end.
  package borrowing func readAll() throws(SystemError) -> [UInt8] {
    try file.readAll(expecting: try status().size)
  }

  /// Writes all of it.
  package borrowing func write(_ bytes: [UInt8]) throws(SystemError) {
    try file.write(bytes[...])
  }

  /// Cuts off what is beyond so many bytes.
  package borrowing func cut(to size: Int) throws(SystemError) {
    if ftruncate(number, off_t(size)) != 0 { throw SystemError("write", path) }
  }

  /// Whatever the process's umask is. Of a file system that has none they stay as they are.
  package borrowing func setPermissions(_ permissions: FilePermissions) {
    fchmod(number, mode_t(permissions))
  }

  /// Waits until the bytes are on the disk.
  package borrowing func flush() throws(SystemError) {
    #if canImport(Darwin)
      // fsync on macOS leaves the bytes in the drive's cache.
      if fcntl(number, F_FULLFSYNC) == 0 { return }
    #endif
    // Some file systems have nothing to flush for a directory, and say so.
    if fsync(number) != 0, errno != EINVAL, errno != ENOTSUP { throw SystemError("flush", path) }
  }

  /// A second descriptor of the same open file, with the same lock.
  package borrowing func copy() throws(SystemError) -> FileDescriptor {
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
    if copy < 0 { throw SystemError("open", path) }
    return FileDescriptor(number: copy, path: path)
  }

  private init(number: Int32, path: String) { (self.number, self.path) = (number, path) }
}

// MARK: - Locks

extension FileDescriptor {
  /// Takes the exclusive lock of the file, if that is free: of one open file all descriptors have it, and it
  /// ends with the last of them.
  /// - Returns: Whether it holds the lock now.
  package borrowing func lockIfFree() throws(SystemError) -> Bool {
    if flock(number, LOCK_EX | LOCK_NB) == 0 { return true }
    let error = SystemError("lock", path)
    if error.isForNow { return false }
    throw error
  }

  /// Takes the exclusive lock of the file, and blocks this thread until it is free. The kernel serves those
  /// who wait in their order.
  package borrowing func lock() throws(SystemError) {
    let number = self.number
    if retryingInterrupts({ flock(number, LOCK_EX) }) != 0 { throw SystemError("lock", path) }
  }

  /// Gives the lock back, for all descriptors of the same open file.
  package borrowing func unlock() { flock(number, LOCK_UN) }
}

/// Calls again what a signal cut short.
func retryingInterrupts<Number: SignedInteger>(_ call: () -> Number) -> Number {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
