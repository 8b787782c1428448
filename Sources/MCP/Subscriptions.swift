internal import Platform

/// The client's wishes to hear of changes, in both eras; while there are any, the resources are watched.
final class Subscriptions: Sendable {
  /// The changes that one `subscriptions/listen` asks for, as far as they are agreed to.
  struct Filter: Sendable {
    var uris: [String] = []
    var wantsList = false

    var isEmpty: Bool { uris.isEmpty && !wantsList }

    /// The filter as the acknowledgement says what was agreed to.
    var json: JSON {
      var members: [JSON.Member] = []
      if wantsList { members.append(.init("resourcesListChanged", true)) }
      if !uris.isEmpty {
        members.append(.init("resourceSubscriptions", .array(uris.map { .string($0) })))
      }
      return .object(members)
    }
  }

  private struct Listener {
    let filter: Filter
    /// Nothing is sent before the acknowledgement, and nothing is forgotten.
    var isAcknowledged = false
    var missed: [ResourceChange] = []
  }

  private struct State {
    /// The URIs of `resources/subscribe`.
    var uris: Set<String> = []
    var listeners: [RequestID: Listener] = [:]
    /// Whether a handshake client gets announcements.
    var announces = false
    var watch: Watch?
    var isClosed = false

    var isWanted: Bool { !uris.isEmpty || !listeners.isEmpty || announces }
  }

  /// One run of the catalog's watch.
  private final class Watch: Sendable {
    enum State { case starting, ready, ended(any Error) }

    let cancellation = Cancellation()
    let state = Monitor(State.starting)
  }

  private let definition: ServerDefinition
  private let writer: FrameWriter
  private let state = Monitor(State())

  init(_ definition: ServerDefinition, writer: FrameWriter) {
    (self.definition, self.writer) = (definition, writer)
  }

  /// For `resources/subscribe`. Returns when what changes from now on will be told: it may block, and
  /// belongs on a thread of its own.
  /// - Throws: Why it will not be told; then nothing is different from before.
  func subscribe(to uri: String) throws {
    let isNew = state.withLock { $0.uris.insert(uri).inserted }
    do {
      try waitUntilWatching()
    } catch {
      if isNew { unsubscribe(from: uri) }
      throw error
    }
  }

  func unsubscribe(from uri: String) {
    state.withLock { _ = $0.uris.remove(uri) }
    stopWatchingIfUnwanted()
  }

  /// Announcements go out from now on, to a client that asks for nothing.
  func announce() {
    state.withLock { $0.announces = true }
    keepWatching()
  }

  /// Begins to watch, if somebody wants it and nothing watches: nobody asks again for what was announced
  /// while the system had no thread to give.
  func keepWatching() {
    if state.read({ $0.isWanted && $0.watch == nil && !$0.isClosed }) { _ = startWatching() }
  }

  /// For `subscriptions/listen`; `acknowledge` comes next, on a thread of its own. False if all is closed.
  func listen(_ id: RequestID, _ filter: Filter) -> Bool {
    state.withLock { state in
      if !state.isClosed { state.listeners[id] = Listener(filter: filter) }
      return !state.isClosed
    }
  }

  /// Says that what changes from now on will be told. May block.
  /// - Throws: Why it will not be told; the listener is to be ended then.
  func acknowledge(_ id: RequestID) throws {
    guard let filter = state.withLock({ $0.listeners[id]?.filter }) else { return }
    if !filter.isEmpty { try waitUntilWatching() }
    send("notifications/subscriptions/acknowledged", ["notifications": filter.json], to: id) {
      self.state.withLock { state in
        state.listeners[id]?.isAcknowledged = true
        return state.listeners[id] != nil
      }
    }
    let missed = state.withLock { $0.listeners[id]?.missed ?? [] }
    for change in missed { tell(change, to: id, filter) }
  }

  /// Ends what `listen` began; returns whether there was such a thing.
  func end(_ id: RequestID) -> Bool {
    let isListener = state.withLock { $0.listeners.removeValue(forKey: id) != nil }
    stopWatchingIfUnwanted()
    return isListener
  }

