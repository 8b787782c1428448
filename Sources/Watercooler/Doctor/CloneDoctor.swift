internal import Platform

/// The checks of a clone, its surroundings and its remote, and mending what they find.
struct CloneDoctor: OnClone {
  let open: OpenClone
}

extension OnClone {
  var doctor: CloneDoctor { CloneDoctor(open: open) }
}

extension CloneDoctor {
  /// Everything that can be wrong with a clone, its surroundings and its remote. It is looked at alone:
  /// nothing changes but what is known of the remote.
  func checkup(until deadline: Deadline) -> [Finding] {
    var findings: [Finding] = []
    do {
      let damage = try DamageCheck(open: open).findings(deadline)
      // Whatever else git says then follows from it.
      if !damage.isEmpty { return damage }
    } catch {
      findings.append(Self.unlookedAt(error))
    }
    let remote = RemoteCheck(open: open)
    let checks: [(Deadline) throws -> [Finding]] = [
      noteFindings, recordFindings, unfinishedFindings, configurationFindings,
      MergeDriverCheck(open: open).findings,
      remote.findings, remote.outboxFindings, clockFindings, diskFindings,
    ]
    for check in checks {
      do {
        findings += try check(deadline)
      } catch {
        let finding = Self.unlookedAt(error)
        // One reason, a disk that cannot be written to, say, stops several checks.
        if !findings.contains(where: { $0.meaning == finding.meaning && $0.mend == finding.mend }) {
          findings.append(finding)
        }
      }
    }
    return findings
  }

  /// A check that could not be made.
  private static func unlookedAt(_ error: any Error) -> Finding {
    let meaning = "the clone could not be looked at in full"
    let retry = "see what it says, then run this again"
    return (error as? GitError).map {
      Finding(
        $0.message, meaning: meaning,
        mend: $0.isRefused ? $0.hint ?? retry : retry)
    } ?? Finding(explained(error), meaning: meaning)
  }

  // MARK: - What was left behind

  private func unfinishedFindings(_ deadline: Deadline) throws -> [Finding] {
    try clone.withLock(WriteLock.self, deadline: deadline) { _ in
      let meaning = "what that file locks cannot be changed while it is there"
      var findings = try repository.locks.all(of: clone.refs).map { lock in
        lock.isStale
          ? Finding(
            lock.what, meaning: meaning,
            mend: "nothing to do: the next command removes it",
            fix: {
              try self.clone.withLock(WriteLock.self, deadline: deadline) { _ in
                try self.recovery.removeStaleLocks() ? "removed" : "it has gone by itself"
              }
            })
          : Finding(lock.what, meaning: meaning, mend: lock.mend)
      }
      findings += try mergeFileFindings(deadline)
      do {
        if let unfinished = try recovery.unfinished() {
          throw try recovery.trouble(with: unfinished)
        }
        try recovery.checkBranch()
        findings += try editFindings(deadline)
      } catch let trouble as CloneTrouble {
        let meaning =
          try beside.trouble == trouble
          ? "its files are left alone: reads and writes go past them, and what was committed before waits"
          : "nothing can be written here; reading works, and may be old"
        var finding = Finding(trouble, meaning: meaning)
        finding.fix = { try self.mend(trouble, deadline) }
        findings.append(finding)
      }
      return findings
    }
  }

  /// The leftovers of a killed merge beside the threads.
  private func mergeFileFindings(_ deadline: Deadline) throws -> [Finding] {
    let removal: @Sendable () throws -> String = {
      try self.clone.withLock(WriteLock.self, deadline: deadline) { _ in
        _ = try self.recovery.removeStaleLocks()
        return "removed"
      }
    }
    return try repository.locks.mergeFiles().map { file in
      Finding(
        "a merge that ended left \(file.path)",
        meaning: "it is no thread, and nothing reads it",
        mend: file.isStale
          ? "nothing to do: the next command removes it"
          : "nothing to do: it goes by itself once it is ten seconds old and no git has it open",
        fix: file.isStale ? removal : nil)
    }
  }

