internal import Synchronization

/// Ends one thread's `poll` from any other thread.
///
/// A pipe, since `poll` can wait for nothing else. A notification after `close` does nothing: a
/// cancellation and the thread that cares for a child may both come late.
package final class Wakeup: Sendable {
  private struct Ends: ~Copyable {
    var readEnd: FileDescriptor?
    var writeEnd: FileDescriptor?
  }

  /// The number of the descriptor to poll for reading. After `close` it may be that of another file.
  package let readEnd: Int32
  private let ends: Mutex<Ends>

  package init() throws(SystemError) {
    let pipe = try PipeEnds()
    try pipe.read.neverBlock()
    try pipe.write.neverBlock()
    readEnd = pipe.read.number
    ends = Mutex(Ends(readEnd: consume pipe.read, writeEnd: consume pipe.write))
  }

  /// Makes the read end readable.
  package func notify() {
    ends.withLock { ends in
      // A full pipe (EAGAIN) is readable already.
      _ = try? OpenFile(number: ends.writeEnd.number, name: "a pipe").writeAtOnce([1])
    }
  }

  /// Makes the read end wait for the next notification.
  package func reset() {
    let pipe = OpenFile(number: readEnd, name: "a pipe")
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { bytes in
      while let count = try? pipe.readAtOnce(into: bytes), count > 0 {}
    }
  }

  /// Gives both descriptors back.
  package func close() { ends.withLock { $0 = Ends() } }
}
