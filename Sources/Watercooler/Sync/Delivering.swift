internal import Platform

/// Sending what is committed here, merging first what others pushed.
extension Sender {
  /// Sends until it is there, is refused, or time is up. What cannot be sent now stays, and the delivery says
  /// why.
  /// - Parameters:
  ///   - id: What the caller asks about; nil sends whatever waits.
  ///   - isNew: Whether it was written just now.
  ///   - made: The commit of it, where it has one for itself.
  ///   - patience: How long somebody else's push is waited for; by default as long as there is time.
  func deliver(
    _ id: EntryID? = nil, isNew: Bool = false, _ made: Candidate? = nil,
    patience: Duration? = nil, until deadline: Deadline
  ) -> Delivery {
    let asked = Asked(id: id, isNew: isNew)
    let written = made.flatMap { made in id.map { Outgoing(made, carrying: [$0]) } }
    var delivery = Delivery(.queued)
    do {
      let turn = patience.map { deadline.limited(to: $0) } ?? deadline
      try clone.withLock(PushLock.self, deadline: turn) { lock in
        try deliver(asked, written, lock, &delivery, until: deadline)
      }
    } catch {
      delivery.end(becauseOf: error)
      settling.finish(asked, &delivery)
    }
    return delivery
  }

  /// The entry or change that a delivery is to tell of.
  private struct Asked {
    /// Nil for nothing in particular.
    let id: EntryID?
    /// Whether it was written just now.
    let isNew: Bool
  }

  private func deliver(
    _ asked: Asked, _ written: Outgoing?, _ lock: borrowing PushLock, _ delivery: inout Delivery,
    until deadline: Deadline
  ) throws {
    var fresh = try commitWaiting(&delivery) ?? written
    var trouble: (any ExplainedError)?
    // Others push all the time: rather look first than be refused.
    let looksFirst = clone.contention.isWithin(.seconds(5))
    let ending = try send(lock, &delivery, looksFirst: looksFirst, until: deadline) { delivery in
      trouble = try beside.trouble
      do {
        if trouble == nil { return try next(asked, &fresh, lock, &delivery) }
      } catch let conflict as IntegrationConflict {
        trouble = conflict
      }
      return try nextBeside(asked, &delivery)
    }
    switch ending {
    case .settled:
      delivery.state = .pushed
      try tellHeld(asked, trouble, &delivery)
    case .accepted(let outgoing):
      // An entry that was committed by hand is in no trailer.
      let other = trouble == nil ? outgoing.candidate.commit : delivery.commit
      delivery.commit = outgoing.commit(of: asked.id) ?? other
      delivery.state = .pushed
      try tellHeld(asked, trouble, &delivery)
    case .stopped(let problem):
      // Before the first turn nobody has looked.
      if delivery.attempts == 0, asked.isNew, let id = asked.id { try checkIsKept(id, isNew: true) }
      delivery.end(because: problem)
      // A failure whose reason nobody knows may pass; one that has repeated for long will not by itself.
      if delivery.state == .unknown, let known = clone.failingPushes.add(problem.detail) {
        delivery.state = .blocked
        delivery.problem = RemoteProblem(
          .other, detail: "\(problem.detail) (\(known.count) times since \(known.since))")
      }
      count(asked, &delivery)
    }
  }

  /// Counts what waits. Time may be up by now.
  private func count(_ asked: Asked, _ delivery: inout Delivery) {
    do {
      (delivery.waiting, delivery.waitingSince) = try settling.outbox.count()
    } catch {
      // Its own is one of them.
      if asked.id != nil { delivery.waiting = 1 }
      delivery.notes.append("how many wait could not be told: \(explained(error).message)")
    }
  }

  /// The commits that are sent next; nil for none, and then the delivery says where the caller's own entry is.
  /// - Parameter fresh: What was committed just now, and is all that there is to send if the remote is where it
  ///   was: then git need not be asked. Only the first turn believes it.
  private func next(
    _ asked: Asked, _ fresh: inout Outgoing?, _ lock: borrowing PushLock,
    _ delivery: inout Delivery
  ) throws -> Outgoing? {
    if asked.isNew, let id = asked.id, let commit = clone.recentPushes.commit(of: id) {
      delivery.commit = commit
      return nil
    }
    if let group = try commitWaiting(&delivery) { fresh = group }
    if let outgoing = fresh {
      fresh = nil
      if try outgoing.commit(of: asked.id) != nil && isLevel(outgoing) { return outgoing }
    }
    if let many = try branch.standing.many { return many }
    let state = try upToDate(isLevelLikely: !asked.isNew, &delivery)
    return try isSettled(asked, state, &delivery) ? nil : Outgoing(state)
  }

