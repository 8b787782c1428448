internal import Platform

/// The checks of what may stand between a clone and its remote.
struct RemoteCheck: OnClone {
  let open: OpenClone
}

extension RemoteCheck {
  /// Whether the remote answers, and whether it would take a push.
  func findings(_ deadline: Deadline) throws -> [Finding] {
    let problem = try clone.withLock(FetchLock.self, deadline: deadline) { lock in
      try remote.fetch(lock, until: deadline, removesLocks: false)
    }
    // The lock is a finding of its own.
    if problem?.kind == .locked { return [] }
    if let problem {
      var finding = Finding(
        problem, meaning: "nothing is sent and nothing comes; what is written here waits")
      if problem.kind == .historyRewritten {
        finding.fix = { try self.takeOverRewritten(deadline) }
      }
      return [finding]
    }
    guard let head = try repository.refs.commit(at: clone.branchRef) else { return [] }
    if try state().isBehind { return [] }
    let tried = remote.heard(
      try repository.tryPush(head, to: clone.branchRef, at: Clone.remote, until: deadline))
    guard case .failed(let problem) = PushOutcome(tried, branch: clone.branchRef) else { return [] }
    return [Finding(remote.placed(problem), meaning: "what is written here cannot be sent")]
  }

  /// The finding that writes wait here to be sent; none where none do.
  func outboxFindings(_ deadline: Deadline) throws -> [Finding] {
    // The commit that begins a branch of its own says nothing to anybody, and goes with the first entry.
    let waiting = try outbox.waiting().filter {
      !clone.isLinked || !$0.parents.isEmpty || !$0.topics.isEmpty
    }
    guard let first = waiting.first else { return [] }
    return [
      Finding(
        "\(waiting.count) \(waiting.count == 1 ? "write waits" : "writes wait") to be sent "
          + "since \(first.time)",
        meaning: "others cannot read yet what was written here",
        mend: "'\(programName) sync' sends what waits, or says why not",
        fix: {
          let delivery = try GitProcessSync(open: self.open).synchronize(until: deadline)
          if let problem = delivery.problem { throw problem }
          return "sent"
        })
    ]
  }

  /// Takes over a history that was rewritten at the remote, with what waits here on top of it. The old
  /// one is kept under `refs/watercooler/rescued`.
  private func takeOverRewritten(_ deadline: Deadline) throws -> String {
    try clone.withLock(PushLock.self, deadline: deadline) { _ in
      let fetched = StateFile.rewritten.name
      let old = try repository.refs.commit(at: clone.trackingRef)
      if let hold = remote.hold { throw remote.placed(hold) }
      // Were the branch as it was last seen moved too, all that was purged would look as if it waited here.
      let result = remote.heard(
        try repository.fetchAside(
          clone.branchRef, into: fetched, from: Clone.remote, until: deadline))
      if !result.succeeded { throw remote.placed(RemoteProblem(stderr: result.stderr)) }
      return try clone.withLock(WriteLock.self, deadline: deadline) { lock in
        _ = try workTree.prepare(lock)
        let head = try head()
        let state = try state()
        let rescued = try doctor.rescue()
        guard let target = try repository.refs.commit(at: fetched), let old else {
          throw GitError.failed("reading what was fetched", result)
        }
        var parent: String? = target
        var others: Set<String> = []
        for waiting in state.ahead {
          let files = try carried(by: waiting, from: old, onto: target, &others)
          if files.isEmpty { continue }
          let draft = CommitDraft(
            parent: parent, files: files, message: waiting.message, author: waiting.authorship)
          parent = try repository.commit(draft, by: settings.committer).commit
        }
        // In this order: what was purged would look as if it waited here, were it cut off in between.
        try workTree.moveBranch(from: head, to: parent, lock)
        try repository.refs.move(clone.trackingRef, to: target, doing: "taking over the history")
        try repository.refs.delete(fetched, doing: "cleaning up")
        let left = others.isEmpty ? "" : "; without \(others.sorted().joined(separator: ", "))"
        return "took over the remote's history\(left); what was there is kept: \(rescued)"
      }
    }
  }

  /// The threads that a waiting commit changes, as they are on top of another history: what was purged
  /// there does not come back.
  /// - Parameter others: Gets the files that it changes and that are no threads: they are not carried over.
  private func carried(
    by waiting: CloneCommit, from old: String, onto target: String, _ others: inout Set<String>
  ) throws -> [String: [UInt8]?] {
    var files: [String: [UInt8]?] = [:]
    let before = try waiting.parents.first ?? repository.objects.emptyTree()
    for change in try repository.objects.changes(from: before, to: waiting.id) {
      let name = change.path
      guard let topic = clone.topic(named: name) else {
        others.insert(name)
        continue
      }
      let versions = try repository.objects.blobs([
        "\(old):\(name)", "\(target):\(name)", "\(waiting.id):\(name)",
      ])
      let threads = versions.mapValues { ThreadParser.parse($0[...]) }
      guard let replayed = threads["\(waiting.id):\(name)"] ?? nil else { continue }
      guard let shown = threads["\(target):\(name)"] ?? nil else {
        files[name] = replayed.bytes
        continue
      }
      let base = threads["\(old):\(name)"] ?? nil
      if let merge = ThreadMerge(base: base, shown: shown, replayed: replayed, topic: topic) {
        if merge.thread.bytes != shown.bytes { files[name] = merge.thread.bytes }
      }
    }
    return files
  }

}
