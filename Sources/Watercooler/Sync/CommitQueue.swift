internal import Platform

/// The entries of a clone that wait for their commit. While one process pushes, others go on writing; then one
/// commit carries all that they wrote, each entry with its trailer.
struct CommitQueue: OnClone {
  let open: OpenClone
}

/// The entries that have waited for their commit, as they are after it.
struct CommittedEntries {
  /// Their commit, where it can be sent right away; nil where git has to be asked first how both sides stand.
  var outgoing: Outgoing?
  /// Sentences for people about what became of the index.
  var notes: [String] = []
  /// The files as they are left; nil where the next operation has to look.
  var left: FilesAsLeft?
}

/// An entry that could not be noted for whoever commits next.
struct UnnotedEntry: Error {
  let cause: any Error
}

extension CommitQueue {
  /// Leaves the commit of what was written just now to whoever pushes next.
  /// - Throws: `UnnotedEntry`.
  func add(
    _ written: ThreadChange.Written, _ topic: Topic, _ message: CommitMessage,
    _ left: WorkTreeSnapshot
  ) throws(UnnotedEntry) {
    let entry = UncommittedEntry(
      id: written.id, topic: topic, subject: message.subject, look: left.only(topic.fileName))
    do {
      try clone.uncommitted.add(entry, file: written.thread.bytes)
    } catch {
      throw UnnotedEntry(cause: error)
    }
  }

  /// Commits the entries that others wrote, or this process, and that have no commit yet. One that cannot be
  /// committed is in no file any more; whoever wrote it finds the reason in `failures`.
  /// - Parameter left: The files as they look, where that is as our last operation left them.
  /// - Returns: Nil where nothing waited.
  func commitAll(
    _ left: FilesAsLeft?, _ lock: borrowing WriteLock
  ) throws -> CommittedEntries? {
    if try clone.uncommitted.isEmpty { return nil }
    let entries = try clone.uncommitted.all
    var made = CommittedEntries()
    do {
      do {
        made = try commit(entries, left, lock)
      } catch let cause as GitError where cause.isPassing {
        // A git that was killed, say: not for the others to bear.
        if try !missing(entries).isEmpty { made = try commit(entries, nil, lock) }
        // The index may not have them.
        try workTree.forget()
      }
    } catch let cause as GitError {
      try settling.giveUp(entries, cause)
      try workTree.forget()
    }
    // Of a record that nobody can read the entry is an edit.
    if try entries.count < clone.uncommitted.recordCount {
      try workTree.forget()
      made.left = nil
    }
    try clone.uncommitted.clear()
    // After that: killed in between, the next operation finds the branch elsewhere, and what it has.
    if let left = made.left { workTree.save(left.files, at: left.head) }
    return made
  }

  /// Takes out of their files what could not be committed, and notes why. Git may have been ended when the branch
  /// had them already; or somebody has committed by hand.
  private func giveUp(_ entries: [UncommittedEntry], _ cause: GitError) throws {
    let answered = try clone.uncommitted.answeredIDs
    let missing = try missing(entries).filter { !answered.contains($0.id) }
    if missing.isEmpty { return }
    try remove(missing)
    // After that: an entry that may go out as an edit is not told to be gone.
    let root = settings.isSigning ? clone.root : nil
    try clone.failures.add(CommitError(cause: cause, signingRoot: root), of: missing.map(\.id))
  }

  /// The last entry of each thread: the file as it was then has those before it.
  private func lastOfEach(_ entries: [UncommittedEntry]) -> [UncommittedEntry] {
    var seen: Set<Topic> = []
    return entries.reversed().filter { seen.insert($0.topic).inserted }.reversed()
  }

