internal import Platform
internal import Synchronization

/// The responses to an array of messages, which go out together once the last one is there.
final class Batch: Sendable {
  private struct State {
    var responses: [Response] = []
    /// The ids of the calls among them, to be given back.
    var calls: [RequestID] = []
    var running = 0
  }

  private let state = Mutex(State())

  /// Adds what was answered at once.
  func add(_ response: Response) { state.withLock { $0.responses.append(response) } }

  /// Holds the batch back, until `release`.
  func hold() { state.withLock { $0.running += 1 } }

  /// Adds what a call gave, if it is that, and sends the batch when nothing holds it back any more.
  func release(
    adding response: Response? = nil, writer: FrameWriter, inFlight: CallsInFlight
  ) {
    let finished: State? = state.withLock { state in
      state.running -= 1
      if let response {
        state.responses.append(response)
        if let id = response.id { state.calls.append(id) }
      }
      return state.running == 0 ? state : nil
    }
    guard let finished else { return }
    let wanted = finished.responses.filter { response in
      guard let id = response.id, finished.calls.contains(id) else { return true }
      return inFlight.isWanted(id)
    }
    writer.send(.array(wanted.map(\.json)), confirmation: wanted.confirmation) {
      for id in finished.calls { _ = inFlight.finish(id) }
      return !wanted.isEmpty
    }
  }
}
