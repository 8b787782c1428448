internal import Platform

/// Tells a client that asked for it that a call is still at work: each second how many have passed, and
/// what is being done.
package final class Progress: Sendable {
  private struct State {
    var message: String
    var total: Int?
    var isOver = false
  }

  private let state: Monitor<State>
  private let isHeard: Bool

  /// Of a call whose client did not ask for any.
  package static let unheard = Progress()

  private init() {
    state = Monitor(State(message: "", isOver: true))
    isHeard = false
  }

  /// - Parameters:
  ///   - interval: From one notification to the next.
  ///   - send: Sends one; not called any more once `finish` has returned.
  init(
    token: JSON, in revision: ProtocolRevision, every interval: Duration = .seconds(1),
    message: String, send: @escaping @Sendable (JSON) -> Void
  ) {
    let state = Monitor(State(message: message))
    (self.state, isHeard) = (state, true)
    // Without a thread there is no progress to be heard, and the call goes on.
    try? startThread(named: "progress") {
      let start = ContinuousClock.now
      var next = start + interval
      while state.wait(until: next, for: { $0.isOver ? true : nil }) == nil {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        // Under the lock, so that nothing is sent after the reply.
        state.withLock { state in
          if state.isOver { return }
          send(
            Self.notification(
              token: token, seconds: seconds, total: state.total,
              message: revision.hasProgressMessages ? state.message : nil))
        }
        next += interval
      }
    }
  }

  /// Says what is being done from now on, and how many seconds the call may take in all, where that is
  /// known.
  package func describe(_ message: String, total: Int? = nil) {
    guard isHeard else { return }
    state.change { state in
      (state.message, state.total) = (message, total ?? state.total)
      return false
    }
  }

  /// No notification is sent after this.
  func finish() {
    guard isHeard else { return }
    state.withLock { $0.isOver = true }
  }

  private static func notification(
    token: JSON, seconds: Double, total: Int?, message: String?
  ) -> JSON {
    var params = [
      JSON.Member("progressToken", token),
      JSON.Member("progress", JSON((seconds * 1000).rounded() / 1000)),
    ]
    if let total { params.append(.init("total", JSON(total))) }
    if let message { params.append(.init("message", .string(message))) }
    return Notification(method: "notifications/progress", params: .object(params)).json
  }
}
