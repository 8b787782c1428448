internal import Foundation

extension GitProcessSync {
  /// Writes to a thread here: file, index and branch, or none of them.
  func write(
    _ topic: Topic, by agent: Agent, deadline: Deadline, notes: inout [String],
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    try clone.withLock(WriteLock.self, deadline: deadline) { lock in
      // While somebody pushes, a commit of its own would bring an entry nowhere sooner.
      var waits = clone.isPushing && isAsLeft
      while true {
        do {
          return try writeLocked(
            topic, by: agent, waits: waits, deadline: deadline, notes: &notes, lock, change)
        } catch is SavedMeanwhile {
          try deadline.check()
        } catch is CommittedAlone {
          waits = false
        }
      }
    }
  }

  /// Somebody saved the file between our look at it and the moment it was read.
  private struct SavedMeanwhile: Error {}

  /// What is no entry of a thread that is there has a commit for itself: it could not be told from
  /// others, were it to be taken back.
  private struct CommittedAlone: Error {}

  /// - Parameter waits: Whether the commit is left to whoever pushes next.
  private func writeLocked(
    _ topic: Topic, by agent: Agent, waits: Bool, deadline: Deadline, notes: inout [String],
    _ lock: borrowing WriteLock, _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    do {
      notes += try prepare(lock, commits: !waits)
    } catch let error as GitError {
      throw CommitError(cause: error, signingRoot: nil)
    }
    let spelled = try store.spelling(of: topic) ?? topic
    // What is written through a link is in another file, and neither committed nor put back with this one.
    try store.checkNoLink(spelled)
    let file = spelled.fileName
    let looked = look(at: file)
    let isAsLeft = isAsLeft
    if waits, !isAsLeft { throw CommittedAlone() }
    if !isAsLeft, let known = try unsettled(spelled) {
      notes.append("'\(spelled)' is being edited: its file gets the entry once it is still")
      return try writeBeside(spelled, known, by: agent, lock, change)
    }
    var before: ThreadStore.Stored?
    var seen = try seen
    let outcome: ThreadOutcome
    do {
      outcome = try store.apply(to: topic, deadline: deadline) { stored in
        // What was read is what the branch has, not what an editor has half saved by now.
        if look(at: file) != looked { throw SavedMeanwhile() }
        before = stored
        let made = try change(stored)
        if waits, !made.isEntry(of: stored?.thread) { throw CommittedAlone() }
        if case .write(let written) = made {
          do {
            // An earlier push may have carried it; somebody has taken it out since.
            if clone.recentPushes.commit(of: written.id) != nil { try clone.recentPushes.forget() }
            try clone.failures.forget(written.id)
            try clone.writing.set(stored?.topic ?? topic)
          } catch {
            throw CommitError(unnoted: error)
          }
        }
        return made
      }
    } catch {
      // The file is not ours: what is in it next is somebody's edit.
      try? clone.writing.clear()
      throw error
    }
    if let unflushed = outcome.unflushed { notes.append(unflushed.description) }
    seen.look(at: file, in: clone.threads)
    let asWritten = look(at: file)
    if case .write(let written) = outcome.change {
      let message = CommitMessage(written, topic: outcome.topic, by: agent, condition: nil)
      if waits {
        let entry = UncommittedEntry(
          id: written.id, topic: outcome.topic, subject: message.subject, look: asWritten)
        do {
          try clone.uncommitted.add(entry, file: written.thread.bytes)
        } catch {
          try settling.undo(outcome.topic, before)
          throw CommitError(unnoted: error)
        }
      } else {
        do {
          try commit([outcome.topic], message, areNew: before == nil || !isAsLeft, lock)
        } catch {
          try settling.settle(written.id, outcome.topic, before, after: error)
          // It may not have got to the index: the next operation looks.
          seen.forget(file)
        }
        if look(at: file) != asWritten {
          do {
            try correct(written, outcome.topic, message, lock)
          } catch {
            try? forgetSnapshot()
            throw CommitError(undecided: error)
          }
        }
      }
    }
    // It is written: neither a mark that stays nor that the next operation has to look at the files is a
    // reason to fail. A snapshot that is not saved is of other files than these.
    try? clone.writing.clear()
    try? save(seen)
    return outcome
  }

  /// Finds out what became of an entry whose commit failed: git may have been ended, by its deadline or by
  /// somebody, when the branch had it already. If it has not, the entry is taken out of its file again.
  /// - Throws: `CommitError`, unless it is committed.
  private func settle(
    _ id: EntryID, _ topic: Topic, _ before: ThreadStore.Stored?, after cause: GitError
  ) throws {
    let isThere: Bool
    do {
      isThere = try !cause.isNoRepository && isCommitted(id)
    } catch {
      // The mark stays: the file is whole, and the next operation need not wait until it is still.
      try? forgetSnapshot()
      throw CommitError(undecided: cause)
    }
    if isThere { return }
    try undo(topic, before)
    throw CommitError(cause: cause, signingRoot: settings.isSigning ? clone.root : nil)
  }

