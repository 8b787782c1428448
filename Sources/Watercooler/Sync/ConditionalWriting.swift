package import Platform

extension GitProcessSync {
  /// Writes to a thread only if a condition holds in the remote, and says so only once the remote has
  /// taken it. It is never queued.
  ///
  /// The commit is made beside the branch, on what the remote has shown, and pushed from there: if
  /// others were faster it is simply not part of anything, and there is nothing to take back. The push
  /// lock is held throughout.
  /// - Parameter change: Checks the condition, and throws if it does not hold; called again after
  ///   every push of somebody else.
  package func writeConditionally(
    _ topic: Topic, by agent: Agent, condition: String, deadline: Deadline,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> (outcome: ThreadOutcome, delivery: Delivery) {
    let began = ContinuousClock.now
    var delivery = Delivery(.pushed)
    let outcome = try send(topic, by: agent, condition, &delivery, until: deadline, change)
    // It is in the remote by now: what is wrong here is to be told, and no reason to fail.
    do {
      try clone.withLock(WriteLock.self, deadline: deadline) { lock in
        delivery.notes += [newAuthor].compactMap { $0 }
        if try beside.trouble != nil { return }
        delivery.notes += try workTree.prepare(lock).notes
        delivery.arrived += try integration.integrate(lock, notes: &delivery.notes).filter {
          $0.entryID == nil || $0.entryID != outcome.id
        }
      }
    } catch {
      delivery.notes.append("the files here are not up to date: \(explained(error))")
    }
    delivery.elapsed = ContinuousClock.now - began
    clone.contacts.record("conditional write", delivery, of: outcome)
    return (outcome, delivery)
  }

  /// The outcome of the last turn: the change was made, or refused by its condition.
  private struct Turn {
    var outcome: ThreadOutcome?
    var refusal: (any Error)?
  }

  /// Sends the change, made anew on whatever the remote has by then, and before it what waits here: the condition is
  /// about all that was said before.
  private func send(
    _ topic: Topic, by agent: Agent, _ condition: String, _ delivery: inout Delivery,
    until deadline: Deadline, _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    var turn = Turn()
    do {
      let ending = try clone.withLock(PushLock.self, deadline: deadline) { lock in
        try sender.send(lock, &delivery, looksFirst: true, until: deadline) { delivery in
          turn = Turn()
          let waiting: Outgoing?
          do {
            waiting = try sender.upToDate(&delivery)
          } catch {
            // Nothing of it is made yet.
            throw delivery.doubt.map { ConditionalError.cutOff($0) }
              ?? ConditionalError.notReachable(explained(error))
          }
          // The change looks for the entry first: what it finds now is settled.
          delivery.doubt = nil
          let made = try next(topic, by: agent, condition, after: waiting, &turn, change)
          return made ?? waiting
        }
      }
      switch ending {
      case .settled: break
      case .accepted(let outgoing): delivery.commit = outgoing.candidate.commit
      case .stopped(let problem):
        throw delivery.doubt.map { ConditionalError.cutOff($0) }
          ?? ConditionalError.notReachable(problem)
      }
    } catch let error as ConditionalError {
      throw error
    } catch {
      // A push of ours may have arrived: then nobody can say that nothing was written.
      if let doubt = delivery.doubt { throw ConditionalError.cutOff(doubt) }
      throw (error as? GitError).map { CommitError(uncommitted($0)) } ?? error
    }
    if let refusal = turn.refusal { throw refusal }
    guard let outcome = turn.outcome else { throw Interruption.deadlinePassed }
    return outcome
  }

  /// Makes the change on what the remote has, with what goes before it.
  /// - Parameter waiting: What goes before it, also where its condition does not hold.
  /// - Returns: Nil where nothing is to be written.
  private func next(
    _ topic: Topic, by agent: Agent, _ condition: String, after waiting: Outgoing?,
    _ turn: inout Turn, _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> Outgoing? {
    let tip = try repository.refs.tip(of: clone.trackingRef)
    let (made, draft): (ThreadOutcome, CommitDraft?)
    do {
      (made, draft) = try self.made(
        topic, by: agent, condition, on: waiting?.candidate.commit ?? tip, change)
    } catch {
      if waiting == nil { throw error }
      turn.refusal = error
      return nil
    }
    turn.outcome = made
    guard let draft else { return nil }
    let commit = try repository.commit(draft, by: settings.committer).commit
    return Outgoing(
      Candidate(commit: commit, parent: tip),
      (waiting?.commits ?? []) + [(commit, [made.id].compactMap { $0 })])
  }

  /// The change of a thread as a commit has it, and the commit that is to be made; nil for one where nothing is
  /// to be written.
  private func made(
    _ topic: Topic, by agent: Agent, _ condition: String, on tip: String?,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> (ThreadOutcome, CommitDraft?) {
    let stored = try tip.flatMap { try past.stored(topic, at: $0) }
    let change = try change(stored)
    let named = stored?.topic ?? topic
    func outcome(_ thread: Thread?) -> ThreadOutcome {
      ThreadOutcome(change: change, topic: named, path: store.path(of: named), thread: thread)
    }
    guard case .write(let written) = change else { return (outcome(stored?.thread), nil) }
    let message = CommitMessage(written, topic: named, by: agent, condition: condition)
    return (outcome(written.thread), draft([named: written.thread.bytes], on: tip, message))
  }
}

/// A conditional write that was not made, as nobody can tell whether its condition holds.
package enum ConditionalError: ExplainedError {
  case notReachable((any ExplainedError)?)
  case cutOff(any ExplainedError)

  /// Whether it may have been written.
  package var isUnknown: Bool {
    if case .cutOff = self { true } else { false }
  }

  package var message: String {
    switch self {
    case .notReachable(let cause):
      "not written: a condition can only be checked with the remote"
        + (cause.map { ", and \($0.message)" } ?? "")
    case .cutOff(let problem):
      "nobody knows yet whether it was written: \(problem.message)"
    }
  }

  package var hint: String? {
    switch self {
    case .notReachable(let cause): cause?.hint ?? "try again, or leave the condition out"
    case .cutOff: "look at the thread before you try again"
    }
  }
}
