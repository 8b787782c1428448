internal import Platform

/// Moving the branch, and with it index and files: what others pushed comes, and what is taken back goes.
extension WorkTree {
  /// Moves the branch to `target`, and with it index and work tree. The caller holds the write lock.
  ///
  /// Files are replaced whole, so that somebody who reads them without a lock never sees half of one,
  /// which git's own checkout shows. A file that is not as the branch has it is somebody's edit, and
  /// left alone. Killed in between, the next operation goes on with it.
  ///
  /// - Parameters:
  ///   - head: The commit that the branch names: it is moved from there alone. Nil while it has none.
  ///   - target: Nil for a branch without a commit.
  ///   - applied: How far the records are in the branch before and after. Without that all that it has then is
  ///     somebody's work.
  func moveBranch(
    from head: String?, to target: String?, _ lock: borrowing WriteLock,
    applied: (before: AppliedRecords, after: AppliedRecords)? = nil
  ) throws {
    try clone.recentPushes.forget()
    if let applied { try clone.applied.set(from: applied.before, to: applied.after) }
    try move(from: head, to: target, lock)
    // It is done, and the note with both states says it, too: the branch is at the second.
    if let applied { try? clone.applied.set(applied.after) }
  }

  /// - Parameter before: What the files were as, where a move is gone on with; by default what the branch names.
  private func move(
    from head: String?, to target: String?, filesFrom before: String? = nil,
    _ lock: borrowing WriteLock
  ) throws {
    // The index is the last to be changed: with a lock on it nothing is begun.
    try repository.locks.checkIndexIsFree()
    let from = try before ?? head ?? repository.objects.emptyTree()
    let changes = try repository.objects.changes(
      from: from, to: try target ?? repository.objects.emptyTree(), paths: clone.paths)
    guard changes.allSatisfy(\.isFile) else {
      try forget()
      // Git does not ask where the branch is: somebody may have moved it.
      if try self.head() != head { throw BranchMoved(branch: clone.branch, root: clone.root) }
      let doing = "updating the work tree"
      try repository.files.moveAll(to: target, doing: doing, holding: lock.held)
      if try self.head() != target {
        throw GitError.unexpected(doing, "the branch is not where it was to be")
      }
      return
    }
    var left = left
    if let target { try clone.moving.set(from: from, to: target) }
    let isWhole = try replaceFiles(changes, from: from, &left)
    try moveRef(from: head, to: target, hasFiles: changes.contains { $0.new != nil }, lock)
    // It is done: a snapshot that is not saved is of other files than these, and a mark that stays is of
    // another commit than the branch's.
    save(left, at: isWhole ? target : nil)
    try? clone.moving.clear()
  }

