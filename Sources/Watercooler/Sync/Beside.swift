internal import Platform

/// Work beside a person's: while a rebase, a merge or the like of somebody's is unfinished, branch, index and files are
/// that person's. What is read is what the remote has and what waits here, and what is written is sent in commits of
/// its own; nothing in the work tree is touched.
struct Beside: OnClone {
  let open: OpenClone
}

extension OnClone {
  var beside: Beside { Beside(open: open) }
}

extension Beside {
  /// What somebody has begun and not finished; nil where the work tree is ours to change.
  var trouble: CloneTrouble? {
    get throws {
      guard let unfinished = try recovery.unfinished(), try !recovery.isLeftover(unfinished) else {
        return nil
      }
      return try recovery.trouble(with: unfinished)
    }
  }

  /// A sentence for people about what is unfinished, for the first who asks since it was begun.
  func notice() -> [String] {
    guard let unfinished = try? recovery.unfinished(),
      let trouble = try? recovery.trouble(with: unfinished)
    else { return [] }
    let inode = FileStatus.ifKnown("\(clone.gitDirectory)/\(unfinished.file)")?.identity.inode ?? 0
    let note = clone.note(.unfinished)
    let words = Array("\(unfinished.file) \(inode)\n".utf8)
    if (try? note.bytes) == words { return [] }
    try? note.write(words)
    return [
      "\(trouble.message): its files are left alone, and what is read and written here goes past them; "
        + "to go on with them, \(trouble.hint ?? "")"
    ]
  }

  // MARK: - Sending

  /// The records that are in no commit of the branch, in commits on what the remote has; those that it has by now are
  /// removed. No branch moves.
  func outgoing(
    _ lock: borrowing WriteLock, notes: inout [String]
  ) throws -> Outgoing? {
    try recovery.checkIsRepository()
    let waiting = clone.records.read(try branch.standing.waiting)
    let (settled, _) = try integration.settle(waiting.records, try state(), nil)
    let tip = try repository.refs.tip(of: clone.trackingRef)
    let outcome = try applying.apply(
      waiting.records.filter { !settled.contains($0.number) }, to: tip)
    clone.records.remove(outcome.present.map(\.name))
    notes += (waiting.unreadable.map(\.description) + outcome.notes).filter { !notes.contains($0) }
    do {
      let made = try applying.commits(of: outcome.steps, on: tip)
      guard let head = made.head, !made.commits.isEmpty else { return nil }
      return Outgoing(Candidate(commit: head, parent: tip), made.commits)
    } catch let error as GitError {
      throw uncommitted(error)
    }
  }

  // MARK: - Reading

  /// The threads as they are once that is finished, as far as that can be told: what the remote has, merged with what
  /// the branch has, and the records that wait.
  /// - Parameter wanted: The one thread that is asked for, in whatever case; nil for all.
  func shown(_ wanted: Topic? = nil) throws -> ShownThreads {
    let names = try clone.records.names()
    let state = try state()
    let base = try self.base(state)
    let topics = try base.map { try past.topics(at: $0) } ?? []
    var shown = ShownThreads(isAll: true)
    if let base {
      let known = topics.filter { wanted?.isSame(as: $0) ?? true }
      shown.files = try files(of: known, at: base)
    }
    let records = clone.records.read(names).records.filter { record in
      wanted?.isSame(as: record.topic) ?? true
    }
    shown.add(records, try applying.apply(records, to: base))
    shown.pending.formUnion(state.ahead.flatMap(\.entryIDs))
    return shown
  }

  /// The commit or tree that the records are read on.
  private func base(_ state: CloneState) throws -> String? {
    let tip = try repository.refs.tip(of: clone.trackingRef)
    guard !state.ahead.isEmpty, let head = try head() else { return tip }
    guard state.isBehind, let tip else { return head }
    var notes: [String] = []
    do {
      return try integration.mergeTree(tip, head, notes: &notes)
    } catch is IntegrationConflict {
      return tip
    }
  }

  /// The thread of a topic, for a change of it; nil where there is none.
  /// - Throws: `StoreError`, `UnwritableThread`.
  func stored(_ topic: Topic) throws -> ThreadStore.Stored? {
    var shown = store
    shown.shown = try self.shown(topic)
    let stored = try shown.readIfPresent(topic)
    try stored?.thread.checkWritable(file: stored?.topic.fileName ?? "")
    return stored
  }
}
