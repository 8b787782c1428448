internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Ends one thread's `poll` from any other thread.
///
/// A pipe, since `poll` can wait for nothing else. A notification after `close` does nothing: a
/// cancellation and the thread that cares for a child may both come late.
final class Wakeup: Sendable {
  private struct Ends: ~Copyable {
    var readEnd: FileDescriptor?
    var writeEnd: FileDescriptor?
  }

  /// What to poll for reading.
  let readEnd: Int32
  private let ends: Mutex<Ends>

  init() throws(SystemError) {
    let pipe = try PipeEnds()
    try pipe.read.neverBlock()
    try pipe.write.neverBlock()
    readEnd = pipe.read.number
    ends = Mutex(Ends(readEnd: consume pipe.read, writeEnd: consume pipe.write))
  }

  /// Makes the read end readable.
  func notify() {
    ends.withLock { ends in
      // A full pipe (EAGAIN) is readable already.
      _ = write(ends.writeEnd.number, [1], 1)
    }
  }

  /// Makes the read end wait for the next notification.
  func reset() {
    var bytes: [UInt8] = Array(repeating: 0, count: 16)
    while read(readEnd, &bytes, bytes.count) > 0 {}
  }

  /// Gives both descriptors back.
  func close() { ends.withLock { $0 = Ends() } }
}
