internal import Platform

/// Writing to a thread of a clone: file, branch and index, or none of them.
struct Writer: OnClone {
  let open: OpenClone
}

extension Writer {
  /// The result of a write, as far as it has come here.
  struct Written {
    let outcome: ThreadOutcome
    let notes: [String]
    /// The commit that carries it; nil where there is none, or whoever pushes next makes it.
    var candidate: Candidate?
  }

  /// Writes to a thread here.
  ///
  /// While somebody pushes, a commit of its own would bring an entry nowhere sooner: it is left to whoever pushes
  /// next. What is no entry of a thread that is there could not be told from others then, and taken back: it
  /// has a commit for itself.
  func write(
    _ topic: Topic, by agent: Agent, _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> Written {
    try clone.withLock(WriteLock.self, deadline: deadline) { lock in
      var mayWait = true
      var notes: [String] = []
      while true {
        do {
          var prepared = try prepare(lock, mayWait: mayWait)
          notes += prepared.notes.filter { !notes.contains($0) }
          let written = try write(topic, by: agent, &prepared, lock, change)
          notes += (prepared.notes + written.notes).filter { !notes.contains($0) }
          return Written(outcome: written.outcome, notes: notes, candidate: written.candidate)
        } catch is MovedMeanwhile {
          try deadline.check()
        } catch is CommittedAlone {
          mayWait = false
        }
      }
    }
  }

  /// Somebody saved the file, or moved the branch, between our look at it and our write.
  private struct MovedMeanwhile: Error {}

  /// The change is to have a commit for itself.
  private struct CommittedAlone: Error {}

  private func prepare(_ lock: borrowing WriteLock, mayWait: Bool) throws -> Prepared {
    do {
      return try workTree.prepare(lock, mayWait: mayWait)
    } catch let error as GitError {
      throw CommitError(cause: error, signingRoot: nil)
    }
  }

  private func write(
    _ topic: Topic, by agent: Agent, _ prepared: inout Prepared, _ lock: borrowing WriteLock,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> Written {
    let spelled = try store.spelling(of: topic) ?? topic
    // A write through a link changes another file, which is neither committed nor put back with this one.
    try store.checkNoLink(spelled)
    if let edit = prepared.unsettled[spelled] {
      return try writeBeside(edit, by: agent, &prepared, lock, change)
    }
    var before: ThreadStore.Stored?
    let outcome = try writeFile(topic, prepared, before: &before, change)
    // Without a write nothing is kept of the file: what is in it by now is somebody's edit.
    guard case .write(let written) = outcome.change else {
      return Written(outcome: outcome, notes: [])
    }
    let notes = [outcome.unflushed?.description].compactMap { $0 }
    prepared.left.take(outcome.topic.fileName, as: outcome.written)
    let message = CommitMessage(written, topic: outcome.topic, by: agent, condition: nil)
    var candidate: Candidate?
    do {
      if prepared.waits {
        try queue.add(written, outcome.topic, message, prepared.left)
      } else {
        candidate = try commit(written, outcome.topic, message, &prepared, before, lock)
      }
    } catch let error as UnnotedEntry {
      guard try settling.undo(outcome.topic, before, prepared) else {
        throw CommitError(undecided: error.cause)
      }
      throw CommitError(unnoted: error.cause)
    }
    // It is written: neither a mark that stays nor that the next operation has to look at the files is a
    // reason to fail. A snapshot that is not saved is of other files than these.
    try? clone.writing.clear()
    workTree.save(prepared.left, at: candidate?.commit ?? prepared.head)
    return Written(outcome: outcome, notes: notes, candidate: candidate)
  }

  /// Writes the file, if it still looks as it did: what is read then is what the branch has, and not what an
  /// editor has half saved by now.
  private func writeFile(
    _ topic: Topic, _ prepared: Prepared, before: inout ThreadStore.Stored?,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    var found: ThreadStore.Stored?
    defer { before = found }
    do {
      return try store.apply(to: topic, deadline: deadline) { stored in
        let file = (stored?.topic ?? topic).fileName
        if !prepared.now.isCurrent(file, in: clone.threads) { throw MovedMeanwhile() }
        found = stored
        let made = try change(stored)
        if prepared.waits, !made.isEntry(of: stored?.thread) { throw CommittedAlone() }
        if case .write(let written) = made { try announce(written, stored?.topic ?? topic) }
        return made
      }
    } catch {
      // The file is not ours: what is in it next is somebody's edit.
      try? clone.writing.clear()
      throw error
    }
  }

  /// Notes what is about to be written, before anything is.
  private func announce(_ written: ThreadChange.Written, _ topic: Topic) throws {
    do {
      // An earlier push may have carried it; somebody has taken it out since.
      if clone.recentPushes.commit(of: written.id) != nil { try clone.recentPushes.forget() }
      try clone.failures.forget(written.id)
      try clone.writing.set(topic)
    } catch {
      throw CommitError(unnoted: error)
    }
  }

  private func commit(
    _ written: ThreadChange.Written, _ topic: Topic, _ message: CommitMessage,
    _ prepared: inout Prepared, _ before: ThreadStore.Stored?, _ lock: borrowing WriteLock
  ) throws -> Candidate? {
    do {
      let made = try workTree.commit(
        [topic: written.thread.bytes], on: prepared.head, message, &prepared, lock)
      if let made { return made }
      if try !settling.isThere(written.id, after: nil) {
        // An edit of somebody's in it is taken in first, and the entry with it.
        _ = try settling.undo(topic, before, prepared)
        throw MovedMeanwhile()
      }
    } catch let cause as GitError {
      if try !settling.isThere(written.id, after: cause) {
        guard try settling.undo(topic, before, prepared) else {
          throw CommitError(undecided: cause)
        }
        throw CommitError(cause: cause, signingRoot: settings.isSigning ? clone.root : nil)
      }
    }
    // It may not have got to the index: the next operation looks.
    prepared.left.forget(topic.fileName)
    return nil
  }

  /// Whether the branch has an entry whose commit was not made as it should have been: git may have been ended,
  /// by its deadline or by somebody, when it was done.
  /// - Parameter cause: What git said; nil where it only said that the branch is elsewhere.
  /// - Throws: `CommitError` where that cannot be told. The mark of the write stays: the file is whole, and the
  ///   next operation need not wait until it is still.
  private func isThere(_ id: EntryID, after cause: GitError?) throws -> Bool {
    if cause?.isNoRepository == true { return false }
    do {
      return try workTree.isCommitted(id)
    } catch {
      try? workTree.forget()
      throw CommitError(undecided: cause ?? error)
    }
  }

  /// Puts a file back as it was before it was written.
  /// - Returns: False where somebody has saved it since: then it stays, and what was written goes out with that.
  private func undo(
    _ topic: Topic, _ before: ThreadStore.Stored?, _ prepared: Prepared
  ) throws -> Bool {
    if !prepared.left.isCurrent(topic.fileName, in: clone.threads) { return false }
    do {
      let path = store.path(of: topic)
      if let before {
        try AtomicFile.replace(topic.fileName, in: clone.threads, with: before.thread.bytes)
      } else {
        do { try File.remove(path) } catch { if !error.isAbsence { throw error } }
      }
    } catch is UnflushedFile {
      // It is as it was. Should a power cut bring the entry back, it is an edit.
    } catch {
      throw CommitError(leaving: error)
    }
    try? clone.writing.clear()
    return true
  }

  /// Writes to a thread whose file somebody is editing this moment: the entry goes on what the branch
  /// has, and the file is left alone. Once it is still, the edit is taken in, and gets the entry.
  private func writeBeside(
    _ edit: HandEdits.Edit, by agent: Agent, _ prepared: inout Prepared,
    _ lock: borrowing WriteLock, _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> Written {
    if let problem = edit.problem { throw problem }
    let topic = edit.topic
    let path = store.path(of: topic)
    guard let known = edit.known, let thread = ThreadParser.parse(known[...]) else {
      throw StoreError.notAThread(path)
    }
    try thread.checkWritable(file: topic.fileName)
    let made = try change(ThreadStore.Stored(topic: topic, path: path, thread: thread))
    guard case .write(let written) = made else {
      let outcome = ThreadOutcome(change: made, topic: topic, path: path, thread: thread)
      return Written(outcome: outcome, notes: [])
    }
    let message = CommitMessage(written, topic: topic, by: agent, condition: nil)
    var candidate: Candidate?
    do {
      candidate = try workTree.commit(
        [topic: written.thread.bytes], on: prepared.head, message, &prepared, lock)
      if candidate == nil, try !settling.isThere(written.id, after: nil) { throw MovedMeanwhile() }
    } catch let cause as GitError {
      if try !settling.isThere(written.id, after: cause) { throw cause }
    }
    prepared.left.forget(topic.fileName)
    workTree.save(prepared.left, at: candidate?.commit ?? prepared.head)
    return Written(
      outcome: ThreadOutcome(change: made, topic: topic, path: path, thread: written.thread),
      notes: ["'\(topic)' is being edited: its file gets the entry once it is still"],
      candidate: candidate)
  }
}
