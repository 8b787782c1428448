extension WorkTree {
  /// Moves the branch to `target`, and with it index and work tree. The caller holds the write lock.
  ///
  /// Files are replaced whole, so that somebody who reads them without a lock never sees half of one,
  /// which git's own checkout shows. A file that is not as the branch has it is somebody's edit, and
  /// left alone. Killed in between, the next operation goes on with it.
  ///
  /// - Parameters:
  ///   - from: The commit, or the empty tree, that the branch has; by default it is looked up.
  ///   - target: Nil for a branch without a commit.
  func moveBranch(
    from: String? = nil, to target: String?, _ lock: borrowing WriteLock
  ) throws {
    try clone.recentPushes.forget()
    let from = try from ?? branchTree()
    let changes = try repository.changes(
      from: from, to: try target ?? repository.emptyTree(), paths: clone.paths)
    guard changes.allSatisfy(\.isFile) else {
      try forget()
      try repository.moveAll(to: target, doing: "updating the work tree", holding: lock.held)
      return
    }
    let blobs = try repository.blobs(changes.flatMap { [$0.old, $0.new].compactMap { $0 } })
    var left = try left
    if let target { try clone.moving.set(from: from, to: target) }
    for change in changes {
      let path = clone.root + "/" + change.path
      let found = try AtomicFile.readIfPresent(path)
      let wanted = change.new.flatMap { blobs[$0] }
      guard found == change.old.flatMap({ blobs[$0] }) || found == wanted else {
        if let name = threadFile(change.path) { left.forget(name) }
        continue
      }
      // As wanted already: a move that was cut off had got so far.
      if found != wanted, let bytes = wanted {
        try Directory.make(path.parentPath)
        try AtomicFile.replace(path.lastName, in: path.parentPath, with: bytes)
      } else if found != wanted {
        try File.remove(path)
      }
      if let name = threadFile(change.path) { left.look(at: name, in: clone.threads) }
    }
    if let target {
      try repository.moveBranch(
        to: target, doing: "moving the branch \(clone.branch)", holding: lock.held)
    } else {
      try repository.delete(
        clone.branchRef, doing: "emptying the branch \(clone.branch)", holding: lock.held)
      try repository.output(.emptyIndex, doing: "emptying the index", input: lock.held)
    }
    // The mark of the move stays where git only said that it was done.
    guard try repository.commit(at: clone.branchRef) == target else {
      throw GitError.unexpected(
        "moving the branch \(clone.branch)", "the branch is not where it was to be")
    }
    // It is done: a snapshot that is not saved is of other files than these, and a mark that stays is of
    // another commit than the branch's.
    left.commit = target
    try? save(left)
    try? clone.moving.clear()
  }

  /// Goes on with a move of the branch whose process died: files may be here that the branch has not,
  /// and that nobody edited. Where somebody has moved the branch since, it is theirs.
  func finishMove(_ lock: borrowing WriteLock) throws {
    guard try clone.moving.isSet else { return }
    if let (from, target) = try clone.moving.move, try branchTree() == from {
      try moveBranch(from: from, to: target, lock)
    }
    try clone.moving.clear()
  }

  /// The branch's commit, else the empty tree.
  private func branchTree() throws -> String {
    try repository.commit(at: clone.branchRef) ?? repository.emptyTree()
  }

  /// The name of a thread file; nil for other paths.
  private func threadFile(_ path: String) -> String? {
    Topic(fileName: path.lastName)
      .flatMap { clone.name(of: $0) == path ? $0.fileName : nil }
  }
}
