package import Platform

/// Threads kept in step with a remote branch, through the system's git: what the rest of the program asks for.
///
/// A write is a commit here first, then one push; a read is one fetch. What others pushed meanwhile is
/// merged by the rules of `ThreadMerge`, and nothing is ever taken from what the remote has shown.
package struct GitProcessSync: OnClone {
  let open: OpenClone
  /// Sentences for people about how it was opened.
  let notes: [String]

  init(open: OpenClone) { self.init(open: open, notes: []) }

  private init(open: OpenClone, notes: [String]) { (self.open, self.notes) = (open, notes) }

  /// - Parameter notes: Sentences for people about how it was opened.
  package init(
    _ clone: Clone, git: Git, settings: SyncSettings, deadline: Deadline, notes: [String] = []
  ) {
    let open = OpenClone(clone, git: git, settings: settings, deadline: deadline)
    self.init(open: open, notes: notes)
  }

  /// The same clone with more to know of how it was opened.
  package func noting(_ notes: [String]) -> GitProcessSync {
    GitProcessSync(open: open, notes: self.notes + notes)
  }

  /// The same clone for another operation.
  package func before(_ deadline: Deadline) -> GitProcessSync {
    GitProcessSync(open: open.before(deadline), notes: notes)
  }
}

extension GitProcessSync {
  /// Writes to a thread: committed here first, then pushed, whatever others push meanwhile.
  ///
  /// Once it is committed it is taken back by `drop` alone: what cannot be sent now waits in the outbox,
  /// and the delivery says so.
  package func write(
    _ topic: Topic, by agent: Agent, deadline: Deadline,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> (outcome: ThreadOutcome, delivery: Delivery) {
    let began = ContinuousClock.now
    let written = try Writer(open: open.before(deadline)).write(topic, by: agent, change)
    let outcome = written.outcome
    let committed = ContinuousClock.now
    var delivery = sender.deliver(
      outcome.id, isNew: outcome.isWrite, written.candidate, until: deadline)
    if let problem = delivery.problem as? CommitError { throw problem }
    delivery.notes = notes + written.notes + delivery.notes
    delivery.spent.commit = committed - began
    delivery.elapsed = ContinuousClock.now - began
    clone.contacts.record("write", delivery, of: outcome)
    return (outcome, delivery)
  }

  /// Looks for what was left behind, and mends it.
  /// - Returns: What people should know of it.
  package func recover(until deadline: Deadline) throws -> [String] {
    try clone.withLock(WriteLock.self, deadline: deadline) { lock in
      try beside.trouble == nil ? workTree.prepare(lock).notes : beside.notice()
    }
  }

  /// Sends what waits, and takes in what others sent.
  package func synchronize(until deadline: Deadline) throws -> Delivery {
    let began = ContinuousClock.now
    var notes = try notes + recover(until: deadline)
    let freshness = try refresh(sharing: .zero, until: deadline, sends: false)
    notes += freshness.notes
    var delivery: Delivery
    if let problem = freshness.remoteProblem {
      delivery = Delivery(.queued)
      delivery.end(because: problem)
      (delivery.waiting, delivery.waitingSince) = try outbox.count()
      // Nothing waits: only the news did not come.
      if delivery.waiting == 0, problem.isPassing { delivery.state = .queued }
    } else {
      delivery = sender.deliver(until: deadline)
      // In step with what was last seen of it is not in step with a remote that nobody has asked.
      if delivery.attempts == 0, delivery.state == .pushed, let problem = freshness.problem {
        (delivery.state, delivery.problem) = (.queued, problem)
      }
    }
    delivery.arrived = freshness.arrived + delivery.arrived
    delivery.notes = notes + delivery.notes + handEdits.savedJustNow
    delivery.elapsed = ContinuousClock.now - began
    clone.contacts.record("sync", delivery)
    // No other call spends time on it. A person's repository is for the person's own git to tidy up.
    if !clone.isLinked { repository.maintain() }
    return delivery
  }
}
