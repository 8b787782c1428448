internal import Platform

/// Refs: where they are, how they stand to each other, and moving them.
struct Refs: OfRepository {
  let repository: Repository
}

extension Refs {
  /// The commit that a ref names; nil if there is none.
  /// - Throws: `GitError.unreadableRef` for a ref that is there, and names no commit that can be read.
  func commit(at ref: String) throws(GitError) -> String? {
    if let commit = try readCommit(at: ref) { return commit }
    do {
      if try !hasRef(ref) { return nil }
    } catch {
      throw .unexpected("reading \(ref)", "\(error)")
    }
    // Another process may have made it in between.
    if let commit = try readCommit(at: ref) { return commit }
    // Whoever takes damage for a branch without a commit would begin it anew.
    throw .unreadableRef(ref, repository.root)
  }

  /// The commit that a branch names, mostly without a child: git keeps a ref that was moved in a file of its own, and
  /// one that is in none of its files is not there.
  /// - Parameter ref: Its full name.
  func tip(of ref: String) throws(GitError) -> String? {
    let bytes = (try? AtomicFile.readIfPresent("\(repository.common)/\(ref)")) ?? nil
    if let bytes, bytes.last == .lineFeed, bytes.dropLast().isObjectName {
      return String(decoding: bytes.dropLast(), as: UTF8.self)
    }
    do {
      if try areInFiles, try !isInFile(ref) { return nil }
    } catch {
      throw .unexpected("reading \(ref)", "\(error)")
    }
    return try commit(at: ref)
  }

  /// The branch that is checked out, without `refs/heads/`; nil for none. Without a child where HEAD is a file.
  func branch() throws(GitError) -> String? {
    do {
      let head = try GitDirectory.head(in: repository.own)
      if head != GitDirectory.unreadableHead { return head?.branchName }
    } catch {
      throw .unexpected("reading HEAD", "\(error)")
    }
    let result = try run(.headBranch)
    if result.status == .exited(1) { return nil }
    guard result.succeeded else { throw repository.failure("reading HEAD", result) }
    return try GitOutput.line(result.stdout, "reading HEAD").branchName
  }

  /// Whether each ref is a file, or a line of one; else they are in tables, which git alone can read.
  var areInFiles: Bool {
    get throws(SystemError) { try !FileStatus.exists(repository.common + "/reftable") }
  }

  /// The last move of a ref, as git has noted it: who made it, as `NAME <ADDRESS>`, and what it was for.
  struct LastMove {
    let who: String
    let what: String

    /// Whether a rebase that was given up has put the ref back.
    var isReturnFromRebase: Bool { what.hasPrefix("rebase (abort)") }
  }

  /// Empty words where git keeps no record of it.
  func lastMove(of ref: String) throws(GitError) -> LastMove {
    let result = try run(.lastMove(of: ref))
    let words = result.succeeded ? result.stdout[...].trimmed.string : ""
    let parts = words.split(separator: "\t", maxSplits: 1).map(String.init)
    return LastMove(who: parts.first ?? "", what: parts.count > 1 ? parts[1] : "")
  }

  private func readCommit(at ref: String) throws(GitError) -> String? {
    let result = try run(.commit(at: ref))
    if result.status == .exited(1) { return nil }
    guard result.succeeded else { throw .failed("reading \(ref)", result) }
    return try GitOutput.objectName(result.stdout, "reading \(ref)")
  }

  /// Whether there is such a ref, whatever it names.
  private func hasRef(_ ref: String) throws -> Bool {
    if try areInFiles { return try isInFile(ref) }
    let result = try run(.exists(ref))
    if result.status == .exited(2) { return false }
    guard result.succeeded else { throw repository.failure("looking for \(ref)", result) }
    return true
  }

  /// Whether one of git's files has the ref.
  private func isInFile(_ ref: String) throws -> Bool {
    if try FileStatus.exists("\(repository.common)/\(ref)") { return true }
    let packed = try AtomicFile.readIfPresent(repository.common + "/packed-refs") ?? []
    return packed.split(separator: .lineFeed).contains { $0.ends(with: " \(ref)".utf8) }
  }

  /// Whether git says of a commit that it is not here: that it does not say so may have other reasons.
  func isUnknown(_ commit: String) throws(GitError) -> Bool {
    let question = "\(commit)^{commit}"
    let answer = try output(
      .presence, doing: "looking for \(commit)", input: .bytes(Array("\(question)\n".utf8)))
    return answer == Array("\(question) missing\n".utf8)
  }

