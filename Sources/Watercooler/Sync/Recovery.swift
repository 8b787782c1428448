internal import Platform

/// An obstacle to writing in a clone that a program must not remove by a guess.
package enum CloneTrouble: ExplainedError, Equatable {
  case otherBranch(String, expected: String, root: String)
  case unresolved(String, root: String)
  /// A rebase of which only the stashed edits are left: git can neither go on with it nor abort.
  case autostash(root: String)
  /// HEAD names neither a branch nor a commit.
  case damagedHead(String, branch: String)

  package var message: String {
    switch self {
    case .otherBranch(let found, let expected, let root):
      "\(root) has \(found) checked out, and the threads are on the branch \(expected)"
    case .unresolved(let what, let root): "a \(what) was left unfinished in \(root)"
    case .autostash(let root): "a rebase that was cut off left edits stashed in \(root)"
    case .damagedHead(let path, _): "\(path) is damaged: it names no branch"
    }
  }

  package var hint: String? {
    switch self {
    case .otherBranch(_, let expected, let root): "run 'git -C \(root) switch \(expected)'"
    case .unresolved(let what, let root):
      "finish it, or take it back: 'git -C \(root) \(what) --abort', or '\(programName) doctor --fix', which keeps a copy"
    case .autostash: "'\(programName) doctor --fix' puts them back into the files, and keeps a copy"
    case .damagedHead(let path, let branch):
      "run '\(programName) doctor --fix', or: echo 'ref: refs/heads/\(branch)' >\(SSHCommand.quoted(path))"
    }
  }
}

/// The leftovers of killed runs, and of people's unfinished git commands, in a clone: finding them, and clearing
/// them away.
struct Recovery: OnClone {
  let open: OpenClone
}

extension Recovery {
  /// Removes the stale ones of git's locks, and what a merge that was killed has left. The caller holds the
  /// write lock, so that nobody else of ours removes what is new by then.
  /// - Returns: Whether there was a lock.
  @discardableResult
  func removeStaleLocks() throws -> Bool {
    let stale = try repository.locks.all(of: clone.refs).filter(\.isStale)
    for file in try stale + repository.locks.mergeFiles().filter(\.isStale) {
      try? File.remove(file.path)
    }
    return !stale.isEmpty
  }

  /// Removes what a writer that was killed had not yet put in place.
  func removeHalfWritten() throws {
    let path = clone.threads + "/" + AtomicFile.temporaryName
    guard try FileStatus.exists(path) else { return }
    // An index that is written here has this lock, and not the clone's.
    try FileLock.withLock(on: clone.threads, deadline: deadline) { _ in
      try? File.remove(path)
    }
  }

  /// The git command that somebody began and did not finish, and the file in the git directory that shows it; nil
  /// for none.
  func unfinished() throws -> (file: String, command: String)? {
    try [
      ("rebase-merge", "rebase"), ("rebase-apply/applying", "am"), ("rebase-apply", "rebase"),
      ("MERGE_HEAD", "merge"),
      ("CHERRY_PICK_HEAD", "cherry-pick"), ("REVERT_HEAD", "revert"),
    ].first { file, _ in try FileStatus.exists(clone.gitDirectory + "/" + file) }
  }

  /// The error for an unfinished command that is not taken back.
  func trouble(with unfinished: (file: String, command: String)) throws -> CloneTrouble {
    let head = "\(clone.gitDirectory)/\(unfinished.file)/head-name"
    if unfinished.command == "rebase", try !FileStatus.exists(head) {
      return .autostash(root: clone.root)
    }
    return .unresolved(unfinished.command, root: clone.root)
  }

  /// Whether an unfinished command is a rebase that an early version of ours began in its own name, and nobody is at
  /// it. None that can be had now begins one.
  func isLeftover(_ unfinished: (file: String, command: String)) throws -> Bool {
    let age = FileStatus.ifKnown(clone.gitDirectory + "/" + unfinished.file)?.age ?? .zero
    guard unfinished.command == "rebase", age > .seconds(10),
      try trouble(with: unfinished) != .autostash(root: clone.root)
    else { return false }
    let ours = SyncSettings()
    return try repository.refs.lastMove(of: "HEAD").who == "\(ours.author) <\(ours.email)>"
  }

  /// Takes back a rebase or merge that a program of ours has left.
  /// - Throws: `CloneTrouble` for what somebody is at.
  func undoInterrupted(_ lock: borrowing WriteLock) throws -> [String] {
    guard let unfinished = try unfinished() else { return [] }
    let command = unfinished.command
    let trouble = try trouble(with: unfinished)
    guard try isLeftover(unfinished) else { throw trouble }
    // Taking it back resets the work tree, and with it what was written there meanwhile.
    let edited = try handEdits.all()
    for edit in edited {
      // Taking it back would write over what nobody could read.
      if let problem = edit.problem { throw problem }
      if let found = edit.found { try handEdits.keepAside(found, of: edit.topic) }
    }
    guard try repository.files.abort(command, holding: lock.held) else { throw trouble }
    for edit in edited { try putBack(edit) }
    try workTree.forget()
    return ["a \(command) that was left unfinished was taken back"]
  }

  /// Puts what was written into a thread back, with what the branch has, to be taken in as an edit.
  private func putBack(_ edit: HandEdits.Edit) throws {
    guard let found = edit.found, !found[...].hasConflictMarkers,
      let thread = ThreadParser.parse(found[...]), thread.problems.isEmpty
    else { return }
    let present = try store.readIfPresent(edit.topic)
    let bytes = present.map { $0.thread.takingIn(thread, topic: edit.topic) } ?? found
    guard let bytes, bytes != present?.thread.bytes else { return }
    try AtomicFile.replace(edit.topic.fileName, in: clone.threads, with: bytes)
  }

  /// Accepts nothing in what git takes for no repository: its parts are there.
  /// - Throws: What git says, else `GitError.notARepository`.
  func checkIsRepository() throws {
    for part in ["objects", "refs"] where try !FileStatus.exists("\(clone.commonDirectory)/\(part)")
    {
      _ = try repository.refs.commit(at: clone.branchRef)
      throw GitError.notARepository(clone.root)
    }
  }

  /// Never write to a branch that is somebody's own.
  func checkBranch() throws {
    let found = try repository.refs.branch()
    if found == clone.branch { return }
    if try isHeadDamaged() {
      throw CloneTrouble.damagedHead(clone.gitDirectory + "/HEAD", branch: clone.branch)
    }
    throw CloneTrouble.otherBranch(found ?? "no branch", expected: clone.branch, root: clone.root)
  }

  /// Whether HEAD names neither a branch nor a commit: git takes this for no repository then.
  func isHeadDamaged() throws -> Bool {
    guard let head = try AtomicFile.readIfPresent(clone.gitDirectory + "/HEAD") else { return true }
    return !head.starts(with: "ref: refs/".utf8) && !head[...].trimmed.isObjectName
  }
}