  /// Ends everything, and answers those who listen. May block.
  func close(_ inFlight: CallsInFlight) {
    let listeners = state.withLock { state in
      defer { (state.listeners, state.uris, state.announces) = ([:], [], false) }
      state.isClosed = true
      return Array(state.listeners.keys)
    }
    stopWatchingIfUnwanted()
    for id in listeners {
      let meta: JSON = ["_meta": .object([.init(Self.subscriptionKey, id.json)])]
      let result = Reply(meta).json(in: .july2026, from: definition)
      writer.send(Response(id: id, outcome: .success(result)).json) { inFlight.finish(id) }
    }
  }

  private static let subscriptionKey = "io.modelcontextprotocol/subscriptionId"

  // MARK: - Watching

  private func waitUntilWatching() throws {
    guard let watch = startWatching() else { return }
    let outcome: Watch.State? = watch.state.wait(until: .now + .seconds(14)) { state in
      if case .starting = state { nil } else { state }
    }
    switch outcome {
    case .ready: return
    case .ended(let error): throw error
    case .starting, nil: throw Interruption.deadlinePassed
    }
  }

  /// The watch that goes on, or a new one; nil where there is nothing to watch.
  private func startWatching() -> Watch? {
    guard let resources = definition.resources else { return nil }
    let (watch, isNew) = state.withLock { state in
      let known = state.watch
      let watch = known ?? Watch()
      state.watch = watch
      return (watch, known == nil)
    }
    if !isNew { return watch }
    do throws(SystemError) {
      try startThread(named: "watch") {
        resources.watch(
          watch.cancellation, { watch.state.withLock { $0 = .ready } }, { self.tell($0) })
        self.end(watch, because: ProtocolError.failed("what is there cannot be watched now"))
      }
    } catch {
      end(watch, because: CallNotBegun.noThread(error))
    }
    return watch
  }

  /// The next one who wants to hear of changes begins a new one.
  private func end(_ watch: Watch, because error: any Error) {
    state.withLock { if $0.watch === watch { $0.watch = nil } }
    watch.state.withLock { $0 = .ended(error) }
  }

  private func stopWatchingIfUnwanted() {
    let watch: Watch? = state.withLock { state in
      if state.isWanted { return nil }
      defer { state.watch = nil }
      return state.watch
    }
    watch?.cancellation.cancel()
  }

  // MARK: - Telling

  private func tell(_ change: ResourceChange) {
    let state = state.withLock { state in
      for (id, listener) in state.listeners where !listener.isAcknowledged {
        state.listeners[id]?.missed.append(change)
      }
      return state
    }
    if state.isClosed { return }
    for uri in state.uris.sorted() where change.touches(uri) {
      send("notifications/resources/updated", ["uri": .string(uri)])
    }
    if change.isListChanged, !state.uris.isEmpty {
      send("notifications/resources/list_changed", [:])
    }
    if state.announces {
      for announcement in change.announcements { send(announcement.method, announcement.params) }
    }
    for (id, listener) in state.listeners where listener.isAcknowledged {
      tell(change, to: id, listener.filter)
    }
  }

  private func tell(_ change: ResourceChange, to id: RequestID, _ filter: Filter) {
    let isWanted = { self.state.withLock { $0.listeners[id] != nil } }
    for uri in filter.uris where change.touches(uri) {
      send("notifications/resources/updated", ["uri": .string(uri)], to: id, if: isWanted)
    }
    if change.isListChanged, filter.wantsList {
      send("notifications/resources/list_changed", [:], to: id, if: isWanted)
    }
  }

  private func send(
    _ method: String, _ params: JSON, to listener: RequestID? = nil,
    if isWanted: () -> Bool = { true }
  ) {
    var members = params.object ?? []
    if let listener {
      members.append(.init("_meta", .object([.init(Self.subscriptionKey, listener.json)])))
    }
    writer.send(Notification(method: method, params: .object(members)).json, if: isWanted)
  }
}
