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
    var notes = notes
    let outcome = try write(topic, by: agent, deadline: deadline, notes: &notes, change)
    let committed = ContinuousClock.now
    var isNew = false
    if case .write = outcome.change { isNew = true }
    var delivery = deliver(outcome.id, isNew: isNew, until: deadline)
    if let problem = delivery.problem as? CommitError { throw problem }
    delivery.notes = notes + delivery.notes
    delivery.spent.commit = committed - began
    delivery.elapsed = ContinuousClock.now - began
    record("write", delivery, of: outcome)
    return (outcome, delivery)
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
      delivery.end(because: problem, try state())
      // Nothing waits: only the news did not come.
      if delivery.waiting == 0, problem.isPassing { delivery.state = .queued }
    } else {
      delivery = deliver(nil, until: deadline)
      // In step with what was last seen of it is not in step with a remote that nobody has asked.
      if delivery.attempts == 0, delivery.state == .pushed, let problem = freshness.problem {
        (delivery.state, delivery.problem) = (.queued, problem)
      }
    }
    delivery.arrived = freshness.arrived + delivery.arrived
    delivery.notes = notes + delivery.notes + savedJustNow
    delivery.elapsed = ContinuousClock.now - began
    record("sync", delivery)
    // No other call spends time on it. A person's repository is for the person's own git to tidy up.
    if !clone.isLinked { repository.maintain() }
    return delivery
  }
}
