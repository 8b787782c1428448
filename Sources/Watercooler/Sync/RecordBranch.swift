internal import Platform

/// The branch as a cache of the records: while it is where we left it, it is the remote's, perhaps with a person's
/// commits on top, and the records applied to that. Where somebody has moved it, all that it has is that person's.
struct RecordBranch: OnClone {
  let open: OpenClone
}

/// The records that have got their commit, as all is after it.
struct CommittedRecords {
  /// The commits, where they can be sent right away; nil where git has to be asked first how both sides stand.
  var outgoing: Outgoing?
  /// Sentences for people about what became of index and threads.
  var notes: [String] = []
}

extension RecordBranch {
  /// The records and the branch as they stand to each other, for all that is noted: nothing is asked, or changed.
  struct Standing {
    let names: [OutboxRecords.Name]
    /// The commits that the branch names, and the remote's as it was last seen.
    let head: String?
    let tip: String?
    /// The state of the branch, where it is where we left it; nil elsewhere.
    let state: AppliedRecords?
    /// The last that was noted, wherever the branch is by now.
    fileprivate let noted: AppliedRecords?
    fileprivate let isMoving: Bool

    /// The records that are in no commit of the branch, the first accepted first.
    var waiting: [OutboxRecords.Name] {
      guard let known = state ?? noted else { return names }
      return names.filter { !known.has($0) }
    }

    /// Whether the branch is where we left it, and all records are in it.
    var isCurrent: Bool { names.isEmpty || state != nil && !isMoving && waiting.isEmpty }

    /// The same but for records whose threads cannot be written to.
    var isCommitted: Bool {
      names.isEmpty || state != nil && !isMoving && waiting.count == held.count
    }

    /// The records whose threads cannot be written to.
    var held: [OutboxRecords.Name] { names.filter { state?.held.contains($0.number) ?? false } }

    /// The records, where they and nothing else are what the remote does not have; nil where git has to be asked.
    var unsent: [OutboxRecords.Name]? {
      guard let state, !isMoving else { return nil }
      return head == tip ? waiting : state.below == tip ? names : nil
    }

    /// All records, where they are many, in the branch, and all that is to be sent: git would list all their
    /// commits, for each to be told its own. Nil elsewhere.
    var many: Outgoing? {
      guard let unsent, unsent.count > 50, waiting.isEmpty, let head else { return nil }
      return Outgoing(Candidate(commit: head, parent: tip), carrying: unsent.map(\.id))
    }
  }

  var standing: Standing {
    get throws {
      // In this order: what is committed in between is not taken for something that waits.
      let names = try clone.records.names()
      if names.isEmpty {
        return Standing(names: [], head: nil, tip: nil, state: nil, noted: nil, isMoving: false)
      }
      // A ref that cannot be read is at no place that is known: whoever goes on from here reads it again, and says so.
      let head = (try? head()) ?? nil
      let tip = (try? repository.refs.tip(of: clone.trackingRef)) ?? nil
      let states = try clone.applied.states
      return Standing(
        names: names, head: head, tip: tip,
        state: head == nil ? nil : states.first { $0.head == head }, noted: states.last,
        isMoving: states.count > 1)
    }
  }

  /// How far the records are in the branch. Where somebody has moved it, they are sealed: what is below it, or is
  /// named there, is that person's by now, and is never applied again.
  /// - Parameter note: Hears a sentence for people about each that somebody has taken out.
  func state(
    _ lock: borrowing WriteLock, note: (String) -> Void = { _ in }
  ) throws -> AppliedRecords {
    let head = try head()
    let states = try clone.applied.states
    if let state = states.first(where: { $0.head == head }) {
      // The move from one to the other was cut off, or done.
      if states.count > 1 { try clone.applied.set(state) }
      // All of it was sent.
      let isSent = try head != nil && repository.refs.tip(of: clone.trackingRef) == head
      return isSent
        ? AppliedRecords(below: head, head: head, number: state.number, held: state.held) : state
    }
    // A branch that was to be moved and is at neither end: the later records may not have been in it.
    let number = states.map(\.number).min() ?? 0
    let held = states.reduce(into: Set<Int>()) { $0.formUnion($1.held) }
    let last = states.last
    return try seal(
      at: head,
      AppliedRecords(below: last?.below, head: last?.head, number: number, held: held), note: note)
  }

