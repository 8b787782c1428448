#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// An open file that is closed with its owner. Never inherited by a child.
struct FileDescriptor: ~Copyable {
  let number: Int32
  private let path: String

  /// - Throws: `SystemError`.
  init(opening path: String, flags: Int32, mode: mode_t = 0o666) throws(SystemError) {
    let number = retryingInterrupts { open(path, flags | O_CLOEXEC, mode) }
    if number < 0 { throw SystemError("open", path) }
    (self.number, self.path) = (number, path)
  }

  /// Takes over a descriptor that is open already.
  init(owning number: Int32) { (self.number, path) = (number, "descriptor \(number)") }

  deinit { close(number) }

  /// `/dev/null`, to be read.
  static func null() throws(SystemError) -> FileDescriptor {
    try FileDescriptor(opening: "/dev/null", flags: O_RDONLY)
  }

  /// Makes reads and writes return what is possible now instead of waiting.
  borrowing func neverBlock() throws(SystemError) {
    let flags = fcntl(number, F_GETFL, 0)
    if flags < 0 || fcntl(number, F_SETFL, flags | O_NONBLOCK) < 0 {
      throw SystemError("set up", path)
    }
  }

  /// What kind of file it is, its size and mode.
  borrowing func status() throws(SystemError) -> stat {
    var status = stat()
    if fstat(number, &status) != 0 { throw SystemError("look at", path) }
    return status
  }

  /// All bytes from here to the end.
  borrowing func readAll() throws(SystemError) -> [UInt8] {
    let size = Int(try status().st_size)
    var bytes: [UInt8] = []
    // One byte more than expected tells the end without another round.
    var chunk = max(size + 1, 4096)
    while true {
      let space = chunk
      var count = 0
      let path = self.path
      let number = self.number
      let more = [UInt8](unsafeUninitializedCapacity: space) { buffer, initialized in
        count = retryingInterrupts { read(number, buffer.baseAddress, space) }
        initialized = max(0, count)
      }
      if count < 0 { throw SystemError("read", path) }
      if count == 0 { return bytes }
      if bytes.isEmpty { bytes = more } else { bytes += more }
      chunk = 65536
    }
  }

  /// Writes all of it.
  borrowing func write(_ bytes: [UInt8]) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let number = self.number
      let count = rest.withUnsafeBytes { buffer in
        retryingInterrupts { systemWrite(number, buffer.baseAddress, buffer.count) }
      }
      if count < 0 { throw SystemError("write", path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until the bytes are on the disk.
  borrowing func flush() throws(SystemError) {
    #if canImport(Darwin)
      // fsync on macOS leaves the bytes in the drive's cache.
      if fcntl(number, F_FULLFSYNC) == 0 { return }
    #endif
    // Some file systems have nothing to flush for a directory, and say so.
    if fsync(number) != 0, errno != EINVAL, errno != ENOTSUP { throw SystemError("flush", path) }
  }
}

/// `write(2)`, under a name that a method called `write` does not hide.
private func systemWrite(_ number: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(number, buffer, count)
}

/// Calls again what a signal cut short.
func retryingInterrupts<Number: SignedInteger>(_ call: () -> Number) -> Number {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
