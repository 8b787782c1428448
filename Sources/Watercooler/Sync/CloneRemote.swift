internal import Platform

/// The remote of a clone: asking it, and pushing to it.
struct CloneRemote: OnClone {
  let open: OpenClone
}

extension CloneRemote {
  /// Asks the remote for the branch: one round trip. What it has is then under `clone.trackingRef`,
  /// and nothing else has changed.
  /// - Parameters:
  ///   - removesLocks: Whether what a killed git left locked may go.
  ///   - isAgain: Whether it has said already that the history was rewritten.
  /// - Returns: Why the remote did not answer; nil if it did.
  func fetch(
    _ lock: borrowing FetchLock, until deadline: Deadline, removesLocks: Bool = true,
    isAgain: Bool = false
  ) throws -> RemoteProblem? {
    if let hold { return placed(hold) }
    let asked = ContinuousClock.now
    let result: CommandResult
    do {
      result = heard(
        try repository.fetch(
          clone.branchRef, into: clone.trackingRef, from: Clone.remote, until: deadline))
    } catch let error {
      return try Self.problem(error, .unreachable)
    }
    if let held = repository.locks.inTheWay(of: result) {
      // Reads come here without a write that would have removed what a killed git left.
      if removesLocks,
        try clone.withLock(
          WriteLock.self, deadline: shortTurn, { _ in try recovery.removeStaleLocks() })
      {
        return try fetch(lock, until: deadline)
      }
      return RemoteProblem(.locked, detail: held.what)
    }
    if result.succeeded {
      guard isReported(in: result) else {
        throw GitError.unexpected("asking the remote", "it does not say how \(clone.branch) is")
      }
      // A push of others after we asked is not in the answer.
      clone.contact.touch(ago: ContinuousClock.now - asked)
      return nil
    }
    var problem = RemoteProblem(stderr: result.stderr + result.stdout)
    // A push of ours that arrived after the remote had answered looks so, too.
    if problem.kind == .historyRewritten, !isAgain {
      return try fetch(lock, until: deadline, removesLocks: removesLocks, isAgain: true)
    }
    // Nothing was sent that may have arrived.
    if problem.kind == .cutOff { problem = RemoteProblem(.unreachable, detail: problem.detail) }
    problem = placed(problem)
    return problem.kind == .noBranch
      ? try absence(problem, lock, removesLocks: removesLocks, until: deadline) : problem
  }

  /// Whether a fetch tells of the branch: ` = [up to date]      main       -> origin/main`, say.
  private func isReported(in result: CommandResult) -> Bool {
    let name = clone.trackingRef.dropFirst("refs/remotes/".count)
    return String(decoding: result.stderr, as: UTF8.self).split(separator: "\n")
      .contains { $0.hasSuffix("-> \(name)") }
  }

  /// A problem with what a hint has to name. A remote that did not answer as it wants to be left alone has
  /// that one.
  func placed(_ problem: RemoteProblem) -> RemoteProblem {
    var problem = problem.kind == .unreachable ? hold ?? problem : problem
    guard let url = settings.url else { return problem }
    var place = RemoteProblem.Place(
      url: Redaction.redact(url), branch: clone.branch, root: clone.root,
      renewal: newClone(branch: "NAME"))
    (place.key, place.knownHosts) = (settings.ssh.key, settings.ssh.knownHosts)
    problem.place = place
    return problem
  }

  /// A call that was cut off by its deadline, or killed, as the remote's problem; other errors are
  /// thrown.
  static func problem(_ error: GitError, _ kind: RemoteProblem.Kind) throws -> RemoteProblem {
    switch error.interruption {
    case .deadlinePassed: return RemoteProblem(kind, detail: "no answer in time")
    case .cancelled: throw Interruption.cancelled
    case nil where error.isPassing: return RemoteProblem(kind, detail: error.message)
    case nil: throw error
    }
  }

  /// Fetches, unless the remote answered somebody within `age` before the call, or since: whoever waited for the lock
  /// shares that contact.
  func fetchOnce(since age: Duration, until deadline: Deadline) throws -> RemoteProblem? {
    let asked = ContinuousClock.now
    return try clone.withLock(FetchLock.self, deadline: deadline) { lock in
      if clone.contact.isWithin(age + (ContinuousClock.now - asked)) { return nil }
      return try fetch(lock, until: deadline)
    }
  }

  /// Pushes a commit, if the remote is where it was made on: nothing is overwritten, whatever was fetched since.
  /// - Returns: What became of it, and what the remote said.
  func push(
    _ candidate: Candidate, _ lock: borrowing PushLock, until deadline: Deadline
  ) throws -> (PushOutcome, words: String) {
    if candidate.parent == nil, let obstacle = try obstacleToBeginning(until: deadline) {
      return (obstacle, "")
    }
    if let hold { return (.failed(placed(hold)), "") }
    do {
      let result = heard(
        try repository.push(
          candidate.commit, over: candidate.parent, to: clone.branchRef, at: Clone.remote,
          until: deadline))
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

  /// The commands that make a clone anew, with what only the old one's files have: entries that are
  /// missing in the new one are taken in as an edit.
  func newClone(branch: String? = nil) -> String {
    StoreMark(
      url: clone.isLinked ? nil : settings.url.map(Redaction.url) ?? "URL",
      branch: branch ?? clone.branch,
      path: clone.path.isEmpty ? nil : clone.path
    ).renewal(of: clone.root)
  }
}

// MARK: - A host that wants to be left alone

extension CloneRemote {
  private var retryAfter: RetryAfter.Note {
    let url = Redaction.redact(settings.url ?? "")
    return RetryAfter.Note(
      file: clone.note(.retryAfter), host: String(url.filter { !$0.isWhitespace }))
  }

  /// Why the remote is not asked now, by any process of this clone; nil where it may be.
  var hold: RemoteProblem? { retryAfter.current?.problem }

  /// The result of a call to the remote; notes down when that may be asked again, if it says so.
  func heard(_ answer: RemoteAnswer) -> CommandResult {
    if !answer.result.succeeded, let asked = RetryAfter(answer.trace) { retryAfter.keep(asked) }
    return answer.result
  }
}
