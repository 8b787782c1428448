package import Platform

/// The event that somebody waits for.
package enum Awaited: String, Sendable, CaseIterable {
  /// An entry that the reader has not seen.
  case update
  /// The reader's turn: the ball of an open thread.
  case ball
}

/// The result of waiting.
package enum Waited: Sendable {
  case came(Updates)
  /// Nothing came that could be seen; whether all could be looked at, these tell.
  case timeIsUp(Updates)

  /// Nil when the time was up.
  package var updates: Updates? { if case .came(let updates) = self { updates } else { nil } }
}

extension Workspace {
  /// Waits until something is there for the reader; at once if it is there already.
  ///
  /// A remote that cannot be reached is no error: it is asked again, and what comes back says so.
  /// - Parameters:
  ///   - topic: Only in this thread; in any by default.
  ///   - since: As for `updates`.
  ///   - progress: Hears twice a second how long it has been waited.
  ///   - trouble: Hears why the remote does not answer, each time that it begins not to.
  /// - Returns: What came; with `.ball`, the threads of the reader's turn, with what is new in them
  ///   and perhaps without. When the time is up, how things stood then.
  /// - Throws: `Interruption.cancelled`, and what `updates` throws.
  package func wait(
    for what: Awaited, topic: String? = nil, since: String? = nil, deadline: Deadline,
    progress: (Duration) -> Void = { _ in }, trouble: (any ExplainedError) -> Void = { _ in }
  ) throws -> Waited {
    let began = ContinuousClock.now
    let patience = Duration.seconds(try configuration.number(.timeout))
    let pace = Pace.waiting(poll: try pollInterval())
    let workspace = try refreshed(deadline: deadline.limited(to: patience))
    // Before anything is looked for: what comes meanwhile is news to it.
    var threads = ThreadsWatch(workspace)
    var problem = workspace.freshness?.problem
    // A caller who has called it off knows why nothing comes.
    func tell(_ problem: any ExplainedError) {
      if !deadline.cancellation.isCancelled { trouble(problem) }
    }
    if let problem { tell(problem) }
    var last = try workspace.awaited(what, topic: topic, since: since)
    if !last.isEmpty { return .came(last) }
    _ = try watch(&threads, pace: pace, until: deadline) { look in
      progress(ContinuousClock.now - began)
      if look.isContactNew, let contact = look.contact {
        if problem == nil, let problem = contact.problem { tell(problem) }
        problem = contact.problem
      }
      if look.news.isEmpty { return false }
      last = try asItIs(problem: problem, until: deadline.limited(to: patience))
        .awaited(what, topic: topic, since: since)
      return !last.isEmpty
    }
    if !last.isEmpty { return .came(last) }
    // As it is now: a remote that was away, a thread that cannot be read.
    let moment = Deadline.after(
      settlingPatience, cancellation: deadline.cancellation)
    last = try asItIs(problem: problem, until: moment)
      .awaited(what, topic: topic, since: since)
    return last.isEmpty ? .timeIsUp(last) : .came(last)
  }

  private func awaited(_ what: Awaited, topic: String?, since: String?) throws -> Updates {
    let topics = topic.map { [$0] } ?? []
    return switch what {
    case .update: try updates(since: since, topics: topics)
    case .ball: try updates(since: since, topics: topics) { $0.isYourTurn }
    }
  }
}
