internal import Foundation

/// A commit that failed: the entry was taken out again, and nothing is written.
package struct CommitError: ExplainedError {
  package let message: String
  package let hint: String?
  /// Whether it may have been written all the same.
  package private(set) var isUnknown = false

  init(message: String, hint: String?) { (self.message, self.hint) = (message, hint) }

  /// The file could not be put back as it was: the entry in it may go out as an edit.
  init(leaving cause: any Error) {
    self.init(
      message: "nobody knows yet whether it was written, as the file could not be put back: "
        + GitProcessSync.explained(cause).message,
      hint: "try again with the same --entry-id: it is never written twice")
    isUnknown = true
  }

  /// - Parameter signingRoot: Where git was to sign it; nil where nothing is signed.
  init(cause: GitError, signingRoot: String?) {
    if let signingRoot, !cause.isPassing {
      self.init(
        message: "nothing was written, as git could not sign the commit: \(cause.message)",
        hint: "unlock the key, as nothing here can ask for its passphrase; or sign nothing here: "
          + "git -C \(signingRoot) config commit.gpgsign false")
    } else {
      self.init(
        message: "nothing was written: \(cause.message)",
        hint: cause.hint ?? "run 'wc doctor', which looks for what is in the way")
    }
  }
}

extension GitProcessSync {
  /// Writes to a thread here: file, index and branch, or none of them.
  func write(
    _ topic: Topic, by agent: Agent, deadline: Deadline, notes: inout [String],
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    try clone.withLock(.write, deadline: deadline) { lock in
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
    _ lock: borrowing FileLock, _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    do {
      notes += try prepare(lock, commits: !waits)
    } catch let error as GitError {
      throw CommitError(cause: error, signingRoot: nil)
    }
    let spelled = try store.spelling(of: topic) ?? topic
    let file = spelled.fileName
    let looked = look(at: file)
    let isAsLeft = isAsLeft
    if waits, !isAsLeft { throw CommittedAlone() }
    if !isAsLeft, let known = try unsettled(spelled) {
      notes.append("'\(spelled)' is being edited: its file gets the entry once it is still")
      return try writeBeside(spelled, known, by: agent, lock, change)
    }
    var before: ThreadStore.Stored?
    let outcome: ThreadOutcome
    do {
      outcome = try store.apply(to: topic, deadline: deadline) { stored in
        // What was read is what the branch has, not what an editor has half saved by now.
        if look(at: file) != looked { throw SavedMeanwhile() }
        before = stored
        let made = try change(stored)
        if waits, !made.isEntry(of: stored?.thread) { throw CommittedAlone() }
        if case .write = made { try clone.writing.set(stored?.topic ?? topic) }
        return made
      }
    } catch {
      // The file is not ours: what is in it next is somebody's edit.
      clone.writing.clear()
      throw error
    }
    var seen = seen
    seen.look(at: file, in: clone.threads)
    let asWritten = look(at: file)
    if case .write(let written) = outcome.change {
      // An earlier push may have carried it; somebody has taken it out since.
      if clone.recentPushes.commit(of: written.id) != nil { clone.recentPushes.forget() }
      let message = CommitMessage(written, topic: outcome.topic, by: agent, condition: nil)
      if waits {
        let bytes = written.thread.bytes
        let entry = UncommittedEntry(
          id: written.id, topic: outcome.topic, subject: message.subject, look: asWritten)
        do {
          try clone.uncommitted.add(entry, file: bytes)
        } catch {
          try undo(outcome.topic, before)
          throw error
        }
      } else {
        do {
          try commit([outcome.topic], message, areNew: before == nil || !isAsLeft, lock)
        } catch {
          // Git may have been ended, by its deadline or by somebody, when the branch had it already.
          if (try? isCommitted(written.id)) != true {
            try undo(outcome.topic, before)
            throw CommitError(cause: error, signingRoot: settings.isSigning ? clone.root : nil)
          }
          // It may not have got to the index: the next operation looks.
          seen.forget(file)
        }
        if look(at: file) != asWritten { try correct(written, outcome.topic, message, lock) }
      }
    }
    clone.writing.clear()
    // It is written: that the next operation has to look at the files is no reason to fail.
    do { try save(seen) } catch { forgetSnapshot() }
    return outcome
  }

  /// Somebody saved the file while it was committed, and git may have read that instead of what was
  /// written: then the commit is made anew, and the save is an edit like any other.
  private func correct(
    _ written: ThreadChange.Written, _ topic: Topic, _ message: CommitMessage,
    _ lock: borrowing FileLock
  ) throws {
    let name = clone.name(of: topic)
    if try blobs(["HEAD:\(name)"])["HEAD:\(name)"] == written.thread.bytes { return }
    let parent = try commit(at: clone.branchRef + "^")
    let made = try commitBeside(parent, [topic: written.thread.bytes], message)
    try setBranch(to: made, [topic], lock)
  }

  /// Moves the branch to a commit in which threads differ; their files are left as they are.
  func setBranch(to commit: String, _ topics: [Topic], _ lock: borrowing FileLock) throws {
    try output(
      ["update-ref", clone.branchRef, commit], doing: "moving the branch \(clone.branch)",
      input: .descriptor(lock.descriptor))
    try output(
      ["--literal-pathspecs", "reset", "--quiet", "--"] + topics.map { clone.name(of: $0) },
      doing: "reading the branch \(clone.branch)", input: .descriptor(lock.descriptor))
  }

  /// Writes to a thread whose file somebody is editing this moment: the entry goes on what the branch
  /// has, and the file is left alone. Once it is still, the edit is taken in, and gets the entry.
  private func writeBeside(
    _ topic: Topic, _ known: [UInt8], by agent: Agent, _ lock: borrowing FileLock,
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
    let head = try commit(at: clone.branchRef)
    let candidate = try commitBeside(head, [topic: written.thread.bytes], message)
    do {
      try setBranch(to: candidate, [topic], lock)
    } catch {
      // As with a commit: the branch may have it already.
      if (try? isCommitted(written.id)) != true { throw error }
    }
    return ThreadOutcome(change: made, topic: topic, path: path, thread: written.thread)
  }

  func look(at file: String) -> WorkTreeSnapshot {
    var look = WorkTreeSnapshot(bytes: [])
    look.look(at: file, in: clone.threads)
    return look
  }

  /// Commits these threads as they are in the work tree, and nothing else. The lock lives as long as
  /// the child.
  func commit(
    _ topics: [Topic], _ message: CommitMessage, areNew: Bool, _ lock: borrowing FileLock
  ) throws(GitError) {
    // In files: an argument has 128 KiB at most, too little for a large import.
    let (text, list) = (clone.note("message"), clone.note("paths"))
    do {
      try text.write(Array(message.text.utf8))
      try list.write(Array(topics.map { clone.name(of: $0) + "\0" }.joined().utf8))
    } catch {
      throw .command(.couldNotStart("git commit", reason: "\(error)"))
    }
    let paths = ["--pathspec-from-file=\(list.path)", "--pathspec-file-nul"]
    if areNew {
      // Also where somebody has the file ignored.
      try output(
        ["--literal-pathspecs", "add", "--force"] + paths, doing: "staging \(topics[0])",
        input: .descriptor(lock.descriptor))
    }
    let patience = settings.isSigning ? Self.signingPatience : Self.localPatience
    let result = try git.run(
      [
        "--literal-pathspecs", "commit", "--quiet", "--no-verify", "--cleanup=verbatim", "--only",
        "-F", text.path,
      ] + paths, in: clone.root, input: .descriptor(lock.descriptor), until: .after(patience))
    if !result.succeeded { throw failure("git commit", result) }
  }

  /// Whether the branch has this entry or change, whatever git said of its commit. Somebody may have
  /// committed the file by hand: no trailer tells of that, and the file does.
  func isCommitted(_ id: EntryID) throws(GitError) -> Bool {
    let named = try output(
      [
        "log", "-1", "--format=%H", "--fixed-strings", "--grep=\(Trailer.entryID): \(id)",
        clone.branchRef, "--",
      ], doing: "looking for what was committed")
    if !named.isEmpty { return true }
    let path = clone.path.isEmpty ? [] : [clone.path]
    let found = try run(
      // At the start of a line: a body that quotes one has a backslash before it.
      ["grep", "--quiet", "-e", "^<!-- Entry-ID: \(id) -->", clone.branchRef, "--"] + path)
    switch found.status {
    case .exited(0): return true
    case .exited(1): return false
    default: throw .failed("looking for what was committed", found)
    }
  }

  private func undo(_ topic: Topic, _ before: ThreadStore.Stored?) throws {
    if let before {
      do {
        try AtomicFile.replace(topic.fileName, in: clone.threads, with: before.thread.bytes)
      } catch {
        throw CommitError(leaving: error)
      }
    } else {
      unlink(store.path(of: topic))
    }
    _ = try? run(["reset", "--quiet", "--", clone.name(of: topic)])
    clone.writing.clear()
  }
}
