internal import Platform

/// The writes that were made here and are not pushed yet.
struct Outbox: OnClone {
  let open: OpenClone
}

extension Outbox {
  /// All of it, the oldest first; what waits for its commit last. Nothing changes.
  /// - Parameter isLevelLikely: As of `state`; by default where nothing waits for its commit.
  func waiting(isLevelLikely: Bool? = nil) throws -> [CloneCommit] {
    // In this order: what is committed in between is in both, and not in neither.
    let uncommitted = try uncommitted()
    let ahead = try state(isLevelLikely: isLevelLikely ?? uncommitted.isEmpty).unsent
    return Self.joined(ahead, uncommitted)
  }

  /// The number of entries and changes that wait, and when the first of them was made. Git is asked only where a
  /// person's commits may be among them.
  func count() throws -> (count: Int, since: Timestamp?) {
    if try takingOver.left().isEmpty, let names = try branch.standing.unsent {
      let first = names.lazy.compactMap { (try? clone.records.record($0)) ?? nil }.first
      return (names.count, first?.time)
    }
    let waiting = try waiting(isLevelLikely: false)
    return (waiting.changeCount, waiting.first?.time)
  }

  /// The same, each record by itself, with the commit that it is in.
  func listed() throws -> [CloneCommit] {
    let (records, _) = clone.records.read(try clone.records.names())
    let known = Dictionary(records.map { ($0.id, $0) }) { first, _ in first }
    return try waiting().flatMap { commit -> [CloneCommit] in
      let own = commit.entryIDs.compactMap { known[$0] }
      if own.count < 2 || own.count < commit.entryIDs.count { return [commit] }
      return own.map { CloneCommit($0, in: commit) }
    }
  }

  /// The records that are in no commit yet.
  func uncommitted() throws -> [OutboxRecord] {
    let (records, unreadable) = clone.records.read(try branch.standing.waiting)
    if let first = unreadable.first, records.isEmpty { throw first }
    return try records + takingOver.left()
  }

  /// The commits that wait, and after them the records that wait for theirs.
  static func joined(_ ahead: [CloneCommit], _ uncommitted: [OutboxRecord]) -> [CloneCommit] {
    let committed = Set(ahead.flatMap(\.entryIDs))
    return ahead + uncommitted.filter { !committed.contains($0.id) }.map { CloneCommit($0) }
  }

  /// Takes back what is not pushed yet, as if it had never been said: it stays in git's reflog.
  ///
  /// A record that was sent, without an answer, is looked for in the remote first.
  /// - Returns: What was taken back, and sentences for people about it; nil if nothing in the outbox has this ID.
  func drop(
    _ id: EntryID, until deadline: Deadline
  ) throws -> (change: CloneCommit, notes: [String])? {
    // The push lock: what is being sent this moment cannot be taken back.
    try clone.withLock(PushLock.self, deadline: deadline) { _ in
      let isOffered = try clone.offered.offers.contains { offer in
        try clone.records.names().contains { $0.id == id && offer.has($0) }
      }
      let problem =
        isOffered
        ? try clone.withLock(FetchLock.self, deadline: deadline) {
          try remote.fetch($0, until: deadline)
        } : nil
      let dropped = try clone.withLock(WriteLock.self, deadline: deadline) { lock in
        try drop(id, lock)
      }
      if let problem, dropped != nil { throw DropError.perhapsSent(problem.message) }
      return dropped.map { ($0, notes(on: id, in: $0)) }
    }
  }

  private func notes(on id: EntryID, in dropped: CloneCommit) -> [String] {
    dropped.topics.compactMap { try? Topic($0) }.filter { topic in
      let file = try? store.readIfPresent(topic)
      return file?.thread.entries.contains { $0.id == id } ?? false
    }.map {
      "\(store.path(of: $0)) has it until that file can be written"
    }
  }

  private func drop(_ id: EntryID, _ lock: borrowing WriteLock) throws -> CloneCommit? {
    if let trouble = try beside.trouble { return try dropBeside(id, trouble, lock) }
    let prepared = try workTree.prepare(lock)
    var notes: [String] = []
    _ = try integration.integrate(lock, notes: &notes)
    let state = try state()
    var applied = try branch.state(lock)
    // The commit below may have been sent since, with some of the records on it.
    if !state.ahead.contains(where: { $0.id == applied.below }) {
      applied.below = state.tip ?? applied.below
    }
    let name = try clone.records.names().first { $0.id == id }
    let index = state.ahead.firstIndex { $0.has(id) }
    guard let dropped = try index.map({ state.ahead[$0] }) ?? listed().first(where: { $0.has(id) })
    else { return nil }
    for topic in dropped.topics.compactMap({ try? Topic($0) }) {
      guard let edit = prepared.unsettled[topic] else { continue }
      throw edit.problem ?? DropError.beingEdited(topic)
    }
    if let name {
      try drop(name, applied, lock)
      return dropped
    }
    guard let index, state.ahead[index...].allSatisfy({ $0.parents.count < 2 }) else {
      throw DropError.mergedByHand
    }
    let removal = try Removal(of: id, in: dropped, self)
    let parent = try remake(state.ahead[index...], without: id, removal)
    try move(from: state.head, to: parent, without: id, nil, lock)
    return dropped
  }