  private func commit(
    _ entries: [UncommittedEntry], _ left: FilesAsLeft?, _ lock: borrowing WriteLock
  ) throws -> CommittedEntries {
    if entries.isEmpty { return CommittedEntries() }
    let message = CommitMessage(joining: entries)
    if let left, let files = try untouched(entries, left.files) {
      var prepared = Prepared(left)
      if let made = try workTree.commit(files, on: left.head, message, &prepared, lock) {
        return CommittedEntries(
          outgoing: Outgoing(made, carrying: entries.map(\.id)), notes: prepared.notes,
          left: FilesAsLeft(head: made.commit, files: prepared.left))
      }
    }
    // A person may have saved a file, or have pulled, committed or taken something out by hand.
    try workTree.forget()
    while true {
      let parent = try head()
      let files = try merged(entries, into: parent)
      if files.isEmpty { return CommittedEntries() }
      var prepared = Prepared(left: WorkTreeSnapshot(), now: WorkTreeSnapshot())
      if try workTree.commit(files, on: parent, message, &prepared, lock) != nil {
        return CommittedEntries(notes: prepared.notes)
      }
      try deadline.check()
    }
  }

  /// The files as they were written; nil where one of them looks otherwise by now, or is not kept.
  private func untouched(
    _ entries: [UncommittedEntry], _ left: WorkTreeSnapshot
  ) throws -> [Topic: [UInt8]]? {
    var files: [Topic: [UInt8]] = [:]
    for entry in lastOfEach(entries) {
      guard left.only(entry.topic.fileName) == entry.look,
        let kept = try clone.uncommitted.file(of: entry.topic)
      else { return nil }
      files[entry.topic] = kept
    }
    return files
  }

  /// The files of a commit with these entries, whatever is in the work tree by now.
  private func merged(
    _ entries: [UncommittedEntry], into parent: String?
  ) throws -> [Topic: [UInt8]] {
    let topics = lastOfEach(entries).map(\.topic)
    let known = try parent.map { try self.files(of: topics, at: $0) } ?? [:]
    var files: [Topic: [UInt8]] = [:]
    for topic in topics {
      // Without its copy the entry is an edit of the file, to be looked for there.
      let kept = try clone.uncommitted.file(of: topic).flatMap { ThreadParser.parse($0[...]) }
      guard let kept else { continue }
      guard let shown = known[topic].flatMap({ ThreadParser.parse($0[...]) }) else {
        files[topic] = kept.bytes
        continue
      }
      let base = kept.removing(entries.filter { $0.topic == topic }.map(\.id))
      let merge = ThreadMerge(base: base, shown: shown, replayed: kept, topic: topic)
      // A merge that changes nothing: the branch has the entries already.
      files[topic] = merge?.thread.bytes == known[topic] ? nil : merge?.thread.bytes
    }
    return files
  }

  /// Those that the branch does not have.
  private func missing(_ entries: [UncommittedEntry]) throws -> [UncommittedEntry] {
    let known = try files(of: lastOfEach(entries).map(\.topic), at: "HEAD").mapValues { bytes in
      Set(ThreadParser.parse(bytes[...])?.entries.compactMap(\.id) ?? [])
    }
    return entries.filter { known[$0.topic]?.contains($0.id) != true }
  }

  /// Takes what could not be committed out of its files again.
  private func remove(_ entries: [UncommittedEntry]) throws {
    let files = lastOfEach(entries)
    let committed = try self.files(of: files.map(\.topic), at: "HEAD")
    for entry in files {
      let file = entry.topic.fileName
      var bytes = committed[entry.topic]
      let rest = try store.readIfPresent(entry.topic)?.thread.removing(entries.map(\.id))
      let known = bytes.flatMap { ThreadParser.parse($0[...]) }
      if !entry.look.isCurrent(file, in: clone.threads)
        || rest?.entries.map(\.id) != known?.entries.map(\.id)
      {
        // Somebody edited it meanwhile, or an entry is in there that somebody was answered for.
        bytes = rest?.bytes
      }
      do {
        if let bytes { try AtomicFile.replace(file, in: clone.threads, with: bytes) }
      } catch is UnflushedFile {
        // It is as it was. Should a power cut bring the entry back, it is an edit.
      }
    }
  }
}