  /// The same, past a branch that is somebody else's, or that what the remote has cannot be brought into.
  private func nextBeside(_ asked: Asked, _ delivery: inout Delivery) throws -> Outgoing? {
    if asked.isNew, let id = asked.id, let commit = clone.recentPushes.commit(of: id) {
      delivery.commit = commit
      return nil
    }
    let outgoing = try besideOutgoing(&delivery)
    if let id = asked.id, try outgoing?.ids.contains(id) != true && !isWaiting(id) {
      delivery.commit = try workTree.commit(of: id, on: clone.trackingRef)
      // One that was committed by hand is in no trailer.
      if try delivery.commit == nil && workTree.isCommitted(id, at: clone.trackingRef) {
        delivery.commit = try repository.refs.tip(of: clone.trackingRef)
      }
      if delivery.commit == nil { try checkIsKept(id, isNew: true) }
    }
    return outgoing
  }

  private func besideOutgoing(_ delivery: inout Delivery) throws -> Outgoing? {
    delivery.notes += beside.notice()
    return try clone.withLock(WriteLock.self, deadline: deadline) { lock in
      try beside.outgoing(lock, notes: &delivery.notes)
    }
  }

  /// Brings the branch up to what was fetched.
  /// - Returns: How both stand to each other then.
  private func upToDate(isLevelLikely: Bool, _ delivery: inout Delivery) throws -> CloneState {
    while true {
      let state = try self.state(isLevelLikely: isLevelLikely)
      if state.isBehind {
        try integrate(&delivery)
      } else if try branch.standing.isCommitted {
        return state
      } else {
        _ = try commitWaiting(&delivery)
      }
      try deadline.check()
    }
  }

  /// Commits all records, and brings the branch up to what was fetched.
  /// - Returns: What is to be sent then; nil for nothing.
  func upToDate(_ delivery: inout Delivery) throws -> Outgoing? {
    if try beside.trouble != nil { return try besideOutgoing(&delivery) }
    do {
      _ = try commitWaiting(&delivery)
      return Outgoing(try upToDate(isLevelLikely: true, &delivery))
    } catch is IntegrationConflict {
      return try besideOutgoing(&delivery)
    }
  }

  /// Whether something is made right on what the remote had when it was last heard of, is all that the branch has
  /// beyond it, and nobody has taken it back since.
  private func isLevel(_ outgoing: Outgoing) throws -> Bool {
    guard let parent = outgoing.candidate.parent else { return false }
    return try repository.refs.tip(of: clone.trackingRef) == parent
      && head() == outgoing.candidate.commit
  }

  /// Commits the records that wait for it. Somebody may have another branch checked out by now, or have left a
  /// rebase.
  /// - Returns: What can be sent of it.
  private func commitWaiting(_ delivery: inout Delivery) throws -> Outgoing? {
    if try branch.standing.isCurrent || beside.trouble != nil { return nil }
    let prepared = try clone.withLock(WriteLock.self, deadline: deadline) {
      try workTree.prepare($0)
    }
    delivery.notes += prepared.notes
    if let problem = prepared.problem { throw problem }
    return prepared.outgoing
  }

  /// Says of what was asked about, or of anything, that it waits: its thread cannot be written to, or it is in the
  /// branch, and that cannot be sent.
  /// - Parameter trouble: Why all that is sent goes past the branch; nil where it does not.
  private func tellHeld(
    _ asked: Asked, _ trouble: (any ExplainedError)?, _ delivery: inout Delivery
  ) throws {
    let standing = try branch.standing
    var isHeld: Bool
    if let id = asked.id {
      // A record in the branch was sent with it, be it by somebody who was killed before he could remove it.
      isHeld = standing.waiting.contains { $0.id == id }
      if trouble != nil, delivery.commit == nil { isHeld = true }
    } else {
      isHeld = !standing.held.isEmpty
    }
    if !isHeld, trouble == nil || asked.id != nil { return }
    count(asked, &delivery)
    if !isHeld, delivery.waiting == 0 { return }
    let (records, unreadable) = clone.records.read(standing.waiting)
    let ref = trouble == nil ? clone.branchRef : clone.trackingRef
    let causes = try applying.apply(records, to: try repository.refs.tip(of: ref)).held
    let cause = causes.first { asked.id == nil || $0.record.id == asked.id }?.cause
    delivery.problem = cause ?? unreadable.first ?? trouble
    (delivery.state, delivery.commit) = (.blocked, nil)
  }

