#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
internal import Synchronization

/// The request to terminate, SIGTERM or a person's Ctrl-C, as a call on an ordinary thread.
///
/// A signal handler may do next to nothing, so it writes a byte to a pipe that a thread reads. (To
/// ignore or block the signals instead, for a dispatch source or `sigwait`, is inherited by children,
/// which then outlive us.)
package enum TerminationSignal {
  private static let pipeEnd = Atomic<Int32>(-1)

  /// Calls `body` whenever the process is asked to terminate; only the latest `body` is called.
  /// - Parameter patience: For how long a system that has no thread to give is asked again.
  package static func whenReceived(
    within patience: Duration = .zero, _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemError("make", "a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let reading = OpenFile(number: ends[0], name: "a pipe")
    do throws(SystemError) {
      try startThread(named: "signals", within: patience) {
        var byte: [UInt8] = [0]
        while let count = try? reading.read(into: &byte), count > 0 { body() }
      }
    } catch {
      for end in ends { close(end) }
      throw error
    }
    pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
    for number in [SIGTERM, SIGINT] { signal(number, handler) }
  }

  private static let handler: @convention(c) (Int32) -> Void = { _ in
    let savedErrno = errno
    var byte: UInt8 = 0
    _ = write(TerminationSignal.pipeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
    errno = savedErrno
  }
}
