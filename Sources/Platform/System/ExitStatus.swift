#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// How a process has ended.
package enum ExitStatus: Sendable, Equatable {
  /// By itself, with this code.
  case exited(Int32)
  /// By this signal.
  case signalled(Int32)

  /// Reads what `waitpid` and its like give.
  init(waitStatus status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
  }

  /// How a child of this process has ended, which is forgotten by that; nil while it runs.
  /// - Parameter waits: Whether its end is waited for.
  package static func ofChild(_ child: Int32, waits: Bool = false) -> ExitStatus? {
    var status: Int32 = 0
    let found = retryingInterrupts { waitpid(child, &status, waits ? 0 : WNOHANG) }
    if found == 0 { return nil }
    // Whoever ignores SIGCHLD for the whole process has no status to give.
    return found < 0 ? .exited(-1) : ExitStatus(waitStatus: status)
  }
}