  /// Whether the notes of our own, beside git's files, can be written: without them nothing else can.
  private func noteFindings(_ deadline: Deadline) throws -> [Finding] {
    let directory = clone.stateDirectory
    guard try FileStatus.exists(directory) else { return [] }
    let names = try Directory.names(in: directory)
    let unwritable = ([directory] + names.map { directory + "/" + $0 })
      .filter { FileAccess([.reading, .writing]).refusal(at: $0)?.isDenied == true }
    guard let first = unwritable.first else { return [] }
    let more = unwritable.count > 1 ? " and \(unwritable.count - 1) more" : ""
    return [
      Finding(
        "\(first)\(more) cannot be read and written",
        meaning: "writes are refused: what is noted there keeps entries from being lost",
        mend: "give yourself permission to it: chmod -R u+rwX \(SSHCommand.quoted(directory))")
    ]
  }

  /// The records of the outbox that nobody can read.
  private func recordFindings(_ deadline: Deadline) throws -> [Finding] {
    clone.records.read(try clone.records.names()).unreadable.map {
      Finding($0, meaning: "what it says is sent by nobody; all else is")
    }
  }

  /// Thread files that are not as the branch has them.
  private func editFindings(_ deadline: Deadline) throws -> [Finding] {
    // Not by the look of the files alone: what is staged is in none of them.
    let edits = try handEdits.all().filter {
      $0.isOfIndex || $0.found == nil || handEdits.isStill($0.topic)
    }
    return edits.map { finding(of: $0, deadline) }
  }

  private func finding(of edit: HandEdits.Edit, _ deadline: Deadline) -> Finding {
    let unshared = "what is in the file is not shared, and what others write there does not show"
    if let problem = edit.problem {
      return Finding(
        problem.message, meaning: unshared,
        mend: problem.hint ?? "see what it says, then run this again")
    }
    if edit.isOfIndex {
      return Finding(
        "'\(edit.topic)' is staged, and was never committed",
        meaning: "the next commit by hand would change it, or publish it",
        mend:
          "'\(programName) doctor --fix' has the index be as the branch is; the file stays as it is"
      ).fixed {
        try self.workTree.forget()
        _ = try self.prepared(deadline)
        return "the index is as the branch is"
      }
    }
    let isCutShort = edit.found.flatMap { edit.known?.starts(with: $0) } ?? true
    let known = (edit.known ?? [])[...].conflictMarkers
    if !isCutShort, let found = edit.found, !found.isThread(withMarkers: known) {
      return Finding(
        handEdits.unreadable(edit.topic, found), meaning: unshared,
        mend: "mend \(store.path(of: edit.topic)) in an editor, "
          + "or go back to what is shared: git -C \(SSHCommand.quoted(clone.root)) checkout -- "
          + SSHCommand.quoted(clone.name(of: edit.topic)))
    }
    return Finding(
      "'\(edit.topic)' was " + (isCutShort ? "deleted or cut short" : "edited") + " by hand",
      meaning: isCutShort ? "no entry is gone: the branch has them" : "it is not shared yet",
      mend: "nothing to do: the next command "
        + (isCutShort ? "puts it back" : "takes it in, and shares it")
    ).fixed {
      let notes = try self.prepared(deadline)
      return notes.isEmpty ? "done with the one before" : notes.joined(separator: "; ")
    }
  }

  /// The work that the next command does before anything else, done now.
  private func prepared(_ deadline: Deadline) throws -> [String] {
    try clone.withLock(WriteLock.self, deadline: deadline) { try workTree.prepare($0).notes }
  }

