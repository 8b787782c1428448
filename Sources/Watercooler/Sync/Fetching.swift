extension GitProcessSync {
  /// Asks the remote for the branch: one round trip. What it has is then under `clone.trackingRef`,
  /// and nothing else has changed.
  /// - Parameter removesLocks: Whether what a killed git left locked may go.
  /// - Returns: Why the remote did not answer; nil if it did.
  func fetch(until deadline: Deadline, removesLocks: Bool = true) throws -> RemoteProblem? {
    // No "+": a branch that was rewritten is not taken over, but reported.
    let asked = ContinuousClock.now
    let refspec = "\(clone.branchRef):\(clone.trackingRef)"
    let result: CommandResult
    do {
      result = try git.run(
        [
          // Not quiet: then git does not say that it left a rewritten branch alone.
          "fetch", "--no-progress", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
          "--end-of-options", Clone.remote, refspec,
        ], in: clone.root, until: deadline)
    } catch let error {
      return try Self.problem(error, .unreachable)
    }
    if let held = result.heldLock {
      // Reads come here without a write that would have removed what a killed git left.
      if removesLocks,
        try clone.withLock(.write, deadline: deadline, { _ in try removeStaleLocks() })
      {
        return try fetch(until: deadline)
      }
      return RemoteProblem(.locked, detail: lock(at: held).what)
    }
    if result.succeeded {
      // What others push after we asked is not in the answer.
      clone.contact.touch(ago: ContinuousClock.now - asked)
      return nil
    }
    var problem = placed(RemoteProblem(stderr: result.stderr + result.stdout))
    // Nothing was sent that may have arrived.
    if problem.kind == .cutOff { problem = RemoteProblem(.unreachable, detail: problem.detail) }
    if problem.kind == .noBranch, try commit(at: clone.trackingRef) == nil {
      // Nobody has pushed anything yet.
      clone.contact.touch()
      return nil
    }
    return problem
  }

  /// A problem with what a hint has to name.
  func placed(_ problem: RemoteProblem) -> RemoteProblem {
    guard let url = settings.url else { return problem }
    var problem = problem
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

  /// Fetches, unless somebody did since `moment`: whoever waited for the lock shares that contact.
  func fetchOnce(since age: Duration, until deadline: Deadline) throws -> RemoteProblem? {
    let asked = ContinuousClock.now
    return try clone.withLock(.fetch, deadline: deadline) { _ in
      if clone.contact.isWithin(age + (ContinuousClock.now - asked)) { return nil }
      return try fetch(until: deadline)
    }
  }
}
