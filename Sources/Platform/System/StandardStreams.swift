#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// This process's standard input, output and error.
package enum StandardStreams {
  /// Has each of the three be open. Of one that was closed the next file takes the number, and what is
  /// printed would go into that: a thread, say.
  package static func openMissing() {
    for number in 0...STDERR_FILENO where fcntl(number, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is the one that is missing. What it is opened for fails.
      _ = open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Takes input and output out of everybody else's reach.
  ///
  /// Moves both to descriptors that no child inherits, and that stay open until the process ends. In their
  /// place a stray `print` finds stderr, and whoever reads finds nothing, so that neither can break a stream
  /// of messages.
  package static func takeOver() throws(SystemError) -> (input: Int32, output: Int32) {
    let input = try moved(STDIN_FILENO)
    let output = try moved(STDOUT_FILENO)
    let nothing = try FileDescriptor.null()
    guard dup2(nothing.number, STDIN_FILENO) >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
      throw SystemError("move", "the standard streams")
    }
    return (input, output)
  }

  private static func moved(_ number: Int32) throws(SystemError) -> Int32 {
    // Above the three standard ones, even if some of those are closed.
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw SystemError("move", "the standard streams") }
    return copy
  }
}
