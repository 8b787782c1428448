#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// An open file that somebody else closes: one of the three standard ones, or a `FileDescriptor`'s.
///
/// Whoever started us may have made the file non-blocking, since that is a property of the file and not of
/// the descriptor. `read`, `readAll` and `write` wait then too.
package struct OpenFile: Sendable {
  /// As the system counts them.
  package let number: Int32
  private let name: String

  /// - Parameter name: What an error says after "cannot read" or "cannot write".
  package init(number: Int32, name: String) { (self.number, self.name) = (number, name) }

  package static let standardInput = OpenFile(number: STDIN_FILENO, name: "standard input")
  package static let standardOutput = OpenFile(number: STDOUT_FILENO, name: "standard output")
  package static let standardError = OpenFile(number: STDERR_FILENO, name: "standard error")

  /// The status of what is open, whatever its path leads to by now.
  package func status() throws(SystemError) -> FileStatus {
    var info = stat()
    if fstat(number, &info) != 0 { throw SystemError("look at", name) }
    return FileStatus(info)
  }

  // MARK: - Reading

  /// Fills some of `buffer`, waiting for the first byte only. Returns 0 at the end of the file.
  /// - Parameter start: Where in the buffer it begins.
  package func read(
    into buffer: inout [UInt8], from start: Int = 0
  ) throws(SystemError) -> Int {
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        let free = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
        return systemRead(number, free.baseAddress, free.count)
      }
      if let count = try done(count, "read") { return count }
      wait(for: POLLIN)
    }
  }

  /// Fills some of `buffer` with what is there; nil where nothing is yet, 0 at the end of the file.
  package func readAtOnce(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SystemError) -> Int? {
    try done(systemRead(number, buffer.baseAddress, buffer.count), "read")
  }

  /// All bytes from here to the end.
  /// - Parameter size: How many they probably are.
  package func readAll(expecting size: Int = 0) throws(SystemError) -> [UInt8] {
    // One byte more than expected tells the end without another round.
    var bytes = [UInt8](repeating: 0, count: max(size + 1, 4096))
    var end = 0
    while true {
      let count = try read(into: &bytes, from: end)
      end += count
      if count == 0 {
        bytes.removeLast(bytes.count - end)
        return bytes
      }
      if end == bytes.count { bytes += repeatElement(0, count: max(65536, end / 2)) }
    }
  }

  // MARK: - Writing

  /// Writes all of it.
  package func write(_ bytes: ArraySlice<UInt8>) throws(SystemError) {
    var rest = bytes
    while !rest.isEmpty {
      if let count = try writeAtOnce(rest) {
        rest = rest.dropFirst(count)
      } else {
        wait(for: POLLOUT)
      }
    }
  }

  /// Writes as much of it as there is room for, and returns how much that was; nil for nothing yet.
  package func writeAtOnce(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int? {
    try done(bytes.withUnsafeBytes { systemWrite(number, $0.baseAddress, $0.count) }, "write")
  }

  /// The number of bytes that a call has moved; nil where it is to be made again.
  private func done(_ count: Int, _ operation: String) throws(SystemError) -> Int? {
    if count >= 0 { return count }
    let error = SystemError(operation, name)
    if error.isForNow { return nil }
    throw error
  }

  // MARK: - The other end

  /// Whether a write of up to 4 KiB, which a pipe takes whole, would not wait.
  package var isWritable: Bool { events(POLLOUT) == POLLOUT }

  /// Whether there is something to read, or nothing will ever be again, before so much time has passed.
  package func isReadable(within patience: Duration) -> Bool {
    let end = ContinuousClock.now + patience
    while ContinuousClock.now < end {
      let left = Int32((end - .now) / .milliseconds(1)) + 1
      if Poll.wait(for: [(number, .reading)], milliseconds: left)[0] { return true }
    }
    return false
  }

  /// Whether the other side has closed its end, even if it left something to read.
  package var hasHungUp: Bool { events(0) & POLLHUP != 0 }

  /// Whether nobody is there any more who could read what is written. Only pipes and sockets tell.
  package var isBroken: Bool { events(0) & (POLLERR | POLLHUP | POLLNVAL) != 0 }

  /// Which of some events, and of those that are always told, there are this moment.
  private func events(_ asked: PollEvents) -> PollEvents {
    var request = pollfd(fd: number, events: Int16(asked), revents: 0)
    return poll(&request, 1, 0) > 0 ? PollEvents(request.revents) : 0
  }

  private func wait(for event: PollEvents) {
    var request = pollfd(fd: number, events: Int16(event), revents: 0)
    _ = poll(&request, 1, -1)
  }

  // MARK: - Terminals

  package var isTerminal: Bool { isatty(number) == 1 }

  /// How many columns the terminal has; nil for what is none, or does not tell.
  package var columns: Int? {
    var size = winsize()
    guard ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

/// The type of the constants.
private typealias PollEvents = Int32

/// `read(2)` and `write(2)`, under names that no method hides.
private func systemRead(_ number: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(number, buffer, count)
}
private func systemWrite(_ number: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(number, buffer, count)
}
