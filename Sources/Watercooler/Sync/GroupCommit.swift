extension GitProcessSync {
  /// Commits what others wrote, and this process, without a commit. Nothing is done where there is none.
  /// - Returns: What people should know of it.
  func commitUncommitted() throws -> [String] {
    if try clone.uncommitted.isEmpty { return [] }
    // Somebody may have another branch checked out by now, or have left a rebase.
    return try clone.withLock(WriteLock.self, deadline: deadline) { try prepare($0) }
  }

  /// The same for who holds the write lock, and has looked at the branch. What cannot be committed is in
  /// no file any more; those who wrote it find the reason in `failures`.
  func commitUncommitted(_ lock: borrowing WriteLock) throws {
    if try clone.uncommitted.isEmpty { return }
    let entries = try clone.uncommitted.all
    do {
      do {
        try commit(entries, lock)
      } catch let cause as GitError where cause.isPassing {
        // A git that was killed, say: not for the others to bear.
        if try !missing(entries).isEmpty { try commit(entries, lock) }
      }
    } catch let cause as GitError {
      // Git may have been ended when the branch had them already; or somebody has committed by hand.
      let settling = settling
      let answered = try clone.uncommitted.answeredIDs
      let missing = try settling.missing(entries).filter { !answered.contains($0.id) }
      if !missing.isEmpty {
        let root = settings.isSigning ? clone.root : nil
        try settling.remove(missing, lock)
        // After that: an entry that may go out as an edit is not told to be gone.
        try clone.failures.add(
          CommitError(cause: cause, signingRoot: root), of: missing.map(\.id))
      }
      try forgetSnapshot()
    }
    // Of a record that nobody can read the entry is an edit.
    if try entries.count < clone.uncommitted.recordCount { try forgetSnapshot() }
    try clone.uncommitted.clear()
  }

  /// The last entry of each thread: the file as it was then has those before it.
  private func lastOfEach(_ entries: [UncommittedEntry]) -> [UncommittedEntry] {
    var seen: Set<Topic> = []
    return entries.reversed().filter { seen.insert($0.topic).inserted }.reversed()
  }

  private func commit(_ entries: [UncommittedEntry], _ lock: borrowing WriteLock) throws {
    if entries.isEmpty { return }
    let files = lastOfEach(entries)
    let message = CommitMessage(joining: entries)
    if files.allSatisfy({ look(at: $0.topic.fileName) == $0.look }) {
      try commit(files.map(\.topic), message, areNew: false, lock)
      let saved = files.filter { look(at: $0.topic.fileName) != $0.look }
      if saved.isEmpty { return }
      // Somebody saved a file while it was committed, and git may have read that instead of what was
      // written: then the commit is made anew, and the save is an edit like any other.
      let committed = try self.files(of: saved.map(\.topic), at: "HEAD")
      let isWrong = try saved.contains {
        try committed[$0.topic] != clone.uncommitted.file(of: $0.topic)
      }
      if isWrong { try commitBeside(entries, on: clone.branchRef + "^", message, lock) }
    } else {
      try commitBeside(entries, on: clone.branchRef, message, lock)
    }
  }

  /// Commits entries on what a commit has, whatever is in the work tree by now: a person may have saved
  /// the file, or have pulled, committed or taken something out by hand.
  private func commitBeside(
    _ entries: [UncommittedEntry], on ref: String, _ message: CommitMessage,
    _ lock: borrowing WriteLock
  ) throws {
    let parent = try repository.commit(at: ref)
    var files: [Topic: [UInt8]] = [:]
    for topic in lastOfEach(entries).map(\.topic) {
      let known = try file(of: topic, at: parent ?? "HEAD")
      let kept = try clone.uncommitted.file(of: topic).flatMap { ThreadParser.parse($0[...]) }
      guard let kept else {
        // Without its copy the entry is an edit of the file, to be looked for there.
        try forgetSnapshot()
        continue
      }
      guard let known, let shown = ThreadParser.parse(known[...]) else {
        files[topic] = kept.bytes
        continue
      }
      let ids = entries.filter { $0.topic == topic }.map(\.id)
      let base = kept.removing(ids)
      let merge = ThreadMerge(base: base, shown: shown, replayed: kept, topic: topic)
      if merge == nil { try forgetSnapshot() }
      files[topic] = merge?.thread.bytes
    }
    if files.isEmpty { return }
    let made = try commitBeside(parent, files, message)
    try setBranch(to: made, Array(files.keys), lock)
  }

  /// Those that the branch does not have.
  private func missing(_ entries: [UncommittedEntry]) throws -> [UncommittedEntry] {
    let known = try files(of: lastOfEach(entries).map(\.topic), at: "HEAD").mapValues { bytes in
      Set(ThreadParser.parse(bytes[...])?.entries.compactMap(\.id) ?? [])
    }
    return entries.filter { known[$0.topic]?.contains($0.id) != true }
  }

  /// Takes what could not be committed out of its files again.
  private func remove(_ entries: [UncommittedEntry], _ lock: borrowing WriteLock) throws {
    let files = lastOfEach(entries)
    let committed = try self.files(of: files.map(\.topic), at: "HEAD")
    for entry in files {
      let file = entry.topic.fileName
      var bytes = committed[entry.topic]
      let rest = try store.readIfPresent(entry.topic)?.thread.removing(entries.map(\.id))
      let known = bytes.flatMap { ThreadParser.parse($0[...]) }
      if look(at: file) != entry.look || rest?.entries.map(\.id) != known?.entries.map(\.id) {
        // Somebody edited it meanwhile, or an entry is in there that somebody was answered for.
        bytes = rest?.bytes
      }
      do {
        if let bytes { try AtomicFile.replace(file, in: clone.threads, with: bytes) }
      } catch is UnflushedFile {
        // It is as it was. Should a power cut bring the entry back, it is an edit.
      }
    }
    // Where it fails, the next operation mends the index: the snapshot is forgotten.
    try? repository.resetIndex(
      files.map { clone.name(of: $0.topic) }, doing: "taking entries out of the index again")
  }
}