  /// The same, while the branch is somebody else's: only what is in no commit of it.
  private func dropBeside(
    _ id: EntryID, _ trouble: CloneTrouble, _ lock: borrowing WriteLock
  ) throws -> CloneCommit? {
    var notes: [String] = []
    // A record that the remote has by now cannot be taken back: looking for what is to be sent removes those.
    _ = try beside.outgoing(lock, notes: &notes)
    guard let dropped = try listed().first(where: { $0.has(id) }) else { return nil }
    let (records, _) = clone.records.read(try branch.standing.waiting)
    guard let record = records.first(where: { $0.id == id }) else { throw trouble }
    let heir = heir(of: record, among: records).heir
    try clone.takenBack.add(id)
    clone.contacts.recordDrop(of: id, isDone: false)
    do {
      if let heir { try clone.records.add(heir) }
    } catch {
      try? clone.takenBack.forget(id)
      throw error
    }
    clone.records.remove([record.name])
    clone.contacts.recordDrop(of: id, isDone: true)
    return dropped
  }

  /// Takes back a record: the others are applied anew to what it was applied to.
  private func drop(
    _ name: OutboxRecords.Name, _ applied: AppliedRecords, _ lock: borrowing WriteLock
  ) throws {
    let names = try clone.records.names()
    let (records, unreadable) = clone.records.read(names)
    let missing = branch.unreadableNumbers(names, records)
    // A record that cannot be read is in no new commit: what the branch has of it would go with the old one.
    if let cause = unreadable.first,
      names.contains(where: { missing.contains($0.number) && (applied.has($0) || $0 == name) })
    {
      throw cause
    }
    guard let dropped = records.first(where: { $0.number == name.number }) else { return }
    let (next, heir) = heir(of: dropped, among: records)
    let rest = records.filter { $0.number != name.number }
      .map { $0.number == heir?.number ? heir ?? $0 : $0 }
    let outcome = try applying.apply(rest, to: applied.below)
    var without = AppliedRecords(below: applied.below, head: applied.below, number: 0)
    do {
      without.head = try applying.commits(of: outcome.steps, on: applied.below).head
      without.number = max(applied.number, rest.last?.number ?? 0)
      without.held = Set(outcome.held.map(\.record.number) + missing)
    } catch {
      // The others wait on, where git cannot commit them: then no commit has this one either.
      if applied.has(name) { throw error }
    }
    if let heir { try clone.records.add(heir) }
    // Before the branch has lost it: killed in between, it is sent with that, or is gone with it.
    clone.records.remove([name])
    do {
      try move(from: applied.head, to: without.head, without: name.id, (applied, without), lock)
    } catch {
      if !((error as? DropError)?.isUnknown ?? false) {
        try clone.records.add(dropped)
        if let next, heir != nil { try clone.records.add(next) }
      }
      throw error
    }
    // The branch never had it, so that moving that took it out of no file.
    if !applied.has(name) {
      try renderWaiting(outcome.files, without: dropped, at: without.head)
    }
  }

  /// The record that goes on with the thread that another one begins, and the same as one that begins it: the thread
  /// stays for whoever went on with it.
  private func heir(
    of record: OutboxRecord, among records: [OutboxRecord]
  ) -> (next: OutboxRecord?, heir: OutboxRecord?) {
    let next = records.first { $0.number > record.number && $0.topic == record.topic }
    return (next, next?.beginning(insteadOf: record))
  }

  /// Has the files show what waits without what was taken back.
  private func renderWaiting(
    _ files: [Topic: [UInt8]], without dropped: OutboxRecord, at head: String?
  ) throws {
    var files = files
    let topic = dropped.topic
    if files[topic] == nil, let head { files[topic] = try file(of: topic, at: head) }
    if files[topic] == nil, workTree.left.isCurrent(topic.fileName, in: clone.threads) {
      try? File.remove(store.path(of: topic))
      try workTree.forget()
    } else {
      branch.render(files, at: head)
    }
  }

