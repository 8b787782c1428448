internal import Dispatch
internal import Synchronization

/// State that threads share and can wait on: a mutex and a condition in one.
///
/// Built on semaphores, since `NSCondition` waits by the wall clock, and that can be set back.
package final class Monitor<State: Sendable>: Sendable {
  private struct Guarded {
    var state: State
    var waiting: [DispatchSemaphore] = []
  }

  private let guarded: Mutex<Guarded>

  package init(_ state: State) { guarded = Mutex(Guarded(state: state)) }

  /// Looks at the state; nobody is woken.
  package func read<Result: Sendable>(_ body: (State) -> Result) -> Result {
    guarded.withLock { body($0.state) }
  }

  /// Reads or changes the state, and has everybody who waits look at it again.
  package func withLock<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
    guarded.withLock { guarded in
      defer { Self.wakeAll(&guarded) }
      return body(&guarded.state)
    }
  }

  /// Changes the state; those who wait look at it again only if `body` says that they should.
  package func change(_ body: (inout State) -> Bool) {
    guarded.withLock { guarded in
      if body(&guarded.state) { Self.wakeAll(&guarded) }
    }
  }

  /// Blocks this thread until `body` gives a value, or until `limit` has passed (then `nil`).
  ///
  /// `body` may change the state when it gives a value; it must not when it gives none.
  package func wait<Result: Sendable>(
    until limit: ContinuousClock.Instant? = nil, for body: (inout State) -> Result?
  ) -> Result? {
    let semaphore = DispatchSemaphore(value: 0)
    while true {
      let isLate = limit.map { $0 <= .now } ?? false
      let result: Result? = guarded.withLock { guarded in
        guarded.waiting.removeAll { $0 === semaphore }
        if let result = body(&guarded.state) {
          Self.wakeAll(&guarded)
          return result
        }
        if !isLate { guarded.waiting.append(semaphore) }
        return nil
      }
      if result != nil || isLate { return result }
      _ = semaphore.wait(
        timeout: limit.map { .now() + ($0 - .now).dispatchInterval } ?? .distantFuture)
    }
  }

  private static func wakeAll(_ guarded: inout Guarded) {
    for semaphore in guarded.waiting { semaphore.signal() }
    guarded.waiting = []
  }
}

extension Duration {
  /// The same, rounded up to a whole millisecond so that no wait ends too early and spins.
  fileprivate var dispatchInterval: DispatchTimeInterval {
    let (seconds, attoseconds) = components
    return .milliseconds(
      Int(clamping: seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1)
  }
}
