internal import Platform

/// The files, the index and the branch of a clone. They change under the write lock alone, and only after
/// `prepare` has looked at what is there.
struct WorkTree: OnClone {
  let open: OpenClone
}

/// The findings of one look at the work tree. A writer asks for them, so that nobody forgets to look.
struct Prepared {
  /// Sentences for people about what was found and done.
  var notes: [String] = []
  /// The look of the files as they are left. One that is unsettled is unknown in it, so that the next operation
  /// looks again.
  var left: WorkTreeSnapshot
  /// The look of the files when they were last looked at: one that looks otherwise by now was saved meanwhile.
  var now: WorkTreeSnapshot
  /// The commit that the branch named then, and that edits were compared with; nil where there is none.
  var head: String?
  /// The threads of the branch whose files somebody is editing.
  var unsettled: [Topic: HandEdits.Edit] = [:]
  /// How far the records are in the branch.
  var applied = AppliedRecords(sealedAt: nil, number: 0)
  /// The commits of the records that waited for one, where they can be sent right away.
  var outgoing: Outgoing?
  /// Whether records that wait for their commit go on waiting: somebody pushes this moment, or git cannot make it.
  var waits = false
  /// Why git could not make the commit of what waits.
  var problem: (any ExplainedError)?
  /// The threads whose files could not be written, and look as they did: they are as the branch was, and no edits.
  var behind: Set<Topic> = []
  var isBehind: Bool { !behind.isEmpty }

  init(left: WorkTreeSnapshot, now: WorkTreeSnapshot) { (self.left, self.now) = (left, now) }

  /// Of files that are as our last operation left them.
  init(_ asLeft: FilesAsLeft) {
    self.init(left: asLeft.files, now: asLeft.files)
    head = asLeft.head
  }

  /// Of the same, where records go on waiting for their commit.
  /// - Parameter problem: Why git could not make it; nil where somebody pushes this moment.
  init(
    waiting left: FilesAsLeft, _ applied: AppliedRecords, _ notes: [String],
    because problem: (any ExplainedError)? = nil
  ) {
    self.init(left)
    (self.notes, self.applied, self.problem, waits) = (notes, applied, problem, true)
  }

  /// Takes a file that is as it is to be now.
  /// - Parameter status: As of `AtomicFile.replace`.
  mutating func take(_ name: String, as status: FileStatus) {
    left.take(name, as: status)
    now.take(name, as: status)
  }
}

/// The branch was moved by hand while something was done here, which is to be done anew.
struct BranchMoved: ExplainedError {
  let branch: String
  let root: String
  /// Sentences for people about what was done before the branch moved.
  var notes: [String] = []

  var message: String { "somebody has moved the branch \(branch) in \(root) meanwhile" }
  var hint: String? { "try again" }
}

extension WorkTree {
  /// The work that comes before anything else under the write lock: a run that was cut off is undone, the branch
  /// is the right one, records that wait for their commit get it, and what people edited is taken in. No git
  /// child where nothing is wrong.
  /// - Parameter mayWait: Whether records wait on where somebody pushes: whoever pushes next commits them.
  func prepare(_ lock: borrowing WriteLock, mayWait: Bool = false) throws -> Prepared {
    try recovery.checkIsRepository()
    try recovery.removeStaleLocks()
    var notes = try recovery.undoInterrupted(lock)
    try recovery.checkBranch()
    // Git keeps no empty directory: a path without threads is not there.
    if try !FileStatus.exists(clone.threads) { try store.makeDirectory() }
    try recovery.removeHalfWritten()
    try finishMove(lock)
    let applied = try branch.state(lock) { notes.append($0) }
    try takingOver.takeOver(lock)
    var found = look()
    if mayWait, let left = found.asLeft, clone.isPushing {
      return Prepared(waiting: left, applied, notes)
    }
    let committed: CommittedRecords?
    do {
      committed = try branch.commitWaiting(applied, found.asLeft, lock)
    } catch let error as GitError {
      // What was edited cannot be told then from what waits; where nothing was, all else goes on.
      guard let left = found.asLeft else { throw self.uncommitted(error) }
      return Prepared(waiting: left, applied, notes, because: self.uncommitted(error))
    }
    if committed != nil { found = look() }
    var prepared: Prepared
    if let left = found.asLeft {
      prepared = Prepared(left)
    } else {
      prepared = try takeInEdits(found, before: applied.head, lock)
    }
    prepared.applied = try branch.state(lock)
    prepared.notes = notes + (committed?.notes ?? []) + prepared.notes
    prepared.outgoing = committed?.outgoing
    try takingOver.forgetWriting()
    return prepared
  }

  /// Takes in what people edited; once more, where somebody moves the branch meanwhile.
  private func takeInEdits(
    _ found: Look, before: String?, _ lock: borrowing WriteLock
  ) throws -> Prepared {
    do {
      return try handEdits.takeIn(found.now, before: before, lock)
    } catch let moved as BranchMoved {
      var prepared = try handEdits.takeIn(look().now, before: before, lock)
      prepared.notes = moved.notes + prepared.notes
      return prepared
    }
  }

  // MARK: - As we left it

  private var snapshot: NoteFile { clone.note(.asLeft) }

  /// The look of the thread files, and whether they are as our last operation left them.
  struct Look {
    /// Nil where that cannot be told.
    let now: WorkTreeSnapshot?
    /// The files, where all is as our last operation left it: then nobody has edited anything or moved the branch,
    /// and git need not be asked. Else nil.
    let asLeft: FilesAsLeft?
  }

