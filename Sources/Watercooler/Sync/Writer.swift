internal import Platform

/// Writing to a thread of a clone: the change is accepted as a record, and then written to the thread's file and
/// committed. Only the first can fail the write.
struct Writer: OnClone {
  let open: OpenClone
}

extension Writer {
  /// The result of a write, as far as it has come here.
  struct Written {
    let outcome: ThreadOutcome
    var notes: [String] = []
    /// The commit that carries it; nil where there is none, or whoever pushes next makes it.
    var candidate: Candidate?
  }

  /// Writes to a thread here.
  ///
  /// While somebody pushes, a commit of its own would bring a change nowhere sooner: it is left to whoever pushes
  /// next.
  /// - Throws: Only where nothing was written.
  func write(
    _ topic: Topic, by agent: Agent, _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> Written {
    try clone.withLock(WriteLock.self, deadline: deadline) { lock in
      var notes: [String] = []
      while true {
        if try beside.trouble != nil { return try beside(topic, by: agent, change) }
        do {
          var prepared = try prepare(lock)
          notes += prepared.notes.filter { !notes.contains($0) }
          var written = try write(topic, by: agent, &prepared, lock, change)
          written.notes = notes + (prepared.notes + written.notes).filter { !notes.contains($0) }
          return written
        } catch is SavedMeanwhile {
          try deadline.check()
        } catch let trouble as CloneTrouble {
          // It was begun in between.
          if try beside.trouble == nil { throw trouble }
        }
      }
    }
  }

  /// Somebody saved the file between our look at it and our write.
  private struct SavedMeanwhile: Error {}

  private func prepare(_ lock: borrowing WriteLock) throws -> Prepared {
    do {
      return try workTree.prepare(lock, mayWait: true)
    } catch let error where error is GitError || error is UnsignedCommit {
      throw CommitError(error)
    }
  }

  private func write(
    _ topic: Topic, by agent: Agent, _ prepared: inout Prepared, _ lock: borrowing WriteLock,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> Written {
    let spelled = try store.spelling(of: topic) ?? topic
    // A write through a link changes another file, which is neither committed nor put back with this one.
    try store.checkNoLink(spelled)
    var accepted: Accepted?
    let outcome =
      if let edit = prepared.unsettled[spelled] {
        try beside(edit, by: agent, prepared, &accepted, change)
      } else {
        try inFile(topic, by: agent, prepared, &accepted, change)
      }
    guard let accepted else { return Written(outcome: outcome) }
    var written = Written(outcome: outcome, notes: accepted.notes)
    if let status = outcome.written {
      prepared.left.take(outcome.topic.fileName, as: status)
    } else if prepared.unsettled[outcome.topic] == nil {
      prepared.behind.insert(outcome.topic)
    } else if !prepared.behind.contains(outcome.topic) {
      prepared.left.forget(outcome.topic.fileName)
    }
    if !prepared.waits { written.candidate = commit(accepted, outcome, &prepared, lock) }
    // A file that could not be written is as the branch was before, which the note of the files has to say.
    let head = written.candidate?.commit ?? prepared.head
    let behind = written.candidate == nil ? nil : prepared.head
    workTree.save(prepared.left, at: prepared.isBehind ? behind : head)
    return written
  }

  // MARK: - Accepting

  /// A change that is kept, whatever happens to it now.
  private struct Accepted {
    let record: OutboxRecord
    let written: ThreadChange.Written
    /// Sentences for people about it.
    var notes: [String] = []
  }

  private func accept(
    _ written: ThreadChange.Written, of before: Thread?, _ topic: Topic, by agent: Agent,
    begins: Bool = false
  ) throws -> Accepted {
    do {
      // An earlier push may have carried it; somebody has taken it out since.
      if clone.recentPushes.commit(of: written.id) != nil { try clone.recentPushes.forget() }
      try clone.takenBack.forget(written.id)
      let record = OutboxRecord(
        written, of: before, begins: begins, topic: topic, number: try clone.nextRecordNumber,
        message: CommitMessage(written, topic: topic, by: agent, condition: nil),
        author: settings.committer, base: try repository.refs.tip(of: clone.trackingRef))
      var accepted = Accepted(record: record, written: written, notes: newAuthor.map { [$0] } ?? [])
      do {
        try clone.records.add(record)
      } catch let error as UnflushedFile {
        accepted.notes.append(error.description)
      }
      return accepted
    } catch {
      throw CommitError(error)
    }
  }

  /// Writes to the thread as its file has it, if that still looks as it did: what is read then is what the branch
  /// has, and not what an editor has half saved by now.
  private func inFile(
    _ topic: Topic, by agent: Agent, _ prepared: Prepared, _ accepted: inout Accepted?,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    var made: Accepted?
    defer { accepted = made }
    do {
      return try store.apply(to: topic, deadline: deadline, isFlushed: false) { stored in
        let topic = stored?.topic ?? topic
        if !prepared.now.isCurrent(topic.fileName, in: clone.threads) { throw SavedMeanwhile() }
        let change = try change(stored)
        if case .write(let written) = change {
          made = try accept(written, of: stored?.thread, topic, by: agent)
        }
        return change
      }
    } catch {
      guard let accepted = made else { throw error }
      let topic = accepted.record.topic
      made?.notes.append(
        "'\(topic)' has it once its file can be written: \(explained(error).message)")
      return ThreadOutcome(
        change: .write(accepted.written), topic: topic, path: store.path(of: topic),
        thread: accepted.written.thread)
    }
  }

  /// Writes to a thread whose file somebody is editing this moment, or that cannot be written: the change is made to
  /// what the branch has, and the file is left alone. Once it is still, the edit is taken in, and gets the entry.
  private func beside(
    _ edit: HandEdits.Edit, by agent: Agent, _ prepared: Prepared, _ accepted: inout Accepted?,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    if let problem = edit.problem { throw problem }
    let topic = edit.topic
    let path = store.path(of: topic)
    guard let known = edit.known, let thread = ThreadParser.parse(known[...]) else {
      throw StoreError.notAThread(path)
    }
    try thread.checkWritable(file: topic.fileName)
    let stored = ThreadStore.Stored(topic: topic, path: path, thread: thread)
    let outcome = try outsideFile(topic, stored, by: agent, &accepted, change)
    if !prepared.behind.contains(topic) {
      accepted?.notes.append("'\(topic)' is being edited: its file gets the entry once it is still")
    }
    return outcome
  }

  /// Writes to a thread while the work tree is somebody else's: the change is made to what readers see.
  private func beside(
    _ topic: Topic, by agent: Agent, _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> Written {
    let stored = try beside.stored(topic)
    var accepted: Accepted?
    let begins = try stored != nil && beside.begins(topic)
    let outcome = try outsideFile(
      stored?.topic ?? topic, stored, by: agent, begins: begins, &accepted, change)
    return Written(outcome: outcome, notes: accepted?.notes ?? [])
  }

  /// Makes a change of a thread, and accepts it; no file changes.
  private func outsideFile(
    _ topic: Topic, _ stored: ThreadStore.Stored?, by agent: Agent, begins: Bool = false,
    _ accepted: inout Accepted?, _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    let made = try change(stored)
    var thread = stored?.thread
    if case .write(let written) = made {
      accepted = try accept(written, of: thread, topic, by: agent, begins: begins)
      thread = written.thread
    }
    return ThreadOutcome(change: made, topic: topic, path: store.path(of: topic), thread: thread)
  }

  // MARK: - Committing

  /// Commits what was accepted just now.
  /// - Returns: Nil where that was not done: whoever sends it does it.
  private func commit(
    _ accepted: Accepted, _ outcome: ThreadOutcome, _ prepared: inout Prepared,
    _ lock: borrowing WriteLock
  ) -> Candidate? {
    let record = accepted.record
    do {
      let made = try workTree.commit(
        [outcome.topic: accepted.written.thread.bytes], on: prepared.head,
        CommitMessage(joining: [record]), author: record.author, &prepared, lock)
      guard let made else { return nil }
      var applied = prepared.applied
      (applied.head, applied.number) = (made.commit, record.number)
      try clone.applied.set(applied)
      return made
    } catch {
      return nil
    }
  }
}
