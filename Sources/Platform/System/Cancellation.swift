internal import Synchronization

/// A switch that calls an operation off, once, from any thread.
///
/// Work in this library blocks threads of its own rather than suspending tasks, so a `Task`'s
/// cancellation reaches it through one of these (`withTaskCancellationHandler`).
package final class Cancellation: Sendable {
  private struct State {
    var isCancelled = false
    var handlers: [Int: @Sendable () -> Void] = [:]
    var nextKey = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// Whether `cancel()` was called.
  package var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Calls the operation off. The handlers run on this thread, each once; later calls do nothing.
  package func cancel() {
    let handlers = state.withLock { state in
      defer { state.handlers = [:] }
      state.isCancelled = true
      return state.handlers
    }
    for handler in handlers.values { handler() }
  }

  /// Runs `body`; if the operation is called off before or meanwhile, `handler` runs once too.
  ///
  /// On another thread, so perhaps only after `body` has returned: it must do no harm then.
  package func withHandler<T, E: Error>(
    _ handler: @escaping @Sendable () -> Void, _ body: () throws(E) -> T
  ) throws(E) -> T {
    let key: Int? = state.withLock { state in
      if state.isCancelled { return nil }
      state.nextKey += 1
      state.handlers[state.nextKey] = handler
      return state.nextKey
    }
    guard let key else {
      handler()
      return try body()
    }
    defer { state.withLock { _ = $0.handlers.removeValue(forKey: key) } }
    return try body()
  }
}
