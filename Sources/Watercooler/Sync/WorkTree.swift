/// The files, the index and the branch of a clone. They change under the write lock alone, and only after
/// `prepare` has looked at what is there.
struct WorkTree: OnClone {
  let open: OpenClone
}

/// What one look at the work tree has shown. Who writes asks for one, so that nobody forgets to look.
struct Prepared {
  /// What people should know of it.
  var notes: [String] = []
  /// How the files are left, and the commit that they are of. What is unsettled is unknown in it, so that the
  /// next operation looks again.
  var left: WorkTreeSnapshot
  /// How they looked: what looks otherwise by now was saved meanwhile.
  var now: WorkTreeSnapshot
  /// The threads of the branch whose files somebody is editing.
  var unsettled: [Topic: HandEdits.Edit] = [:]
  /// What of the entries that waited for their commit can be sent.
  var outgoing: Outgoing?
  /// Whether entries that wait for their commit go on waiting: somebody pushes this moment.
  var waits = false

  /// Looks at a file that is as it is to be now.
  mutating func look(at name: String, in directory: String) {
    left.look(at: name, in: directory)
    now.look(at: name, in: directory)
  }
}

/// The branch was moved by hand while something was done here, which is to be done anew.
struct BranchMoved: ExplainedError {
  let branch: String
  let root: String

  var message: String { "somebody has moved the branch \(branch) in \(root) meanwhile" }
  var hint: String? { "try again" }
}

extension WorkTree {
  /// What comes before anything else under the write lock: a run that was cut off is undone, the branch
  /// is the right one, entries that wait for their commit get it, and what people edited is taken in. No git
  /// child where nothing is wrong.
  /// - Parameter mayWait: Whether such entries wait on where somebody pushes: whoever pushes next commits them.
  func prepare(_ lock: borrowing WriteLock, mayWait: Bool = false) throws -> Prepared {
    try recovery.removeStaleLocks()
    let notes = try recovery.undoInterrupted(lock)
    try recovery.checkBranch()
    // Git keeps no empty directory: a path without threads is not there.
    if try !FileStatus.exists(clone.threads) { try store.makeDirectory() }
    try recovery.removeHalfWritten()
    try finishMove(lock)
    var found = look()
    if mayWait, let left = found.asLeft, clone.isPushing {
      return Prepared(notes: notes, left: left, now: left, waits: true)
    }
    let (hasCommitted, outgoing) = try queue.commitAll(found.asLeft, lock)
    if hasCommitted { found = look() }
    var prepared: Prepared
    if let left = found.asLeft {
      prepared = Prepared(left: left, now: left)
    } else {
      prepared = try handEdits.takeIn(found.now, lock)
    }
    prepared.notes = notes + prepared.notes
    prepared.outgoing = outgoing
    try clone.writing.clear()
    return prepared
  }

  // MARK: - As we left it

  private var snapshot: NoteFile { clone.note(.asLeft) }

  /// How the thread files look.
  struct Look {
    /// Nil where that cannot be told.
    let now: WorkTreeSnapshot?
    /// The same, with its commit, where all is as our last operation left it: then nobody has edited anything,
    /// and git need not be asked.
    let asLeft: WorkTreeSnapshot?
  }

  func look() -> Look {
    let now = WorkTreeSnapshot(of: clone.threads)
    // None is kept of a clone without threads, nor after `forget`; one that cannot be read tells nothing, and
    // git is asked.
    guard let now, let bytes = try? snapshot.bytes, !bytes.isEmpty else {
      return Look(now: now, asLeft: nil)
    }
    let kept = WorkTreeSnapshot(bytes: bytes)
    return Look(now: now, asLeft: now.hasSameFiles(as: kept) ? kept : nil)
  }

  var isAsLeft: Bool { look().asLeft != nil }

  /// How our last operation left the files. Whoever replaces one looks at it at once, before anything
  /// else takes time: what is saved after that must not be taken for ours.
  var left: WorkTreeSnapshot { get throws { WorkTreeSnapshot(bytes: try snapshot.bytes) } }

  func save(_ left: WorkTreeSnapshot) throws { try snapshot.write(left.bytes) }

  /// Something differs and has to stay so for now: the next operation looks again.
  func forget() throws { try snapshot.clear() }

  // MARK: - Committing

  /// Commits the bytes of threads on a parent, and moves the branch and the index there; no file changes.
  /// - Parameters:
  ///   - parent: What the branch names; nil where it has no commit.
  ///   - left: Gets the commit. A file that did not get to the index is forgotten, and the next operation looks.
  /// - Returns: Nil where the branch is elsewhere: somebody has moved it by hand. Then nothing has changed.
  func commit(
    _ files: [Topic: [UInt8]], on parent: String?, _ message: CommitMessage,
    _ left: inout WorkTreeSnapshot, _ lock: borrowing WriteLock
  ) throws(GitError) -> Candidate? {
    let made = try repository.commit(
      draft(files, on: parent, message), by: settings.committer, moving: clone.branchRef)
    guard let made else { return nil }
    left.commit = made.commit
    do {
      try readIndex(Array(files.keys), lock)
    } catch {
      for topic in files.keys { left.forget(topic.fileName) }
    }
    return made
  }

  /// Has the index be as the branch is, of some threads: a commit of somebody's would take entries back
  /// otherwise.
  func readIndex(_ topics: [Topic], _ lock: borrowing WriteLock) throws {
    if topics.isEmpty { return }
    let list = clone.note(.paths)
    try list.write(Array(topics.map { clone.name(of: $0) + "\0" }.joined().utf8))
    try repository.output(
      .resetIndex(listedIn: list.path), doing: "reading the branch \(clone.branch)",
      input: lock.held)
  }

  /// Whether the branch has this entry or change, whatever git said of its commit. Somebody may have
  /// committed the file by hand: no trailer tells of that, and the file does.
  func isCommitted(_ id: EntryID) throws(GitError) -> Bool {
    if try commit(of: id, on: clone.branchRef) != nil { return true }
    // At the start of a line: a body that quotes one has a backslash before it.
    return try repository.hasLine(
      beginningWith: "<!-- Entry-ID: \(id) -->", at: clone.branchRef, paths: clone.paths)
  }

  /// The commit of a branch that carries an entry or a change, by its trailer.
  func commit(of id: EntryID, on ref: String) throws(GitError) -> String? {
    try repository.newest(on: ref, withLine: "\(Trailer.entryID): \(id)")
  }
}
