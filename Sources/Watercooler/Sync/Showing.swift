internal import Platform

/// The threads as readers are to see them: what the branch has and what waits here, whether or not that is in the files
/// yet.
struct Showing: OnClone {
  let open: OpenClone
}

extension OnClone {
  var showing: Showing { Showing(open: open) }
}

extension Showing {
  /// All that is shown depends on: while it is the same, so is that.
  struct Mark: Equatable {
    fileprivate let unfinished: String?
    fileprivate let head: String?
    fileprivate let tip: String?
    fileprivate let names: [OutboxRecords.Name]
    fileprivate let look: WorkTreeSnapshot
  }

  /// - Parameter look: Of the files that are asked about.
  func mark(_ look: WorkTreeSnapshot) throws -> Mark {
    Mark(
      unfinished: try recovery.unfinished()?.file, head: try head(),
      tip: try repository.refs.tip(of: clone.trackingRef), names: try clone.records.names(),
      look: look)
  }

  /// Whether what is shown goes past the branch: somebody's rebase is unfinished, or what the remote has cannot be
  /// brought into it.
  var isPast: Bool {
    get throws {
      if try recovery.unfinished() != nil { return true }
      let head = try head()
      guard let tip = try repository.refs.tip(of: clone.trackingRef), tip != head else {
        return false
      }
      let applied = try clone.applied.states.last
      if applied?.below == tip, applied?.head == head { return false }
      return try head.map { try !repository.refs.isAncestor(tip, of: $0) } ?? true
    }
  }

  /// The threads that are to be read otherwise than from their files; nil where the files have all.
  func shown() throws -> ShownThreads? {
    if try isPast { return try beside.shown() }
    let isAsLeft = workTree.isAsLeft
    let waiting = try branch.standing.waiting
    if isAsLeft, waiting.isEmpty { return nil }
    var shown = ShownThreads()
    if !isAsLeft { try addCommitted(to: &shown) }
    for record in clone.records.read(waiting).records { try add(record, to: &shown) }
    return shown.files.isEmpty ? nil : shown
  }

  /// Adds the threads whose files lack entries that the branch has: files that could not be written, or that
  /// somebody is editing.
  private func addCommitted(to shown: inout ShownThreads) throws {
    for edit in try handEdits.all() where !edit.isOfIndex && edit.problem == nil {
      guard let bytes = edit.known, let known = ThreadParser.parse(bytes[...]) else { continue }
      guard let found = edit.found, !found.isEmpty else {
        shown.files[edit.topic] = bytes
        continue
      }
      guard let inFile = ThreadParser.parse(found[...]) else { continue }
      var edited = try withoutTakenBack(inFile, known: known)
      let order = known.entries.map(\.identity)
      let isWhole = edited.entries.prefix(order.count).map(\.identity) == order
      if isWhole, edited.entries.count == inFile.entries.count { continue }
      if edited.problems.isEmpty, let merged = known.takingIn(edited, topic: edit.topic) {
        shown.files[edit.topic] = merged
        continue
      }
      // Entries of the branch keep their places, and those that are only in the file come after them.
      let own = Dictionary(edited.entries.map { ($0.identity, $0) }) { first, _ in first }
      let others = edited.entries.filter { !order.contains($0.identity) }
      edited.entries = []
      for entry in known.entries { edited.append(own[entry.identity] ?? entry) }
      others.forEach { edited.append($0) }
      shown.files[edit.topic] = edited.bytes
    }
  }

  /// Adds a record that its thread's file has not.
  private func add(_ record: OutboxRecord, to shown: inout ShownThreads) throws {
    var store = store
    store.shown = shown
    let stored = try? store.readIfPresent(record.topic)
    let topic = stored?.topic ?? record.topic
    if let entries = stored?.thread.entries, entries.contains(where: { $0.id == record.id }) {
      return
    }
    shown.add(record, to: stored?.thread, as: topic)
  }
}

extension ShownThreads {
  /// Adds what comes of records.
  mutating func add(_ records: [OutboxRecord], _ outcome: Applying.Outcome) {
    files.merge(outcome.files) { _, last in last }
    for (record, _) in outcome.held {
      let topic = files.keys.first { $0.isSame(as: record.topic) } ?? record.topic
      add(record, to: files[topic].flatMap { ThreadParser.parse($0[...]) }, as: topic)
    }
    pending.formUnion(records.map(\.id))
    pending.subtract(outcome.present.map(\.id))
  }

  /// Adds what comes of a record; an entry also to a thread that nobody can write to, as it waits for that.
  mutating func add(_ record: OutboxRecord, to thread: Thread?, as topic: Topic) {
    switch try? record.applied(to: thread, as: topic, isOffered: true) {
    case .changed(let changed): files[topic] = changed.bytes
    case .unchanged, .present: return
    case nil:
      guard var thread, case .entry(let bytes) = record.change,
        let entry = Entry(raw: bytes[...], gap: [.lineFeed], isQuoted: true)
      else { return }
      thread.append(entry)
      files[topic] = thread.bytes
    }
    pending.insert(record.id)
  }
}
