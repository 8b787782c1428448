internal import Platform

/// The read end of a child's output, and what came out of it: kept up to a limit, counted beyond.
struct CappedPipe: ~Copyable {
  /// The bytes that a pipe can hold: Linux's default and macOS's most. More was printed after the child's end.
  private static let capacity = 64 << 10

  private(set) var bytes: [UInt8] = []
  private(set) var discarded = 0
  /// Why reading ended before the other end was closed: then something may be missing.
  private(set) var failure: SystemError?
  private let limit: Int
  private var end: FileDescriptor?

  /// Reads from `end`, which must not block.
  init(_ end: consuming FileDescriptor, limit: Int) {
    self.end = consume end
    self.limit = limit
  }

  /// The descriptor to poll; -1 once everybody has closed the other end.
  var number: Int32 { end.number }

  /// Reads what is there, up to a pipe full; returns how much that was.
  @discardableResult
  mutating func readOnce() -> Int {
    let number = end.number
    guard number >= 0 else { return 0 }
    let capacity = Self.capacity
    let pipe = OpenFile(number: number, name: "a pipe")
    let count = withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 1) { buffer -> Int? in
      do throws(SystemError) {
        guard let count = try pipe.readAtOnce(into: buffer) else { return nil }
        let kept = min(count, limit - bytes.count)
        bytes.append(contentsOf: buffer[..<kept])
        discarded += count - kept
        return count
      } catch {
        failure = error
        return 0
      }
    }
    if count == 0 { end = nil }
    return count ?? 0
  }

  /// Reads until nothing is there, or a pipe full: a daemon that goes on printing is not waited for.
  mutating func drain() {
    var total = 0
    while total < Self.capacity {
      let count = readOnce()
      if count == 0 { return }
      total += count
    }
  }
}
