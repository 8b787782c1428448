internal import Platform

/// A clone whose branch the remote does not have: who begins it, and who may not.
extension CloneRemote {
  /// Why a fetch found no such branch: nobody is there whose word it would be, it is gone, or there are others
  /// and this one was not asked for. Nil where nobody has begun it yet.
  /// - Parameter problem: That it is gone, as git says it of all of these.
  func absence(
    _ problem: RemoteProblem, _ lock: borrowing FetchLock, removesLocks: Bool,
    until deadline: Deadline
  ) throws -> RemoteProblem? {
    let branches: RemoteBranches
    switch try remoteBranches(until: deadline) {
    case .failure(let other): return other
    case .success(let found): branches = found
    }
    if branches.names.contains(clone.branch) {
      // Somebody has pushed it in between.
      return try fetch(lock, until: deadline, removesLocks: removesLocks)
    }
    if try repository.refs.commit(at: clone.trackingRef) != nil { return problem }
    if let unasked = try unasked(branches) { return unasked }
    clone.contact.touch()
    return nil
  }

  /// The obstacle to pushing a branch for the first time; nil for none. One round trip.
  func obstacleToBeginning(until deadline: Deadline) throws -> PushOutcome? {
    switch try remoteBranches(until: deadline) {
    case .failure(let problem): return .failed(problem)
    case .success(let branches) where branches.names.contains(clone.branch):
      return .othersPushed(isVague: false)
    case .success(let branches): return try unasked(branches).map { .failed($0) }
    }
  }

  /// The branch is begun beside others only by somebody who asked for it: it may as well be that the team's
  /// is another one, and then nobody would ever see what is written here.
  private func unasked(_ branches: RemoteBranches) throws -> RemoteProblem? {
    if branches.names.isEmpty { return nil }
    if try isAskedFor { return nil }
    return placed(RemoteProblem(.otherBranches, detail: branches.list))
  }

  private func remoteBranches(
    until deadline: Deadline
  ) throws -> Result<RemoteBranches, RemoteProblem> {
    do {
      return try RemoteBranches.ask(Clone.remote, repository.git, in: clone.root, until: deadline)
        .mapError { placed($0) }
    } catch {
      return .failure(try Self.problem(error, .unreachable))
    }
  }

  /// Whether somebody has named the branch with `--branch`.
  private var isAskedFor: Bool {
    get throws {
      // A branch of a project's own is made only that way.
      if clone.isLinked { return true }
      let doing = "reading \(StoreMark.begunKey)"
      let result = try repository.run(.ownSetting(StoreMark.begunKey))
      if result.status == .exited(1) { return false }
      guard result.succeeded else { throw GitError.failed(doing, result) }
      return try GitOutput.line(result.stdout, doing) == clone.branch
    }
  }

  /// Notes that somebody has named the branch with `--branch`: then it is begun beside others, too. Another
  /// name says nothing of this clone.
  func ask(for branch: String, until deadline: Deadline) throws {
    if branch != clone.branch || clone.isLinked { return }
    try repository.git.setConfig(StoreMark.begunKey, to: branch, in: clone.root, until: deadline)
    clone.refusal.forget()
  }
}