  /// Somebody saved the file while it was committed, and git may have read that instead of what was
  /// written: then the commit is made anew, and the save is an edit like any other.
  private func correct(
    _ written: ThreadChange.Written, _ topic: Topic, _ message: CommitMessage,
    _ lock: borrowing WriteLock
  ) throws {
    if try file(of: topic, at: "HEAD") == written.thread.bytes { return }
    let parent = try repository.commit(at: clone.branchRef + "^")
    let made = try commitBeside(parent, [topic: written.thread.bytes], message)
    try setBranch(to: made, [topic], lock)
  }

  /// Moves the branch to a commit in which threads differ; their files are left as they are.
  func setBranch(to commit: String, _ topics: [Topic], _ lock: borrowing WriteLock) throws {
    try repository.move(
      clone.branchRef, to: commit, doing: "moving the branch \(clone.branch)", holding: lock.held)
    try repository.resetIndex(
      topics.map { clone.name(of: $0) }, doing: "reading the branch \(clone.branch)",
      holding: lock.held)
  }

  /// Writes to a thread whose file somebody is editing this moment: the entry goes on what the branch
  /// has, and the file is left alone. Once it is still, the edit is taken in, and gets the entry.
  private func writeBeside(
    _ topic: Topic, _ known: [UInt8], by agent: Agent, _ lock: borrowing WriteLock,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    let path = store.path(of: topic)
    guard let thread = ThreadParser.parse(known[...]) else { throw StoreError.notAThread(path) }
    try thread.checkWritable(file: topic.fileName)
    let made = try change(ThreadStore.Stored(topic: topic, path: path, thread: thread))
    guard case .write(let written) = made else {
      return ThreadOutcome(change: made, topic: topic, path: path, thread: thread)
    }
    let message = CommitMessage(written, topic: topic, by: agent, condition: nil)
    let head = try repository.commit(at: clone.branchRef)
    let candidate = try commitBeside(head, [topic: written.thread.bytes], message)
    do {
      try setBranch(to: candidate, [topic], lock)
    } catch {
      // As with a commit: the branch may have it already.
      guard let isThere = try? settling.isCommitted(written.id) else {
        throw CommitError(undecided: error)
      }
      if !isThere { throw error }
    }
    return ThreadOutcome(change: made, topic: topic, path: path, thread: written.thread)
  }

  func look(at file: String) -> WorkTreeSnapshot {
    var look = WorkTreeSnapshot(bytes: [])
    look.look(at: file, in: clone.threads)
    return look
  }

  /// A commit on another one in which threads are others; nothing but objects changes.
  /// - Parameter parent: Nil for a branch's first commit.
  func commitBeside(
    _ parent: String?, _ files: [Topic: [UInt8]], _ message: CommitMessage
  ) throws(GitError) -> String {
    let named = files.map { (clone.name(of: $0.key), $0.value) }
    return try repository.makeCommit(
      on: parent, Dictionary(named) { first, _ in first }, message: message.text, signer: signer)
  }

  /// Commits these threads as they are in the work tree, and nothing else. The lock lives as long as
  /// the child.
  func commit(
    _ topics: [Topic], _ message: CommitMessage, areNew: Bool, _ lock: borrowing WriteLock
  ) throws(GitError) {
    // In files: an argument has 128 KiB at most, too little for a large import.
    let text = clone.note(.message)
    let list: String
    do {
      try text.write(Array(message.text.utf8))
      list = try clone.list(of: topics)
    } catch {
      throw .command(.couldNotStart("git commit", reason: "\(error)"))
    }
    if areNew {
      // Also where somebody has the file ignored.
      try repository.output(
        .stage(listedIn: list), doing: "staging \(topics[0])", input: lock.held)
    }
    try repository.output(
      .commit(listedIn: list, messageIn: text.path), doing: "git commit", input: lock.held,
      until: signer.end(deadline))
  }

  /// Whether the branch has this entry or change, whatever git said of its commit. Somebody may have
  /// committed the file by hand: no trailer tells of that, and the file does.
  func isCommitted(_ id: EntryID) throws(GitError) -> Bool {
    if try commit(of: id, on: clone.branchRef) != nil { return true }
    // At the start of a line: a body that quotes one has a backslash before it.
    return try repository.hasLine(
      beginningWith: "<!-- Entry-ID: \(id) -->", at: clone.branchRef, paths: clone.paths)
  }

  private func undo(_ topic: Topic, _ before: ThreadStore.Stored?) throws {
    do {
      let path = store.path(of: topic)
      if let before {
        try AtomicFile.replace(topic.fileName, in: clone.threads, with: before.thread.bytes)
      } else if unlink(path) != 0 {
        let error = SystemError("remove", path)
        if !error.isAbsence { throw error }
      }
    } catch is UnflushedFile {
      // It is as it was. Should a power cut bring the entry back, it is an edit.
    } catch {
      throw CommitError(leaving: error)
    }
    do {
      try repository.resetIndex(
        [clone.name(of: topic)], doing: "taking \(topic) out of the index again")
    } catch {
      // It would go out with the next commit by hand: the next operation looks, and mends the index.
      try? forgetSnapshot()
    }
    try? clone.writing.clear()
  }
}

extension Clone {
  /// The file that lists the files of threads for git. The caller holds the write lock.
  func list(of topics: [Topic]) throws -> String {
    let list = note(.paths)
    try list.write(Array(topics.map { name(of: $0) + "\0" }.joined().utf8))
    return list.path
  }
}
