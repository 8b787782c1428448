extension GitProcessSync {
  /// Pushes what is committed here, merging first what others pushed, until it is there, is refused,
  /// or time is up. What cannot be sent now stays, and the delivery says why.
  /// - Parameters:
  ///   - id: What the caller wrote; nil sends whatever waits.
  ///   - isNew: Whether it was committed here just now.
  ///   - patience: How long somebody else's push is waited for; by default as long as there is time.
  func deliver(
    _ id: EntryID?, isNew: Bool = false, patience: Duration? = nil, until deadline: Deadline
  ) -> Delivery {
    var delivery = Delivery(.queued)
    do {
      let turn = patience.map { deadline.limited(to: $0) } ?? deadline
      try clone.withLock(PushLock.self, deadline: turn) { _ in
        try push(id, isNew, &delivery, until: deadline)
      }
    } catch {
      delivery.end(becauseOf: error)
      let settling = settling
      if let id { settling.settle(id, isNew, &delivery) }
      do {
        delivery.wait(try settling.state())
      } catch {
        // Its own is one of them.
        if id != nil { delivery.waiting = 1 }
        delivery.notes.append("how many wait could not be told: \(Self.explained(error).message)")
      }
    }
    return delivery
  }

  /// Finds out what became of an entry that was not sent as it should have been: nobody else may come by
  /// and commit what was written.
  private func settle(_ id: EntryID, _ isNew: Bool, _ delivery: inout Delivery) {
    do {
      delivery.notes += try commitUncommitted()
      try checkIsKept(id, isNew)
      // Neither committed nor taken out again.
      if try clone.uncommitted.contains(id) { throw Undecided() }
    } catch let error as CommitError where !error.isUnknown {
      delivery.problem = error
    } catch {
      delivery.state = .unknown
      if !isNew { return }
      do {
        try answerFor(id)
      } catch {
        delivery.problem = error as? CommitError ?? CommitError(undecided: error)
      }
    }
  }

  private struct Undecided: Error {}

  /// Makes sure that nobody takes an entry out of its file any more, of which nobody can tell now whether it
  /// is committed.
  private func answerFor(_ id: EntryID) throws {
    try clone.withLock(WriteLock.self, deadline: deadline) { _ in
      let failure = try clone.failures.error(of: id)
      let isInFile = try store.list().contains { listed in
        guard case .thread(let thread) = listed.content else { return false }
        return thread.entries.contains { $0.id == id }
      }
      guard isInFile else { throw failure ?? CommitError.nowhere }
      if try clone.uncommitted.contains(id) {
        try clone.uncommitted.answer(for: id)
      } else {
        // It may be an edit.
        try forgetSnapshot()
      }
    }
  }

  private func push(
    _ id: EntryID?, _ isNew: Bool, _ delivery: inout Delivery, until deadline: Deadline
  ) throws {
    var backoff = Backoff()
    delivery.notes += try commitUncommitted()
    if clone.contention.isWithin(.seconds(5)) {
      // Others push all the time: rather look first than be refused.
      if let problem = try pull(&delivery, until: deadline) {
        if isNew, let id { try checkIsKept(id, isNew) }
        return delivery.end(because: problem, try state())
      }
    }
    // Where git's own words do not tell how far a push got, the remote is asked, once.
    var hasAsked = false
    while true {
      try deadline.check()
      if isNew, let id, let commit = clone.recentPushes.commit(of: id) {
        delivery.commit = commit
        delivery.state = .pushed
        return
      }
      delivery.notes += try commitUncommitted()
      let state = try state(isLevelLikely: !isNew)
      if state.isBehind {
        try integrateLocked(&delivery)
        continue
      }
      if try isDone(id, isNew, state, &delivery) { return }
      delivery.doubt = nil
      let pushing = ContinuousClock.now
      let (outcome, words) = try pushAll(state, until: deadline)
      let took = ContinuousClock.now - pushing
      delivery.spent.push += took
      delivery.attempts += 1
      switch outcome {
      case .accepted:
        clone.contact.touch()
        clone.refusal.forget()
        clone.recentPushes.add(state.ahead)
        delivery.commit = state.ahead.last { $0.has(id) }?.id ?? state.head
        delivery.state = .pushed
        return
      case .othersPushed(let isVague):
        clone.contention.touch()
        guard backoff.mayGoOn(isVague: isVague) else {
          let problem = RemoteProblem(.policy, detail: "without a reason, several times")
          return delivery.end(because: problem, state)
        }
        do {
          try backoff.wait(until: deadline)
        } catch Interruption.deadlinePassed {
          // Others may be faster for ever, or a push of theirs was killed over there.
          return delivery.end(because: RemoteProblem(.busy, detail: words), state)
        }
        // One that would be cut off by the deadline would only leave a doubt.
        guard deadline.remaining > took * 4 else {
          return delivery.end(because: RemoteProblem(.busy, detail: words), state)
        }
        if let problem = try pull(&delivery, until: deadline) {
          return delivery.end(because: problem, state)
        }
      case .failed(let problem) where problem.kind == .other && !hasAsked:
        hasAsked = true
        delivery.doubt = problem
        if let other = try pull(&delivery, until: deadline) {
          return delivery.end(because: other, state)
        }
      case .failed(let problem) where problem.kind == .cutOff:
        // The remote may have it: ask.
        delivery.doubt = problem
        if let other = try pull(&delivery, until: deadline) {
          let isTold = !other.isPassing || other.kind == .leftAlone
          return delivery.end(because: isTold ? other : problem, state)
        }
        guard backoff.mayGoOn(isVague: true) else { return delivery.end(because: problem, state) }
        try backoff.wait(until: deadline)
      case .failed(let problem):
        if !problem.isPassing { clone.refusal.touch() }
        return delivery.end(because: problem, state)
      }
    }
  }

  /// Whether nothing is left to push; then the delivery says where the entry is.
  private func isDone(
    _ id: EntryID?, _ isNew: Bool, _ state: CloneState, _ delivery: inout Delivery
  ) throws -> Bool {
    if let id, !state.ahead.contains(where: { $0.has(id) }) {
      // Somebody's push carried it. Its commit may be another by now.
      delivery.commit = try commit(of: id, on: clone.trackingRef)
      if delivery.commit == nil { try checkIsKept(id, isNew) }
    }
    // No trailer tells of an entry that came in a commit made by hand: where the remote does not tell
    // of it either, all that waits is sent.
    guard state.ahead.isEmpty || delivery.commit != nil else { return false }
    delivery.state = .pushed
    return true
  }

  /// Throws why an entry is not here any more: its commit could not be made, or somebody dropped it.
  private func checkIsKept(_ id: EntryID, _ isNew: Bool) throws {
    let failure = try clone.failures.error(of: id)
    if !isNew, failure == nil { return }
    if try isCommitted(id) { return }
    if let failure { throw failure }
    // Whoever takes something back notes it down. This is otherwise: the file may have it, as an edit.
    try forgetSnapshot()
    throw GitError.unexpected("looking for what was committed", "the branch does not have \(id)")
  }

  private func pushAll(
    _ state: CloneState, until deadline: Deadline
  ) throws -> (PushOutcome, words: String) {
    guard let head = state.head else { return (.accepted, "") }
    // What was committed since `head` waits for the next push.
    return try push(head, over: state.tip, until: deadline)
  }

  /// Pushes a commit that has `tip` among its ancestors; nil where the remote has no such branch yet.
  /// - Returns: What became of it, and what the remote said.
  func push(
    _ commit: String, over tip: String?, until deadline: Deadline
  ) throws -> (PushOutcome, words: String) {
    if tip == nil, let obstacle = try obstacleToBeginning(until: deadline) { return (obstacle, "") }
    if let hold { return (.failed(placed(hold)), "") }
    do {
      let result = heard(
        try repository.push(
          commit, over: tip, to: clone.branchRef, at: Clone.remote, until: deadline))
      let outcome = PushOutcome(result, branch: clone.branchRef)
      let words = RemoteProblem(stderr: result.stderr).detail
      if case .failed(let problem) = outcome { return (.failed(placed(problem)), words) }
      return (outcome, words)
    } catch {
      // However it was ended: it may have arrived.
      if error.interruption == .cancelled {
        return (.failed(RemoteProblem(.cutOff, detail: "called off while it was sent")), "")
      }
      return (.failed(try Self.problem(error, .cutOff)), "")
    }
  }

  private func pull(_ delivery: inout Delivery, until deadline: Deadline) throws -> RemoteProblem? {
    let began = ContinuousClock.now
    defer { delivery.spent.pull += ContinuousClock.now - began }
    return try clone.withLock(FetchLock.self, deadline: deadline) { _ in try fetch(until: deadline)
    }
  }

  private func integrateLocked(_ delivery: inout Delivery) throws {
    let began = ContinuousClock.now
    defer { delivery.spent.pull += ContinuousClock.now - began }
    delivery.arrived += try clone.withLock(WriteLock.self, deadline: deadline) { lock in
      delivery.notes += try prepare(lock)
      return try integrate(lock, notes: &delivery.notes)
    }
  }

  /// The commit of a branch that carries an entry or a change, by its trailer.
  func commit(of id: EntryID, on ref: String) throws(GitError) -> String? {
    try repository.newest(on: ref, withLine: "\(Trailer.entryID): \(id)")
  }

  static func explained(_ error: any Error) -> any ExplainedError {
    switch error {
    // Its hint says that nothing was written, which is so where it is thrown before that.
    case let error as LockError: RemoteProblem(.unreachable, detail: error.message)
    case let error as any ExplainedError: error
    case Interruption.cancelled:
      RemoteProblem(.unreachable, detail: "called off before it was sent")
    case is Interruption: RemoteProblem(.unreachable, detail: "time was up before it was sent")
    default: RemoteProblem(.other, detail: "\(error)")
    }
  }
}

extension Delivery {
  /// It was not sent, because of this; or, where a push that ended otherwise than well may have arrived,
  /// nobody knows.
  mutating func end(because problem: RemoteProblem, _ state: CloneState) {
    self.problem = problem
    self.state =
      switch problem.kind {
      case .unreachable, .leftAlone, .notGit, .locked, .busy: .queued
      case .cutOff: .unknown
      default: .blocked
      }
    if doubt != nil, self.state == .queued { self.state = .unknown }
    wait(state)
  }

  /// The same for what was thrown on the way.
  fileprivate mutating func end(becauseOf error: any Error) {
    problem = doubt ?? GitProcessSync.explained(error)
    // What is not over by itself with time needs somebody.
    let isPassing =
      error is Interruption || error is LockError || (error as? GitError)?.isPassing == true
    state = doubt != nil ? .unknown : isPassing ? .queued : .blocked
  }

  mutating func wait(_ state: CloneState) {
    waiting = state.ahead.changeCount
    waitingSince = state.ahead.first?.time
  }
}