  /// The newest commit that two branches share; nil where one of them has none.
  func mergeBase(_ one: String, _ other: String) throws(GitError) -> String? {
    let result = try run(.mergeBase(one, other))
    let name = result.stdout[...].trimmed
    if result.succeeded, name.isObjectName { return name.string }
    for ref in [one, other] where try commit(at: ref) == nil { return nil }
    throw repository.failure("looking for what the remote and this clone share", result)
  }

  func isAncestor(_ one: String, of other: String) throws(GitError) -> Bool {
    try run(.isAncestor(one, of: other)).succeeded
  }

  // MARK: - Moving

  /// Moves a ref.
  /// - Parameters:
  ///   - old: Where it must be, or nothing is moved; empty where there must be none; nil for wherever it is.
  ///   - lock: A lock that lives as long as the child.
  func move(
    _ ref: String, to commit: String, from old: String? = nil, doing: String,
    holding lock: Command.Input = .nothing
  ) throws(GitError) {
    try output(.move(ref, to: commit, from: old), doing: doing, input: lock)
  }

  /// Deletes a ref.
  /// - Parameters: As those of `move`.
  func delete(
    _ ref: String, from old: String? = nil, doing: String, holding lock: Command.Input = .nothing
  ) throws(GitError) {
    try output(.delete(ref, from: old), doing: doing, input: lock)
  }
}

// MARK: - Two branches

extension Refs {
  /// How a branch and the remote's, as it was last seen, stand to each other.
  ///
  /// Git reads the refs more than once for one answer, and others commit and fetch meanwhile: it is asked
  /// again until its answer can be, or cannot and nothing has moved.
  /// - Parameter isLevelLikely: Whether they are probably the same: then one child tells so. Otherwise one
  ///   child lists the difference, and none is believed only if a second one confirms it.
  func state(
    of ours: String, beside theirs: String, isLevelLikely: Bool
  ) throws(GitError) -> CloneState {
    if isLevelLikely, let tips = try tips(ours, theirs), tips.isLevel { return CloneState() }
    var before: Tips?
    while true {
      var problem = GitError.unexpected(
        CloneState.comparing, "the list of commits is empty, and there are some")
      do {
        if let state = try difference(ours, theirs) { return state }
      } catch {
        guard case .unexpected = error else { throw error }
        problem = error
      }
      guard let tips = try tips(ours, theirs) else { throw problem }
      if tips.isLevel { return CloneState() }
      if tips == before { throw problem }
      before = tips
    }
  }

  /// The same as git lists it, once; nil where it lists nothing.
  private func difference(_ ours: String, _ theirs: String) throws(GitError) -> CloneState? {
    var result = try run(.difference(ours, theirs))
    if !result.succeeded {
      switch (try commit(at: ours), try commit(at: theirs)) {
      case (nil, nil): return CloneState()
      case (let head?, nil): return CloneState(ahead: try all(of: head))
      case (nil, let tip?): return CloneState(behind: try all(of: tip), tip: tip, isUnborn: true)
      case (.some, .some):
        // The first commit of either may have come in between.
        result = try run(.difference(ours, theirs))
      }
    }
    guard result.succeeded, result.stdoutDiscarded == 0 else {
      throw .failed(CloneState.comparing, result)
    }
    if result.stdout.isEmpty { return nil }
    return try CloneState(output: result.stdout, tracking: theirs)
  }

  /// The commits that two branches name.
  private struct Tips: Equatable {
    let head: String
    let tip: String

    var isLevel: Bool { head == tip }
  }

  /// Nil unless both sides have a commit.
  private func tips(_ ours: String, _ theirs: String) throws(GitError) -> Tips? {
    let result = try run(.tips(ours, theirs))
    if !result.succeeded { return nil }
    let names = result.stdout.split(separator: .lineFeed, omittingEmptySubsequences: false)
    // The third is no commit: a git that gives one name to everything is not believed.
    guard names.count == 4, names[..<3].allSatisfy(\.isObjectName), names[3].isEmpty,
      names[0] != names[2]
    else { throw .unexpected("reading \(ours)", "the names of two commits were expected") }
    return Tips(head: names[0].string, tip: names[1].string)
  }

  /// The commits of a branch, the oldest first.
  private func all(of ref: String) throws(GitError) -> [CloneCommit] {
    let printed = try output(.commits(of: ref), doing: "listing the commits of \(ref)")
    return try CloneState(output: printed, tracking: nil).ahead
  }
}

extension String {
  /// A ref's name without `refs/heads/`; nil where it is no branch.
  var branchName: String? {
    let prefix = "refs/heads/"
    return hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}

extension Sequence where Element == UInt8 {
  fileprivate func ends(with suffix: some Sequence<UInt8>) -> Bool {
    reversed().starts(with: suffix.reversed())
  }
}
