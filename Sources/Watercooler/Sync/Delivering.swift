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
      try clone.withLock(.push, deadline: turn) { _ in
        try push(id, isNew, &delivery, until: deadline)
      }
    } catch var error {
      // Nobody else may come by and commit what was written.
      if let id {
        do {
          delivery.notes += try commitUncommitted()
          try checkIsKept(id, isNew)
        } catch let failure {
          error = failure
        }
      }
      delivery.problem = Self.explained(error)
      // What is not over by itself with time needs somebody.
      let isPassing =
        error is Interruption || error is LockError || (error as? GitError)?.isPassing == true
      if !isPassing { delivery.state = .blocked }
      if let state = try? state() { delivery.wait(state) }
      // Neither committed nor taken out again.
      if let id, clone.uncommitted.contains(id) { delivery.state = .unknown }
    }
    return delivery
  }

  private func push(
    _ id: EntryID?, _ isNew: Bool, _ delivery: inout Delivery, until deadline: Deadline
  ) throws {
    var backoff = Backoff()
    delivery.notes += try commitUncommitted()
    if clone.contention.isWithin(.seconds(5)) {
      // Others push all the time: rather look first than be refused.
      if let problem = try pull(&delivery, until: deadline) {
        return delivery.end(because: problem, try state())
      }
    }
    while true {
      if isNew, let id, let commit = clone.recentPushes.commit(of: id) {
        delivery.commit = commit
        delivery.state = .pushed
        return
      }
      delivery.notes += try commitUncommitted()
      let state = try state()
      if state.isBehind {
        try integrateLocked(&delivery)
        continue
      }
      if try isDone(id, isNew, state, &delivery) { return }
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
      case .failed(let problem) where problem.kind == .cutOff:
        // The remote may have it: ask.
        if let other = try pull(&delivery, until: deadline) {
          return delivery.end(because: other.isPassing ? problem : other, state)
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
      delivery.commit = try commit(of: id)
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
    let failure = clone.failures.error(of: id)
    if !isNew, failure == nil { return }
    if try isCommitted(id) { return }
    throw failure ?? TakenBack()
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
    // The lease refuses to make a branch again that was deleted. As the tip is an ancestor, nothing is
    // ever overwritten by it.
    let lease = "--force-with-lease=\(clone.branchRef):\(tip ?? "")"
    do {
      let result = try git.run(
        [
          "push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-recurse-submodules",
          lease, Clone.remote, "\(commit):\(clone.branchRef)",
        ], in: clone.root, until: deadline)
      let outcome = PushOutcome(result, branch: clone.branchRef)
      let words = RemoteProblem(stderr: result.stderr).detail
      if case .failed(let problem) = outcome { return (.failed(placed(problem)), words) }
      return (outcome, words)
    } catch {
      return (.failed(try Self.problem(error, .cutOff)), "")
    }
  }

  private func pull(_ delivery: inout Delivery, until deadline: Deadline) throws -> RemoteProblem? {
    let began = ContinuousClock.now
    defer { delivery.spent.pull += ContinuousClock.now - began }
    return try clone.withLock(.fetch, deadline: deadline) { _ in try fetch(until: deadline) }
  }

  private func integrateLocked(_ delivery: inout Delivery) throws {
    let began = ContinuousClock.now
    defer { delivery.spent.pull += ContinuousClock.now - began }
    delivery.arrived += try clone.withLock(.write, deadline: .after(Self.localPatience)) { lock in
      delivery.notes += try prepare(lock)
      return try integrate(lock, notes: &delivery.notes)
    }
  }

  /// The commit in the remote that carries an entry or a change, by its trailer.
  func commit(of id: EntryID) throws -> String? {
    let found = try run([
      "log", "-1", "--format=%H", "--fixed-strings", "--grep=\(Trailer.entryID): \(id)",
      clone.trackingRef, "--",
    ])
    if !found.succeeded, try commit(at: clone.trackingRef) != nil {
      throw GitError.failed("looking for what was pushed", found)
    }
    let text = String(decoding: found.stdout, as: UTF8.self).filter { !$0.isNewline }
    return text.isEmpty ? nil : text
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

/// Somebody dropped from the outbox what was about to be sent.
struct TakenBack: ExplainedError {
  var message: String { "not written: it was taken back with 'wc outbox drop' before it was sent" }
  var hint: String? { "say it again, if that was not meant" }
}

extension Delivery {
  /// It was not sent, because of this.
  mutating func end(because problem: RemoteProblem, _ state: CloneState) {
    self.problem = problem
    self.state =
      switch problem.kind {
      case .unreachable, .locked, .busy: .queued
      case .cutOff: .unknown
      default: .blocked
      }
    wait(state)
  }

  mutating func wait(_ state: CloneState) {
    waiting = state.ahead.changeCount
    waitingSince = state.ahead.first?.time
  }
}

extension CloneCommit {
  /// Whether it carries this; every commit carries nothing in particular.
  func has(_ id: EntryID?) -> Bool { id.map { entryIDs.contains($0) } ?? true }
}