  private func move(
    from head: String?, to target: String?, without id: EntryID,
    _ applied: (AppliedRecords, AppliedRecords)?, _ lock: borrowing WriteLock
  ) throws {
    // A writer that is about to send the entry, and finds it gone, is told so.
    try clone.takenBack.add(id)
    clone.contacts.recordDrop(of: id, isDone: false)
    do {
      try workTree.moveBranch(from: head, to: target, lock, applied: applied)
    } catch {
      // With the mark of the move set, the next operation goes on with it.
      if (try? clone.moving.isSet) != false {
        throw DropError.unfinished(explained(error).message)
      }
      try? clone.takenBack.forget(id)
      throw error
    }
    clone.contacts.recordDrop(of: id, isDone: true)
  }

  /// Makes commits anew, each file as it would be had the change not been made.
  /// - Returns: The last of them; nil for a branch without a commit.
  private func remake(
    _ commits: ArraySlice<CloneCommit>, without id: EntryID, _ removal: Removal
  ) throws -> String? {
    var parent = commits.first?.parents.first
    for commit in commits {
      // Another one may have brought it back, with other things.
      let isDropped = commit.id == commits.first?.id
      if isDropped, commit.entryIDs.count < 2 { continue }
      let draft = CommitDraft(
        parent: parent, tree: try repository.objects.tree(of: commit.id),
        files: try removal.files(in: commit.id, self),
        message: isDropped ? commit.message(without: id) : commit.message,
        author: commit.authorship)
      parent = try repository.commit(draft, by: settings.committer).commit
    }
    return parent
  }
}

/// The taking out of a change: the files of its commit as they are with it, and as they would be without.
private struct Removal {
  private struct File {
    let name: String
    let topic: Topic
    /// With the change, and as it would be without it; nil where there would be no file.
    let made: Thread
    let without: Thread?
  }

  private var files: [File] = []

  /// - Parameter commit: Carries the change, and perhaps others.
  init(of id: EntryID, in commit: CloneCommit, _ outbox: Outbox) throws {
    for topic in commit.topics.compactMap({ try? Topic($0) }) {
      let name = outbox.clone.name(of: topic)
      guard let made = try outbox.thread(name, at: commit.id) else { continue }
      let before = try commit.parents.first.flatMap { try outbox.thread(name, at: $0) }
      if commit.entryIDs.count < 2 {
        files.append(File(name: name, topic: topic, made: made, without: before))
      } else if made.entries.contains(where: { $0.id == id }) {
        files.append(File(name: name, topic: topic, made: made, without: made.removing([id])))
      }
    }
    if files.isEmpty { throw DropError.joined }
  }

  /// The files of a later commit that differ without the change, and how; nil for none.
  func files(in commit: String, _ outbox: Outbox) throws -> [String: [UInt8]?] {
    var result: [String: [UInt8]?] = [:]
    for file in files {
      guard let later = try outbox.thread(file.name, at: commit) else { continue }
      if let without = file.without {
        let merge = ThreadMerge(
          base: file.made, shown: without, replayed: later, topic: file.topic)
        guard let merge else { throw DropError.unreadable(file.name) }
        result[file.name] = merge.thread.bytes
      } else if later == file.made {
        result[file.name] = .some(nil)
      } else {
        // Somebody went on with the thread that it had begun.
        result[file.name] = later.removing(file.made.entries.compactMap(\.id)).bytes
      }
    }
    return result
  }
}

extension CloneCommit {
  /// A record as if it had a commit for itself.
  /// - Parameter commit: The one that it is in, with others; nil where it has none yet, and so no commit's name.
  fileprivate init(_ record: OutboxRecord, in commit: CloneCommit? = nil) {
    let message = CommitMessage(joining: [record])
    self.init(
      id: commit?.id ?? "", parents: commit?.parents ?? [], time: record.time,
      authorName: record.author.name,
      authorEmail: record.author.email, authorDate: record.author.date,
      trailers: message.trailers.split(separator: "\n").map(String.init), message: message.text)
  }

  /// The message of a commit that carries several changes, without one of them.
  fileprivate func message(without id: EntryID) -> String {
    let line = "\(Trailer.entryID): \(id)"
    return message.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { $0 != line }.joined(separator: "\n")
  }
}

extension OnClone {
  /// A thread as a commit has it; nil where it has none.
  fileprivate func thread(_ name: String, at commit: String) throws -> Thread? {
    let object = "\(commit):\(name)"
    return try repository.objects.blobs([object])[object].flatMap { ThreadParser.parse($0[...]) }
  }
}
