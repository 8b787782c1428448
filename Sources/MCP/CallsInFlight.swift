internal import Platform

/// The calls that were started and whose replies are not on their way yet.
final class CallsInFlight: Sendable {
  private struct Call {
    let cancellation = Cancellation()
    /// Whether the client still waits for the reply.
    var isWanted = true
  }

  private struct State {
    var calls: [RequestID: Call] = [:]
    var isClosed = false
  }

  /// The outcome of the wish to start a call.
  enum Start {
    case started(Cancellation)
    case full
    /// The server is ending.
    case closed
  }

  let limit: Int
  private let state = Monitor(State())

  init(limit: Int) { self.limit = limit }

  var count: Int { state.read { $0.calls.count } }

  func contains(_ id: RequestID) -> Bool { state.read { $0.calls[id] != nil } }

  /// Takes `id`, which must not be in flight.
  func start(_ id: RequestID) -> Start {
    state.withLock { state in
      if state.isClosed { return .closed }
      if state.calls.count >= limit { return .full }
      let call = Call()
      state.calls[id] = call
      return .started(call.cancellation)
    }
  }

  /// Calls the work off; whatever comes of it is not sent. An unknown id, or one that was answered
  /// just now, is none of the client's mistakes.
  func cancel(_ id: RequestID) {
    let call = state.withLock { state in
      state.calls[id]?.isWanted = false
      return state.calls[id]
    }
    call?.cancellation.cancel()
  }

  func isWanted(_ id: RequestID) -> Bool { state.read { $0.calls[id]?.isWanted ?? false } }

  /// Gives the id back, and says whether its reply is still wanted.
  func finish(_ id: RequestID) -> Bool {
    state.withLock { $0.calls.removeValue(forKey: id)?.isWanted ?? false }
  }

  /// Lets no further call start.
  func close() { state.withLock { $0.isClosed = true } }

  /// Calls everything off; what comes of it is still sent.
  func cancelAll() {
    for call in state.withLock({ Array($0.calls.values) }) { call.cancellation.cancel() }
  }

  /// Waits until nothing is in flight; returns whether that was in time.
  func waitUntilNone(until limit: ContinuousClock.Instant) -> Bool {
    state.wait(until: limit) { $0.calls.isEmpty ? true : nil } ?? false
  }
}
