internal import Platform

/// The one loop in which anything is sent: it pushes candidate after candidate, each made on what the remote has
/// shown by then, until one is accepted or refused, nothing is left to send, or time is up.
struct Sender: OnClone {
  let open: OpenClone
}

/// The commits that one push carries.
struct Outgoing: Sendable {
  let candidate: Candidate
  /// Its commits, with the entries and changes that each carries.
  let commits: [(commit: String, ids: [EntryID])]

  init(_ candidate: Candidate, _ commits: [(commit: String, ids: [EntryID])]) {
    (self.candidate, self.commits) = (candidate, commits)
  }

  init(_ candidate: Candidate, carrying ids: [EntryID]) {
    self.init(candidate, [(candidate.commit, ids)])
  }

  /// All that the remote does not have; nil for nothing.
  init?(_ state: CloneState) {
    guard let head = state.head else { return nil }
    // Its tip is among the parents: the list of commits is whole.
    candidate = Candidate(commit: head, parent: state.tip)
    commits = state.ahead.map { ($0.id, $0.entryIDs) }
  }

  /// All entries and changes that it carries.
  var ids: Set<EntryID> { Set(commits.flatMap(\.ids)) }

  /// The commit that carries an entry or a change; the last one where none is asked about, nil where it has not
  /// the one that is.
  func commit(of id: EntryID?) -> String? {
    guard let id else { return candidate.commit }
    return commits.last { $0.ids.contains(id) }?.commit
  }
}

extension Sender {
  /// The end of the loop.
  enum Ending {
    /// There was nothing to send any more.
    case settled
    case accepted(Outgoing)
    /// Why the remote has not got it.
    case stopped(RemoteProblem)
  }

  /// The way on after a push that was not accepted.
  private enum Turn {
    case again
    case ended(Ending)
  }

  /// Sends what `next` makes, again and again.
  /// - Parameters:
  ///   - delivery: Gets attempts, times, and the doubt about a push that may have arrived.
  ///   - looksFirst: Whether the remote is asked before the first push.
  ///   - next: Makes a candidate on what the remote has shown; nil where nothing is left to send.
  func send(
    _ lock: borrowing PushLock, _ delivery: inout Delivery, looksFirst: Bool,
    until deadline: Deadline, _ next: (inout Delivery) throws -> Outgoing?
  ) throws -> Ending {
    var attempts = Attempts()
    if looksFirst, let problem = try pull(&delivery, until: deadline) { return .stopped(problem) }
    while true {
      try deadline.check()
      guard let outgoing = try next(&delivery) else { return .settled }
      let offer = try self.offer(outgoing)
      let outcome = try push(outgoing.candidate, lock, &delivery, &attempts, until: deadline)
      if outcome.isRefusal { clone.offered.takeBack(offer) }
      switch outcome {
      case .accepted:
        note(outgoing, lock)
        clone.offered.takeBack(offer)
        return .accepted(outgoing)
      case .othersPushed(let isVague):
        clone.contention.touch()
        if case .ended(let ending) = try raced(isVague, &delivery, &attempts, until: deadline) {
          return ending
        }
      case .failed(let problem):
        if case .ended(let ending) = try failed(problem, &delivery, &attempts, until: deadline) {
          return ending
        }
      }
    }
  }

  /// The attempts so far.
  private struct Attempts {
    var backoff = Backoff()
    /// Whether the remote was asked how far a push got, of which git's own words do not tell: that is done once.
    var hasAsked = false
    /// The time that the last push took, and what the remote said to it.
    var took = Duration.zero
    var words = ""
  }

  private func push(
    _ candidate: Candidate, _ lock: borrowing PushLock, _ delivery: inout Delivery,
    _ attempts: inout Attempts, until deadline: Deadline
  ) throws -> PushOutcome {
    delivery.doubt = nil
    let began = ContinuousClock.now
    let (outcome, words) = try remote.push(candidate, lock, until: deadline)
    attempts.took = ContinuousClock.now - began
    attempts.words = words
    delivery.spent.push += attempts.took
    delivery.attempts += 1
    return outcome
  }