  /// Whether nothing is left to push; then the delivery says where the entry is.
  private func isSettled(
    _ asked: Asked, _ state: CloneState, _ delivery: inout Delivery
  ) throws -> Bool {
    if let id = asked.id, !state.ahead.contains(where: { $0.has(id) }) {
      // Somebody's push carried it. Its commit may be another by now.
      delivery.commit = try workTree.commit(of: id, on: clone.trackingRef)
      if delivery.commit == nil { try checkIsKept(id, isNew: asked.isNew) }
    }
    // No trailer tells of an entry that came in a commit made by hand: where the remote does not tell
    // of it either, all that waits is sent.
    return state.ahead.isEmpty || delivery.commit != nil
  }

  private func integrate(_ delivery: inout Delivery) throws {
    let began = ContinuousClock.now
    defer { delivery.spent.pull += ContinuousClock.now - began }
    delivery.arrived += try clone.withLock(WriteLock.self, deadline: deadline) { lock in
      delivery.notes += try workTree.prepare(lock).notes
      return try integration.integrate(lock, notes: &delivery.notes)
    }
  }

  /// Throws why an entry is not here any more: somebody dropped it, or took it out by hand.
  private func checkIsKept(_ id: EntryID, isNew: Bool) throws {
    if try clone.takenBack.has(id) { throw CommitError.takenBack }
    if try !isNew || isWaiting(id) || workTree.isCommitted(id) { return }
    throw GitError.unexpected("looking for what was committed", "the branch does not have \(id)")
  }

  private func isWaiting(_ id: EntryID) throws -> Bool {
    try clone.records.names().contains { $0.id == id }
  }
}

// MARK: - What became of it

extension Sender {
  /// Finds out what became of what was not sent as it should have been, and how much waits.
  private func finish(_ asked: Asked, _ delivery: inout Delivery) {
    if let id = asked.id { settle(id, asked, &delivery) }
    count(asked, &delivery)
  }

  /// Finds out what became of a record, and commits it, should nobody else come by: the programs of earlier versions
  /// know of commits alone.
  private func settle(_ id: EntryID, _ asked: Asked, _ delivery: inout Delivery) {
    do {
      _ = try? commitWaiting(&delivery)
      if let commit = clone.recentPushes.commit(of: id), try !isWaiting(id) {
        (delivery.state, delivery.commit, delivery.problem) = (.pushed, commit, nil)
      } else {
        try checkIsKept(id, isNew: asked.isNew)
      }
    } catch let error as CommitError {
      delivery.problem = error
    } catch {
      delivery.state = .unknown
    }
  }
}

extension Delivery {
  /// It was not sent, because of this; or, where a push that ended otherwise than well may have arrived,
  /// nobody knows.
  mutating func end(because problem: RemoteProblem) {
    self.problem = problem
    self.state =
      switch problem.kind {
      case .unreachable, .leftAlone, .notGit, .locked, .busy: .queued
      case .cutOff: .unknown
      default: .blocked
      }
    // Words that nobody knows are what the remote said twice: it was asked in between.
    let isSaidTwice = problem.kind == .other && (doubt as? RemoteProblem)?.kind == .other
    if doubt != nil, !isSaidTwice { self.state = .unknown }
  }

  /// Notes that it was not sent, because of an error that was thrown on the way.
  fileprivate mutating func end(becauseOf error: any Error) {
    problem = doubt ?? explained(error)
    // A problem that is not over by itself with time needs somebody.
    let isPassing =
      error is Interruption || error is LockError || error is BranchMoved
      || (error as? GitError)?.isPassing == true
    state = doubt != nil ? .unknown : isPassing ? .queued : .blocked
  }
}