  /// Takes all that the branch has at a commit for somebody's work.
  /// - Parameter before: What was in it when we left it.
  @discardableResult
  func seal(
    at head: String?, _ before: AppliedRecords, note: (String) -> Void = { _ in }
  ) throws -> AppliedRecords {
    let names = try clone.records.names()
    let (records, _) = clone.records.read(names)
    let present = try isThere(records, at: head).union(setBare(records, before, at: head))
    let isReturn = try repository.refs.lastMove(of: clone.branchRef).isReturnFromRebase
    var waiting: Set<Int> = []
    for record in records where before.has(record.name) || present.contains(record.id) {
      if present.contains(record.id) || record.isBare && !isReturn {
        clone.records.remove([record.name])
      } else if isReturn {
        // It was committed after git had noted where the rebase was to return to.
        waiting.insert(record.number)
      } else {
        // Somebody has taken it out: what it said is kept, where nobody takes it for something that waits.
        let path = try clone.records.keepAside(record.name, in: clone.path(of: .found))
        note("'\(record.subject)' was taken out by hand, and is not sent; it is kept: \(path)")
      }
    }
    let left = Set(try clone.records.names().map(\.number))
    let state = AppliedRecords(
      below: head, head: head, number: before.number,
      held: before.held.union(waiting).intersection(left))
    try clone.applied.set(state)
    return state
  }

  /// The waiting changes of heads that somebody has committed with their file: a commit has their values, and what
  /// they were made on had not.
  private func setBare(
    _ records: [OutboxRecord], _ before: AppliedRecords, at commit: String?
  ) throws -> Set<EntryID> {
    guard let commit, let earlier = before.head else { return [] }
    var found: Set<EntryID> = []
    for record in records where !before.has(record.name) {
      guard case .head(let values) = record.change,
        let now = try file(of: record.topic, at: commit).flatMap({ ThreadParser.parse($0[...]) }),
        let then = try file(of: record.topic, at: earlier).flatMap({ ThreadParser.parse($0[...]) }),
        values.allSatisfy({ now[$0.key] == $0.value }),
        values.contains(where: { then[$0.key] != $0.value })
      else { continue }
      found.insert(record.id)
    }
    return found
  }

  /// The records that a commit has: the history up to it names them, or its files have their entries.
  private func isThere(_ records: [OutboxRecord], at commit: String?) throws -> Set<EntryID> {
    guard let commit, let first = records.first else { return [] }
    let since = try first.base.flatMap { try repository.refs.isUnknown($0) ? nil : $0 }
    let history = try repository.history.commits(of: commit, since: since)
    var found = Set(history.flatMap(\.namedIDs))
    let topics = Array(Set(records.map(\.topic)))
    for bytes in try files(of: topics, at: commit).values {
      found.formUnion(ThreadParser.parse(bytes[...])?.entries.compactMap(\.id) ?? [])
    }
    return found.intersection(records.map(\.id))
  }
}

// MARK: - Committing

extension RecordBranch {
  /// Commits the records that wait for it, each author's by themselves; the branch moves, and the files that are as
  /// we left them become as it is.
  /// - Parameter left: The files as they look, where that is as our last operation left them.
  /// - Returns: Nil where nothing waited.
  func commitWaiting(
    _ state: AppliedRecords, _ left: FilesAsLeft?, _ lock: borrowing WriteLock
  ) throws -> CommittedRecords? {
    let all = try clone.records.names()
    let names = all.filter { !state.has($0) }
    guard let last = names.last else { return nil }
    let (records, unreadable) = clone.records.read(names)
    let applied = try applying.apply(records, to: state.head)
    clone.records.remove(applied.present.map(\.name))
    var made = CommittedRecords(notes: unreadable.map(\.description) + applied.notes)
    var next = state
    next.number = max(state.number, last.number)
    next.held.formUnion(applied.held.map(\.record.number) + unreadableNumbers(names, records))
    next.held.subtract(applied.steps.flatMap(\.records).map(\.number))
    next.held.formIntersection(all.map(\.number))
    if applied.steps.isEmpty {
      if next != state { try clone.applied.set(next) }
      return made
    }
    var prepared = Prepared(left ?? FilesAsLeft(head: nil, files: WorkTreeSnapshot()))
    if left != nil {
      for (topic, bytes) in applied.files { render(topic, bytes, &prepared) }
    }
    guard let outgoing = try commit(applied.steps, on: state.head, &prepared, lock) else {
      throw BranchMoved(branch: clone.branch, root: clone.root)
    }
    next.head = outgoing.candidate.commit
    try clone.applied.set(next)
    made.outgoing = outgoing
    if left != nil {
      workTree.save(prepared.left, at: prepared.isBehind ? state.head : next.head)
    }
    made.notes += prepared.notes
    return made
  }