  /// Notes what is about to be sent: should nobody hear what became of it, its records are recognised by that.
  private func offer(_ outgoing: Outgoing) throws -> AppliedRecords {
    let names = try clone.records.names()
    let ids = outgoing.ids
    let carried = Set(names.filter { ids.contains($0.id) }.map(\.number))
    let last = carried.max() ?? 0
    let held = Set(names.map(\.number).filter { $0 < last && !carried.contains($0) })
    let offer = AppliedRecords(
      below: outgoing.candidate.parent, head: outgoing.candidate.commit, number: last, held: held)
    try clone.offered.add(offer)
    return offer
  }

  /// The remote has it: whoever waited for its turn finds what was sent.
  private func note(_ outgoing: Outgoing, _ lock: borrowing PushLock) {
    clone.contact.touch()
    clone.refusal.forget()
    clone.failingPushes.clear()
    clone.recentPushes.add(outgoing.commits)
    // One that stays is found in the remote, and removed then.
    // Before its records go: a reader finds what was sent in one of both.
    noteTip(outgoing.candidate)
    let ids = outgoing.ids
    if let names = try? clone.records.names() {
      clone.records.remove(names.filter { ids.contains($0.id) })
      if names.allSatisfy({ ids.contains($0.id) }) { clone.offered.clear() }
    }
  }

  private func noteTip(_ candidate: Candidate) {
    // Git does so where it is set to: in a repository that follows one branch of code it is not.
    let (commit, parent) = (candidate.commit, candidate.parent)
    do {
      if try repository.refs.tip(of: clone.trackingRef) != parent { return }
      try repository.refs.move(
        clone.trackingRef, to: commit, from: parent ?? "", doing: "noting what was sent")
    } catch {
      // The next fetch does it.
    }
  }

  /// Others were faster: what they pushed is fetched, unless there is no time for another push.
  private func raced(
    _ isVague: Bool, _ delivery: inout Delivery, _ attempts: inout Attempts,
    until deadline: Deadline
  ) throws -> Turn {
    guard attempts.backoff.mayGoOn(isVague: isVague) else {
      let problem = RemoteProblem(.policy, detail: "without a reason, several times")
      return .ended(.stopped(problem))
    }
    let busy = RemoteProblem(.busy, detail: attempts.words)
    do {
      try attempts.backoff.wait(until: deadline)
    } catch Interruption.deadlinePassed {
      // Others may be faster for ever, or a push of theirs was killed over there.
      return .ended(.stopped(busy))
    }
    // One that would be cut off by the deadline would only leave a doubt.
    guard deadline.remaining > attempts.took * 4 else { return .ended(.stopped(busy)) }
    return try pull(&delivery, until: deadline).map { .ended(.stopped($0)) } ?? .again
  }

  /// The push failed. Where it may have arrived all the same, the remote is asked.
  private func failed(
    _ problem: RemoteProblem, _ delivery: inout Delivery, _ attempts: inout Attempts,
    until deadline: Deadline
  ) throws -> Turn {
    switch problem.kind {
    case .other where !attempts.hasAsked:
      attempts.hasAsked = true
      delivery.doubt = problem
      return try pull(&delivery, until: deadline).map { .ended(.stopped($0)) } ?? .again
    case .cutOff:
      delivery.doubt = problem
      if let other = try pull(&delivery, until: deadline) {
        let isTold = !other.isPassing || other.kind == .leftAlone
        return .ended(.stopped(isTold ? other : problem))
      }
      guard attempts.backoff.mayGoOn(isVague: true) else { return .ended(.stopped(problem)) }
      try attempts.backoff.wait(until: deadline)
      return .again
    default:
      // The remote was asked once, and its words are as unknown as before.
      if problem.kind == .other { delivery.doubt = problem }
      if !problem.isPassing { clone.refusal.touch() }
      return .ended(.stopped(problem))
    }
  }

  private func pull(_ delivery: inout Delivery, until deadline: Deadline) throws -> RemoteProblem? {
    let began = ContinuousClock.now
    defer { delivery.spent.pull += ContinuousClock.now - began }
    return try clone.withLock(FetchLock.self, deadline: deadline) { lock in
      try remote.fetch(lock, until: deadline)
    }
  }
}