  /// Mends what an operation leaves alone as somebody may be at it: whoever asks for a fix says that
  /// nobody is. Everything that is touched is kept under `refs/watercooler/rescued` and beside it.
  private func mend(_ trouble: CloneTrouble, _ deadline: Deadline) throws -> String {
    try clone.withLock(WriteLock.self, deadline: deadline) { lock in
      let rescued = try rescue()
      switch trouble {
      case .otherBranch:
        try repository.output(
          .head(names: clone.branchRef), doing: "going back to \(clone.branch)", input: lock.held)
        try repository.files.resetIndex(doing: "reading \(clone.branch)", holding: lock.held)
      case .unresolved, .autostash: try takeBackUnfinished(lock)
      // Found before anything else, and mended there.
      case .damagedHead: throw trouble
      }
      try workTree.forget()
      _ = try workTree.prepare(lock)
      return "mended; what was there is kept: \(rescued)"
    }
  }

  /// Keeps what HEAD and the work tree have, and says where.
  func rescue() throws -> String {
    let ref = rescueRef()
    if let head = try repository.refs.commit(at: "HEAD") {
      try repository.refs.move(ref, to: head, doing: "keeping HEAD")
    }
    for topic in try store.topics() {
      try handEdits.keepAside(try AtomicFile.read(store.path(of: topic)), of: topic)
    }
    return "the commit as \(ref), the files in \(clone.path(of: .found))"
  }

  /// A name for a commit that is kept as it was found.
  private func rescueRef() -> String {
    StateFile.rescued.path(with: "\(EntryID.make())")
  }

  private func takeBackUnfinished(_ lock: borrowing WriteLock) throws {
    let autostash = clone.gitDirectory + "/rebase-merge/autostash"
    for command in ["rebase", "am", "merge", "cherry-pick", "revert"] {
      _ = try repository.files.abort(command, holding: lock.held)
    }
    guard try FileStatus.exists(clone.gitDirectory + "/rebase-merge") else { return }
    // Only an autostash in it: git itself can neither go on nor abort.
    if let stash = try AtomicFile.readIfPresent(autostash)?[...].trimmed.string {
      try repository.refs.move(rescueRef(), to: stash, doing: "keeping the autostash")
      _ = try repository.run(.applyStash(stash), input: lock.held)
      // Git's note of a merge, AUTO_MERGE, goes with it.
      try repository.files.resetIndex(doing: "reading \(clone.branch)", holding: lock.held)
    }
    try Directory.removeAll(clone.gitDirectory + "/rebase-merge")
  }

  // MARK: - Configuration

  private func configurationFindings(_ deadline: Deadline) throws -> [Finding] {
    var findings: [Finding] = []
    if let key = settings.ssh.key, let finding = Self.keyFinding(key) { findings.append(finding) }
    let probe = clone.name(of: try Topic("probe"))
    if try repository.files.attributes(["merge", "text"], of: probe) != ["watercooler", "unset"] {
      var finding = Finding(
        "thread files have not the attributes that they need",
        meaning: "git may merge them line by line, or change their line ends",
        mend: !clone.isLinked
          ? "'\(programName) doctor --fix' writes them into \(clone.gitDirectory)/info/attributes"
          : "write '*.md \(ThreadAttributes.line)' into \(clone.root)/.gitattributes, and commit it"
      )
      if !clone.isLinked {
        finding.fix = {
          try ThreadAttributes.write(gitDirectory: clone.commonDirectory, path: clone.path)
          return "the attributes are written"
        }
      }
      findings.append(finding)
    }
    return findings
  }

  private static func keyFinding(_ key: String) -> Finding? {
    guard FileStatus.ifKnown(key)?.isOpenToOthers == true else { return nil }
    var finding = Finding(
      "others may read the key \(key)", meaning: "ssh refuses to use it",
      mend: "chmod 600 \(SSHCommand.quoted(key))")
    finding.fix = {
      try File.setPermissions(0o600, of: key)
      return "\(key) is yours alone now"
    }
    return finding
  }
}

extension [UInt8] {
  /// Whether it can be taken in as a thread; a body may quote some conflict markers.
  fileprivate func isThread(withMarkers known: Int) -> Bool {
    self[...].conflictMarkers <= known && ThreadParser.parse(self[...])?.problems.isEmpty == true
  }
}
