#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A wait for several open files at once.
package enum Poll {
  /// The readiness of a file that is waited for.
  package enum Event: Sendable {
    /// There is something to read, or nothing will ever be again.
    case reading
    /// There is room to write, or nobody will ever read it.
    case writing
  }

  /// Blocks this thread until one of some files is ready, or a signal comes.
  /// - Parameters:
  ///   - files: Their descriptors; -1 for one that is closed, and never ready.
  ///   - milliseconds: How long at most; -1 for no end.
  /// - Returns: Which of them are ready. All, after a pause, where the system cannot say: each is tried in turn
  ///   then, at a pace that takes no processor.
  package static func wait(
    for files: [(number: Int32, event: Event)], milliseconds: Int32
  ) -> [Bool] {
    var requests = files.map { file in
      pollfd(
        fd: file.number, events: Int16(file.event == .reading ? POLLIN : POLLOUT), revents: 0)
    }
    let count = poll(&requests, nfds_t(requests.count), milliseconds)
    if count < 0, errno != EINTR {
      pauseThread(for: .milliseconds(10))
      return files.map { _ in true }
    }
    return requests.map { count > 0 && $0.revents != 0 }
  }
}
