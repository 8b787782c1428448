internal import Foundation

extension Server {
  /// Serves the client at the other end of this process's standard input and output, until it
  /// closes them or the process is told to terminate.
  package static func serveStandardStreams(
    _ definition: ServerDefinition, limits: Limits = Limits(), log: Log, trace: Trace?
  ) throws(SystemError) {
    let streams = try StandardStreams.takeOver()
    let server = Server(
      definition, input: streams.input, output: streams.output, limits: limits, log: log,
      trace: trace)
    try TerminationSignal.whenReceived(within: limits.starting) { server.stop() }
    try server.run()
  }
}

/// This process's standard input and output, taken out of everybody else's reach.
enum StandardStreams {
  /// Moves both to descriptors that no child inherits. In their place a stray `print` finds stderr,
  /// and whoever reads finds nothing, so that neither can break the stream of messages.
  static func takeOver() throws(SystemError) -> (input: Int32, output: Int32) {
    let input = try moved(0)
    let output = try moved(1)
    let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard nothing >= 0 else { throw SystemError("open", "/dev/null") }
    defer { close(nothing) }
    guard dup2(nothing, 0) >= 0, dup2(2, 1) >= 0 else {
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
