internal import Platform

extension Invocation {
  /// The cancellation by Ctrl-C, or a request to terminate, from now on. A second one ends the process.
  func cancellation() throws -> Cancellation {
    let cancellation = Cancellation()
    try TerminationSignal.whenReceived {
      // Being killed at any point loses nothing; it is only less tidy.
      if cancellation.isCancelled { ThisProcess.exit(with: ExitCode.interrupted.rawValue) }
      cancellation.cancel()
    }
    return cancellation
  }

  /// Does what goes on until it is called off, or until nobody reads what it prints: then it is done.
  func untilCalledOff(_ body: (Deadline) throws -> Void) throws -> ExitCode {
    let deadline = Deadline.after(
      .seconds(Self.longest), cancellation: try cancellation())
    do {
      try body(deadline)
    } catch Interruption.cancelled {
      return .done
    }
    return .done
  }

  /// Longer than any process lives, and short enough for every clock.
  private static let longest = 10 * 365 * 86_400
}