  /// The numbers of the records that could not be read, or are gone.
  func unreadableNumbers(
    _ names: [OutboxRecords.Name], _ records: [OutboxRecord]
  ) -> [Int] {
    let read = Set(records.map(\.number))
    return names.map(\.number).filter { !read.contains($0) }
  }

  /// Makes the commits of some steps, and moves the branch to the last.
  /// - Returns: Nil where the branch is elsewhere.
  private func commit(
    _ steps: [Applying.Step], on parent: String?, _ prepared: inout Prepared,
    _ lock: borrowing WriteLock
  ) throws -> Outgoing? {
    let (below, commits) = try applying.commits(of: steps.dropLast(), on: parent)
    let last = steps[steps.count - 1]
    let made = try workTree.commit(
      last.files, on: below, last.message, author: last.author, &prepared, lock,
      indexing: steps.flatMap(\.files.keys))
    return made.map { made in
      Outgoing(
        Candidate(commit: made.commit, parent: parent), commits + [(made.commit, last.ids)])
    }
  }

  /// Has a file be as the branch is, if it is as we left it. One that cannot be written is written by the next
  /// operation: the change is in the branch.
  private func render(
    _ topic: Topic, _ bytes: [UInt8], _ prepared: inout Prepared
  ) {
    let file = topic.fileName
    guard prepared.left.isCurrent(file, in: clone.threads) else {
      return prepared.left.forget(file)
    }
    do {
      let found = try AtomicFile.readIfPresent(store.path(of: topic))
      if found == bytes { return }
      // The entry of a record that nobody can read is an edit.
      if let found, !hasAllEntries(bytes, of: found) {
        return prepared.left.forget(file)
      }
      let written = try AtomicFile.replace(file, in: clone.threads, with: bytes, isFlushed: false)
      prepared.take(file, as: written)
    } catch {
      prepared.behind.insert(topic)
      prepared.notes.append(
        "'\(topic)' has it once its file can be written: \(explained(error).message)")
    }
  }

  /// Has files that are as we left them have what waits, too.
  func render(_ files: [Topic: [UInt8]], at head: String?) {
    var prepared = Prepared(FilesAsLeft(head: head, files: workTree.left))
    for (topic, bytes) in files { render(topic, bytes, &prepared) }
    workTree.save(prepared.left, at: prepared.isBehind ? nil : head)
  }
}

extension OnClone {
  /// Whether a thread's file has all entries that another version has, as they are there, but for those that were
  /// taken back.
  func hasAllEntries(_ file: [UInt8], of other: [UInt8]) -> Bool {
    let known = Set(ThreadParser.parse(file[...])?.entries.map(\.raw) ?? [])
    return ThreadParser.parse(other[...])?.entries.allSatisfy {
      known.contains($0.raw) || (try? isTakenBack($0)) ?? false
    } ?? false
  }

  /// A thread as somebody's file has it, without what was taken back and is in no commit.
  func withoutTakenBack(_ thread: Thread, known: Thread) throws -> Thread {
    let committed = Set(known.entries)
    let others = try thread.entries.filter { try !committed.contains($0) && isTakenBack($0) }
    return others.isEmpty ? thread : thread.removing(others.compactMap(\.id))
  }

  func isTakenBack(_ entry: Entry) throws -> Bool {
    try entry.id.map { try clone.takenBack.has($0) } ?? false
  }
}

extension CloneState {
  /// The commits that are ahead, but for those whose entries and changes the remote has in others: they were sent past
  /// the branch, or by hand.
  var unsent: [CloneCommit] {
    if behind.isEmpty { return ahead }
    let named = Set(behind.flatMap(\.namedIDs))
    return ahead.filter { $0.entryIDs.isEmpty || !named.isSuperset(of: $0.entryIDs) }
  }
}

extension CloneCommit {
  /// The entries and changes that its message names, be it as one of several that were squashed by hand.
  var namedIDs: [EntryID] {
    message.split(whereSeparator: \.isNewline).compactMap { line in
      let words = line.split(separator: " ")
      return words.count == 2 && words[0] == "\(Trailer.entryID):" ? EntryID(words[1]) : nil
    }
  }
}