  func look() -> Look {
    let now = WorkTreeSnapshot(of: clone.threads)
    guard let now, let kept, kept.files == now else { return Look(now: now, asLeft: nil) }
    do {
      return Look(now: now, asLeft: try head() == kept.head ? kept : nil)
    } catch {
      return Look(now: now, asLeft: nil)
    }
  }

  /// The note of our last operation; nil after `forget`, and where it cannot be read: then git is asked.
  var kept: FilesAsLeft? { (try? snapshot.bytes).flatMap { FilesAsLeft(bytes: $0) } }

  var isAsLeft: Bool { look().asLeft != nil }

  /// The look of the files as our last operation left them, wherever the branch is by now; of none where that is
  /// not known.
  var left: WorkTreeSnapshot { kept?.files ?? WorkTreeSnapshot() }

  /// Keeps how the files are left, so that the next operation need not ask git. A note that cannot be kept costs
  /// that question, and nothing that was written.
  /// - Parameter head: The commit that the files were compared with, or are from.
  func save(_ left: WorkTreeSnapshot, at head: String?) {
    try? snapshot.write(FilesAsLeft(head: head, files: left).bytes)
  }

  /// Something differs and has to stay so for now: the next operation looks again.
  /// - Throws: Where what was kept stays, and can be read.
  func forget() throws {
    do {
      try snapshot.clear()
    } catch {
      if (try? snapshot.bytes)?.isEmpty == false { throw error }
    }
  }

  // MARK: - Committing

  /// Commits the bytes of threads on a parent, and moves the branch and the index there; no file changes.
  /// - Parameters:
  ///   - parent: A commit that contains what the branch names; nil where it has no commit.
  ///   - author: Nil for whoever commits, now.
  ///   - others: The threads of commits between both, which are for the index too.
  ///   - prepared: A file that did not get to the index is forgotten in it, so that the next operation looks, and
  ///     it is noted why.
  /// - Returns: Nil where the branch is elsewhere: somebody has moved it by hand, or git has failed with all done.
  ///   Then nothing else has changed.
  func commit(
    _ files: [Topic: [UInt8]], on parent: String?, _ message: CommitMessage,
    author: Authorship? = nil, _ prepared: inout Prepared, _ lock: borrowing WriteLock,
    indexing others: [Topic] = []
  ) throws(GitError) -> Candidate? {
    try repository.locks.checkIndexIsFree()
    var draft = draft(files, on: parent, message)
    draft.author = author
    draft.executables = try executables(among: files.keys, at: parent)
    let made = try repository.commit(draft, by: settings.committer, moving: clone.branchRef)
    guard let made else { return nil }
    let topics = Array(Set(files.keys).union(others))
    do {
      try takeIntoIndex(topics, prepared, lock)
    } catch {
      for topic in topics { prepared.left.forget(topic.fileName) }
      prepared.notes.append(explained(error).description)
    }
    return made
  }

  /// The number of files that git is given as arguments, which have 128 KiB at most.
  private static let mostArguments = 20

  /// Has the index be as the branch is, of threads that were committed just now. Where their files are that, git
  /// need look at no other one.
  private func takeIntoIndex(
    _ topics: [Topic], _ prepared: Prepared, _ lock: borrowing WriteLock
  ) throws {
    func areAsCommitted() -> Bool {
      topics.allSatisfy { prepared.left.isCurrent($0.fileName, in: clone.threads) }
    }
    if topics.isEmpty { return }
    if !prepared.isBehind, topics.count <= Self.mostArguments, areAsCommitted() {
      try repository.files.takeFiles(
        topics.map { clone.name(of: $0) }, doing: "reading the branch \(clone.branch)",
        holding: lock.held)
      // A save in between is in the index, and in no commit.
      if areAsCommitted() { return }
    }
    try readIndex(topics, lock)
  }

  /// The files that a commit has as programs, and that they stay: whoever has made one of them a program here has
  /// edited nothing.
  private func executables(
    among topics: some Collection<Topic>, at commit: String?
  ) throws(GitError) -> Set<String> {
    let here = topics.filter { topic in
      FileStatus.ifKnown(store.path(of: topic)).map { $0.permissions & 0o100 != 0 } ?? false
    }
    guard !here.isEmpty, let commit,
      let known = try repository.objects.directory(clone.path, at: commit)
    else { return [] }
    return Set(here.filter { known[$0.fileName]?.mode == "100755" }.map(clone.name))
  }

  /// Has the index be as the branch is, of some threads: a commit of somebody's would take entries back
  /// otherwise.
  func readIndex(_ topics: [Topic], _ lock: borrowing WriteLock) throws {
    if topics.isEmpty { return }
    let list = clone.note(.paths)
    try list.write(Array(topics.map { clone.name(of: $0) + "\0" }.joined().utf8))
    try repository.files.resetIndex(
      listedIn: list.path, doing: "reading the branch \(clone.branch)", holding: lock.held)
  }

  /// Whether the branch, or another ref, has this entry or change, whatever git said of its commit. Somebody may have
  /// committed the file by hand: no trailer tells of that, and the file does.
  func isCommitted(_ id: EntryID, at ref: String? = nil) throws(GitError) -> Bool {
    let ref = ref ?? clone.branchRef
    if try commit(of: id, on: ref) != nil { return true }
    // At the start of a line: a body that quotes one has a backslash before it.
    return try repository.history.hasLine(
      beginningWith: "<!-- Entry-ID: \(id) -->", at: ref, paths: clone.paths)
  }

  /// The commit of a branch that carries an entry or a change, by its trailer.
  func commit(of id: EntryID, on ref: String) throws(GitError) -> String? {
    try repository.history.newest(on: ref, withLine: "\(Trailer.entryID): \(id)")
  }
}
