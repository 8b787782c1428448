/// What somebody waits for.
package enum Awaited: String, Sendable, CaseIterable {
  /// An entry that the reader has not seen.
  case update
  /// The reader's turn: the ball of an open thread.
  case ball
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
  ///   and perhaps without. Nil when the time is up.
  /// - Throws: `Interruption.cancelled`, and what `updates` throws.
  package func wait(
    for what: Awaited, topic: String? = nil, since: String? = nil, deadline: Deadline,
    progress: (Duration) -> Void = { _ in }, trouble: (any ExplainedError) -> Void = { _ in }
  ) throws -> Updates? {
    let began = ContinuousClock.now
    let patience = Duration.seconds(try configuration.number(.timeout))
    let pace = Pace.waiting(poll: try pollInterval())
    let workspace = try refreshed(deadline: deadline.limited(to: patience))
    // Before anything is looked for: what comes meanwhile is news to it.
    var threads = ThreadsWatch(workspace)
    var problem = workspace.freshness?.problem
    if let problem { trouble(problem) }
    var found = try workspace.awaited(what, topic: topic, since: since)
    if found != nil { return found }
    _ = try watch(&threads, pace: pace, until: deadline) { look in
      progress(ContinuousClock.now - began)
      if look.isContactNew, let contact = look.contact {
        if problem == nil, let problem = contact.problem { trouble(problem) }
        problem = contact.freshness?.problem
      }
      if look.news.isEmpty { return false }
      found = try asItIs(problem: problem).awaited(what, topic: topic, since: since)
      return found != nil
    }
    return found
  }

  private func awaited(_ what: Awaited, topic: String?, since: String?) throws -> Updates? {
    let topics = topic.map { [$0] } ?? []
    let updates =
      switch what {
      case .update: try updates(since: since, topics: topics)
      case .ball: try updates(since: since, topics: topics) { $0.isYourTurn }
      }
    return updates.isEmpty ? nil : updates
  }
}