  /// Has files be as a commit has them that were as another one has them; one that is neither is somebody's edit.
  /// A thread's file that cannot be written stays as we left it, and is written by the next operation.
  /// - Parameter from: The commit that they were as.
  /// - Returns: Whether all that could be is as it is to be.
  private func replaceFiles(
    _ changes: [ChangedPath], from: String, _ left: inout WorkTreeSnapshot
  ) throws -> Bool {
    var isWhole = true
    // A file that is as we left it need not be compared with what it was.
    let isLeftThere = kept.map { $0.head == from } ?? false
    let asLeft = Set(
      changes.filter { change in
        guard isLeftThere, let topic = clone.topic(named: change.path) else { return false }
        // One that is not checked out is there in neither.
        let isThere = FileStatus.ifKnown(store.path(of: topic)) != nil
        return isThere == (change.old != nil) && left.isCurrent(topic.fileName, in: clone.threads)
      }.map(\.path))
    let blobs = try repository.objects.blobs(
      changes.flatMap { change in
        [change.new, asLeft.contains(change.path) ? nil : change.old].compactMap { $0 }
      })
    // Removals come first: a file may be wanted where a directory was.
    for change in changes.filter({ $0.new == nil }) + changes.filter({ $0.new != nil }) {
      let path = clone.root + "/" + change.path
      let topic = clone.topic(named: change.path)
      let wanted = change.new.flatMap { blobs[$0] }
      let found: [UInt8]?
      do {
        found = try AtomicFile.readIfPresent(path)
      } catch {
        // Something of somebody's is in its place.
        let isInTheWay = error is StoreError || (error as? SystemError)?.isOfPath == true
        guard let topic, isInTheWay else { throw error }
        if left.isCurrent(topic.fileName, in: clone.threads) {
          isWhole = false
        } else {
          left.forget(topic.fileName)
        }
        continue
      }
      if found == wanted {
        // A move that was cut off had got so far.
        if let topic { left.look(at: topic.fileName, in: clone.threads) }
      } else if !asLeft.contains(change.path), found != change.old.flatMap({ blobs[$0] }),
        !isBehind(topic, found, wanted, left)
      {
        if let topic { left.forget(topic.fileName) }
      } else if let bytes = wanted {
        do {
          try Directory.make(path.parentPath)
          let written = try AtomicFile.replace(path.lastName, in: path.parentPath, with: bytes)
          if let topic { left.take(topic.fileName, as: written) }
        } catch let error as SystemError where error.isOfPath {
          guard let topic, left.isCurrent(topic.fileName, in: clone.threads) else { throw error }
          isWhole = false
        }
      } else {
        do {
          try File.remove(path)
        } catch {
          // The next look for edits removes it.
          guard error.isOfPath, topic != nil, try handEdits.isAllTakenBack(found ?? []) else {
            throw error
          }
          isWhole = false
          continue
        }
        if path.parentPath != clone.threads { try? Directory.removeEmpty(path.parentPath) }
        if let topic { left.look(at: topic.fileName, in: clone.threads) }
      }
    }
    return isWhole
  }

  /// Whether a file could not be written before, and looks as it did: nobody has edited it.
  private func isBehind(
    _ topic: Topic?, _ found: [UInt8]?, _ wanted: [UInt8]?, _ left: WorkTreeSnapshot
  ) -> Bool {
    guard let topic, let wanted, left.isCurrent(topic.fileName, in: clone.threads) else {
      return false
    }
    return hasAllEntries(wanted, of: found ?? [])
  }

  /// Moves the branch, and then the index.
  private func moveRef(
    from head: String?, to target: String?, hasFiles: Bool, _ lock: borrowing WriteLock
  ) throws {
    let doing = "moving the branch \(clone.branch)"
    do {
      if let target, target != head {
        try repository.refs.move(
          clone.branchRef, to: target, from: head ?? "", doing: doing, holding: lock.held)
      } else if target == nil, let head {
        try repository.refs.delete(clone.branchRef, from: head, doing: doing, holding: lock.held)
      }
    } catch {
      if try self.head() != head { throw BranchMoved(branch: clone.branch, root: clone.root) }
      throw error
    }
    if target == nil {
      try repository.output(.emptyIndex, doing: "emptying the index", input: lock.held)
    } else {
      try repository.files.resetIndex(
        hasFiles: hasFiles, doing: "reading the branch \(clone.branch)", holding: lock.held)
    }
    // The mark of the move stays where git only said that it was done.
    guard try self.head() == target else {
      throw GitError.unexpected(doing, "the branch is not where it was to be")
    }
  }

  /// Goes on with a move of the branch whose process died: files may be here that the branch has not,
  /// and that nobody edited. Where somebody has moved the branch since, they become as it has them.
  func finishMove(_ lock: borrowing WriteLock) throws {
    guard try clone.moving.isSet else { return }
    if let (from, target) = try clone.moving.move {
      let head = try head()
      let isThere = try from == head ?? repository.objects.emptyTree()
      if isThere || head == target {
        try move(from: head, to: target, filesFrom: from, lock)
      } else if let head {
        try forget()
        for known in [target, from] {
          var left = WorkTreeSnapshot()
          let changes = try repository.objects.changes(from: known, to: head, paths: clone.paths)
          _ = try replaceFiles(changes.filter(\.isFile), from: known, &left)
        }
      }
    }
    try clone.moving.clear()
  }

}
