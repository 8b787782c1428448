/// How long an operation may still take, and whether somebody has called it off.
///
/// Everything that can wait (a lock, a child process, a back-off) is handed one, so that no wait is
/// without an end. The clock is monotonic: changing the wall clock moves no deadline.
package struct Deadline: Sendable {
  /// When the time is up.
  package let instant: ContinuousClock.Instant
  /// The switch by which the operation may be called off before that moment.
  package let cancellation: Cancellation

  package init(instant: ContinuousClock.Instant, cancellation: Cancellation) {
    (self.instant, self.cancellation) = (instant, cancellation)
  }

  /// A deadline `duration` from now.
  package static func after(
    _ duration: Duration, cancellation: Cancellation = Cancellation()
  ) -> Deadline {
    Deadline(instant: ContinuousClock.now + duration, cancellation: cancellation)
  }

  /// The earlier of this deadline and one `duration` from now, called off by the same cancellation.
  package func limited(to duration: Duration) -> Deadline {
    Deadline(
      instant: min(instant, ContinuousClock.now + duration), cancellation: cancellation)
  }

  /// The time left; zero once it has passed.
  package var remaining: Duration { max(.zero, instant - ContinuousClock.now) }

  /// Whether the time is up.
  package var hasPassed: Bool { ContinuousClock.now >= instant }

  /// Why the operation has to end now; nil while it may go on.
  package var interruption: Interruption? {
    if cancellation.isCancelled { return .cancelled }
    return hasPassed ? .deadlinePassed : nil
  }

  /// Throws `Interruption` if the time is up or the operation was called off.
  package func check() throws(Interruption) {
    if let interruption { throw interruption }
  }
}

/// Why an operation ended before its work was done.
///
/// Whoever has written something by then says so with an error of its own: where this one reaches a
/// person, nothing was written.
package enum Interruption: Error, Equatable, CustomStringConvertible {
  /// The deadline came first.
  case deadlinePassed
  /// Somebody called it off.
  case cancelled

  package var description: String { InterruptedWork(reason: self).description }
}

/// An operation that ended before anything was written, as people read it.
package struct InterruptedWork: ExplainedError {
  package let reason: Interruption

  package init(reason: Interruption) { self.reason = reason }

  package var message: String {
    switch reason {
    case .deadlinePassed: "the time was up before anything was written"
    case .cancelled: "this was called off before anything was written"
    }
  }
  package var hint: String? {
    switch reason {
    case .deadlinePassed:
      "try again, with more time (WATERCOOLER_TIMEOUT) if it happens again; all is as it was"
    case .cancelled: "try again; all is as it was"
    }
  }
}
