internal import Foundation

/// One end of the conversation: an open file, read and written by blocking calls.
///
/// Whoever started us may have made the file non-blocking, since that is a property of the file and
/// not of the descriptor; both calls wait then too.
struct ClientStream: Sendable {
  let number: Int32

  /// Fills some of `buffer`, waiting for the first byte only. Returns 0 at the end of the file.
  func read(into buffer: inout [UInt8]) throws(SystemError) -> Int {
    while true {
      let count = buffer.withUnsafeMutableBytes {
        Foundation.read(number, $0.baseAddress, $0.count)
      }
      if count >= 0 { return count }
      try wait(for: POLLIN, after: SystemError("read", "what the client sends"))
    }
  }

  /// Writes all of `bytes`.
  func write(_ bytes: [UInt8]) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        let rest = UnsafeRawBufferPointer(rebasing: all[written...])
        return Foundation.write(number, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        written += count
      } else {
        try wait(for: POLLOUT, after: SystemError("write", "to the client"))
      }
    }
  }

  /// Whether a write of up to 4 KiB, which a pipe takes whole, would not wait.
  var isWritable: Bool {
    var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    return poll(&request, 1, 0) > 0 && request.revents == Int16(POLLOUT)
  }

  /// Whether the other side has closed its end, even if it left something to read.
  var hasHungUp: Bool {
    var request = pollfd(fd: number, events: 0, revents: 0)
    return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLHUP) != 0
  }

  /// Returns when a call that failed with `error` should be made again, or throws it.
  private func wait(for event: Int32, after error: SystemError) throws(SystemError) {
    if error.code == EINTR { return }
    guard error.code == EAGAIN else { throw error }
    var request = pollfd(fd: number, events: Int16(event), revents: 0)
    _ = poll(&request, 1, -1)
  }
}
