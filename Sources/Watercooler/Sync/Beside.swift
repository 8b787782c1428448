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
  /// The rebase, merge or the like that a person has begun and not finished; nil where the work tree is ours to change.
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

  /// Takes back what we have committed since a person's rebase was begun, between git's look at the branch and the
  /// first sign of it: at its end git wants the branch where it was. The records wait again.
  func giveWay(_ lock: borrowing WriteLock) throws {
    let path = "\(clone.gitDirectory)/rebase-merge/orig-head"
    let states = try clone.applied.states
    guard let found = try AtomicFile.readIfPresent(path)?[...].trimmed, found.isObjectName,
      case let start = found.string, let head = try head(), head != start,
      let before = states.first(where: { $0.head == head }),
      try repository.refs.isAncestor(start, of: head)
    else { return }
    let names = try clone.records.names()
    let since = Set(
      try repository.history.commits(of: head, since: start).flatMap(\.namedIDs))
    // A commit of a person's among them is theirs to find.
    guard !since.isEmpty, since.isSubset(of: names.map(\.id)) else { return }
    var state = before
    state.head = start
    state.held.formUnion(names.filter { since.contains($0.id) }.map(\.number))
    try clone.applied.set(from: before, to: state)
    try repository.refs.move(
      clone.branchRef, to: start, from: head, doing: "giving way to a rebase", holding: lock.held)
    try clone.applied.set(state)
  }

  // MARK: - Sending

  /// The records that are in no commit of the branch, in commits on what the remote has; those that it has by now are
  /// removed. No branch moves.
  ///
  /// Where the branch is ours, and only a person's commits in it cannot be merged, all records are sent: they are in the
  /// branch too, and found in both later.
  func outgoing(
    _ lock: borrowing WriteLock, notes: inout [String]
  ) throws -> Outgoing? {
    try recovery.checkIsRepository()
    let isOurs = try recovery.unfinished() == nil
    if !isOurs { try giveWay(lock) }
    let standing = try branch.standing
    let (records, unreadable) = clone.records.read(standing.names)
    let (settled, _) = try integration.settle(records, try state(), standing.state)
    let names = isOurs ? standing.names : standing.waiting
    let waiting = Set(names.map(\.number)).subtracting(settled)
    let tip = try repository.refs.tip(of: clone.trackingRef)
    let outcome = try applying.apply(records.filter { waiting.contains($0.number) }, to: tip)
    clone.records.remove(outcome.present.map(\.name))
    notes += (unreadable.map(\.description) + outcome.notes).filter { !notes.contains($0) }
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
    // In this order: what is sent in between is in both, and not in neither.
    let records = clone.records.read(try clone.records.names()).records.filter { record in
      wanted?.isSame(as: record.topic) ?? true
    }
    let state = try state()
    let tip = try repository.refs.tip(of: clone.trackingRef)
    let base = try self.base(state, tip)
    var shown = ShownThreads(isAll: true, tip: tip)
    if let base { shown.files = try past.files(at: base) { wanted?.isSame(as: $0) ?? true } }
    shown.add(records, try applying.apply(records, to: base))
    shown.pending.formUnion(state.unsent.flatMap(\.entryIDs))
    let topics = state.unsent.flatMap(\.topics).compactMap { try? Topic($0) }
    shown.pending.subtract(try shownIDs(of: topics + records.map(\.topic), at: tip))
    return shown
  }

  /// The commit or tree that the records are read on.
  private func base(_ state: CloneState, _ tip: String?) throws -> String? {
    guard !state.ahead.isEmpty, let head = try head() else { return tip }
    guard state.isBehind, let tip else { return head }
    // Where files that are no threads conflict, the threads are merged all the same.
    return try integration.merge(tip, head).tree
  }

  /// The entries that a commit has in some threads.
  private func shownIDs(of topics: [Topic], at commit: String?) throws -> Set<EntryID> {
    guard let commit, !topics.isEmpty else { return [] }
    let files = try files(of: Array(Set(topics)), at: commit).values
    return Set(files.flatMap { ThreadParser.parse($0[...])?.entries.compactMap(\.id) ?? [] })
  }

  /// The thread of a topic, for a change of it; nil where there is none.
  /// - Throws: `StoreError`, `UnwritableThread`.
  func stored(_ topic: Topic) throws -> ThreadStore.Stored? {
    // A change of a thread that the remote has damaged could never be sent: it is refused here.
    if let tip = try repository.refs.tip(of: clone.trackingRef) {
      _ = try past.stored(topic, at: tip)
    }
    var shown = store
    shown.shown = try self.shown(topic)
    let stored = try shown.readIfPresent(topic)
    try stored?.thread.checkWritable(file: stored?.topic.fileName ?? "")
    return stored
  }

  /// Whether whoever makes a change of a thread begins it: the remote has none of this topic, nor is one sent before
  /// it, and what readers see of it is the person's.
  func begins(_ topic: Topic) throws -> Bool {
    let waiting = clone.records.read(try branch.standing.waiting).records
    if waiting.contains(where: { $0.topic.isSame(as: topic) }) { return false }
    guard let tip = try repository.refs.tip(of: clone.trackingRef) else { return true }
    return try !past.topics(at: tip).contains { $0.isSame(as: topic) }
  }
}
