package import Platform

/// The result of one contact with the remote.
package struct Contact: Sendable {
  /// Why the remote did not answer, or not take what was sent; nil if all is well.
  package var problem: (any ExplainedError)?
  /// The changes of others that came with the contact.
  package var arrived: [Delivery.Arrival] = []
  /// The delivery of what waited here; nil for a contact that only reads.
  package var delivery: Delivery?
  /// The freshness of a reading after the contact; nil for one that sends.
  package var freshness: Freshness?
}

/// The purpose of a contact.
package enum ContactPurpose: Sendable {
  /// To read: one that another process of the clone has made will do.
  case reading
  /// To send what waits too, and to do what else a sync does.
  case synchronizing
}

/// The remote, asked again and again on a thread of its own: while it does not answer, what changes on
/// this machine is noticed all the same.
final class RemotePoll: Sendable {
  private struct State {
    var count = 0
    var latest: Contact?
    var hasNews = false
    var isOver = false
    var isStarted = false
    var isRunning = false
  }

  private enum Event { case over, news }

  private let state = Monitor(State())
  private let cancellation = Cancellation()
  private let workspace: Workspace
  private let purpose: ContactPurpose
  private let deadline: Deadline

  /// Nothing is asked before `start`.
  init(of workspace: Workspace, for purpose: ContactPurpose, until deadline: Deadline) {
    var workspace = workspace
    // Somebody waits for news, and is not told of each question.
    workspace.tell = { _ in }
    (self.workspace, self.purpose, self.deadline) = (workspace, purpose, deadline)
  }

  /// Begins to ask, unless it has begun. Where the system has no thread to give, that is told as a
  /// contact without an answer, and this is to be called again.
  func start(_ pace: Pace) {
    let isNew = state.withLock { state in
      defer { (state.isStarted, state.isRunning) = (true, true) }
      return !state.isStarted
    }
    if !isNew { return }
    do throws(SystemError) {
      try startThread(named: "poll") { [self] in
        run(pace)
        state.withLock { $0.isRunning = false }
      }
    } catch {
      state.withLock { state in
        (state.isStarted, state.isRunning) = (false, false)
        if state.latest != nil { return }
        (state.count, state.latest) = (state.count + 1, Contact(problem: error))
      }
    }
  }

  /// Wakes whoever waits, and calls off the contact that is being made.
  func end() {
    state.withLock { $0.isOver = true }
    cancellation.cancel()
  }

  /// Waits until nothing of it goes on: merging what came is never cut off.
  func waitForEnd() {
    // To be killed while it merges does no harm either.
    _ = state.wait(until: .now + .seconds(10)) { $0.isRunning ? nil : true }
  }

  /// The number of contacts so far, and the latest of them.
  var contacts: (count: Int, latest: Contact?) { state.read { ($0.count, $0.latest) } }

  /// Waits for more contacts than `count`, for the end, or for a moment.
  func wait(for count: Int, until moment: ContinuousClock.Instant) {
    _ = state.wait(until: moment) { $0.count > count || $0.isOver ? true : nil }
  }

  /// Something has come, whoever brought it.
  func newsCame() { state.withLock { $0.hasNews = true } }

  // MARK: - The thread

  private func run(_ pace: Pace) {
    var pace = pace
    // Somebody who reads has done so once already.
    var isDue = purpose == .synchronizing
    var latest = ContinuousClock.now
    var isAway = false
    while true {
      if !isDue {
        switch event(before: latest + pace.interval) {
        case .over: return
        case .news:
          pace.newsCame()
          continue
        case nil: break
        }
      }
      isDue = false
      if !isAway, purpose == .reading, let age = workspace.contactAge(deadline: deadline),
        age < pace.interval
      {
        // Another process was faster, and its contact brought what there was.
        latest = .now - age
        continue
      }
      latest = .now
      let contact = contact(sharing: pace.interval * 0.9)
      isAway = contact.problem != nil
      pace.adapt(to: contact)
      state.withLock { ($0.count, $0.latest) = ($0.count + 1, contact) }
    }
  }

  private func event(before moment: ContinuousClock.Instant) -> Event? {
    state.wait(until: moment) { state in
      if state.isOver { return .over }
      if !state.hasNews { return nil }
      state.hasNews = false
      return .news
    }
  }

  private func contact(sharing age: Duration) -> Contact {
    do {
      let patience = try workspace.configuration.number(.timeout)
      let deadline = Deadline(instant: deadline.instant, cancellation: cancellation)
        .limited(to: .seconds(patience))
      switch purpose {
      case .reading:
        let freshness = try workspace.refreshed(sharing: age, deadline: deadline).freshness
        return Contact(
          problem: freshness?.problem, arrived: freshness?.arrived ?? [], freshness: freshness)
      case .synchronizing:
        let delivery = try workspace.synchronize(deadline: deadline)
        return Contact(
          problem: delivery.problem, arrived: delivery.arrived, delivery: delivery)
      }
    } catch {
      return Contact(problem: explained(error))
    }
  }
}

extension Pace {
  fileprivate mutating func adapt(to contact: Contact) {
    if contact.problem != nil {
      remoteWasAway()
    } else if contact.arrived.isEmpty {
      nothingCame()
    } else {
      newsCame()
    }
  }
}
