internal import Platform

/// The marks of one reader, which tell what was seen of each thread: small files outside the tracked tree, one per
/// topic, that any number of processes may read and write.
///
/// A mark is a convenience, and no reason to fail: one that cannot be read shows everything again, and one
/// that cannot be written stays as it was.
struct SeenMarks: Sendable {
  let reader: Agent
  private let directory: String
  /// Whether the lock is held by who changes several at once.
  private var isLocked = false

  /// - Parameter state: Where what is derived from the threads is kept.
  init(of reader: Agent, in state: String) {
    self.reader = reader
    // The name as `answers(to:)` compares it.
    let name = reader.description.lowercased()
    directory = "\(state)/seen/\(String(name.prefix(60)).asFileName(of: name))"
  }

  /// The mark in a thread; nil where this reader has seen nothing of it.
  func kept(of name: String) -> KeptMark? {
    do {
      return try AtomicFile.readIfPresent(path(of: name)).map(KeptMark.init)
    } catch {
      return .unreadable
    }
  }

  /// All marks, by the names of their files.
  func all() -> [String: KeptMark] {
    names.reduce(into: [:]) { all, name in all[name] = kept(of: name) }
  }

  private var names: [String] {
    (try? Directory.names(in: directory) { !$0.hasPrefix(".") }) ?? []
  }

  /// The entries of a thread, and which of them this reader has seen.
  func seen(of topic: Topic, in entries: [Entry]) -> SeenEntries {
    SeenEntries(kept(of: Self.name(of: topic))?.mark(in: entries), by: reader, in: entries)
  }

  /// Moves the mark in a thread over entries that were shown, as far as they leave no gap after it. It
  /// never moves back.
  /// - Parameter told: What the mark names in vain, and the reader was told of.
  /// - Returns: Whether it says so now.
  @discardableResult
  func see(
    _ topic: Topic, in entries: [Entry], told: Set<EntryName.Number> = [],
    where isShown: (Int) -> Bool
  ) -> Bool {
    change(Self.name(of: topic)) { kept in
      let mark = kept?.mark(in: entries)
      var seen = SeenEntries(mark, by: reader, in: entries)
      let isMore = seen.see(where: isShown)
      // A mark of 0.1.0 is made anew once something is shown.
      let isConverted = kept?.isNamed == false && entries.indices.contains(where: isShown)
      let isChanged = isMore || isConverted || !told.isEmpty || mark?.isGone == true
      guard isChanged || mark == nil && seen.place > 0 else { return nil }
      let next = seen.mark(told: told)
      return next == mark ? nil : .mark(next)
    }
  }

  /// The reader was told that a thread is not there any more.
  func noteGone(_ topic: Topic) { change(Self.name(of: topic)) { $0?.gone } }

  /// Goes on with the marks of threads that have other topics now, where they have none under those.
  /// - Parameter existing: The topics that have a file.
  func adopt(_ readings: [ThreadReading], existing: () throws -> [Topic]) {
    let new = readings.filter { reading in
      FileStatus.ifKnown(path(of: Self.name(of: reading.topic))) == nil
    }
    guard !new.isEmpty, let existing = try? existing(), !existing.isEmpty else { return }
    let gone = Set(names).subtracting(existing.map(Self.name))
    let orphans = OrphanedMarks(gone.reduce(into: [:]) { $0[$1] = kept(of: $1) })
    for reading in new {
      let entries = reading.thread.entries
      guard let (old, kept) = orphans.mark(of: entries) else { continue }
      let mark = kept.mark(in: entries)
      let isAdopted = change(Self.name(of: reading.topic)) { $0 == nil ? .mark(mark) : nil }
      if isAdopted { try? File.remove(path(of: old)) }
    }
  }

  /// Whether this reader has looked at all threads before: what was over then is no news.
  var hasLooked: Bool { FileStatus.ifKnown(path(of: Self.looked)) != nil }

  func noteLooked() { write([], as: Self.looked) }

  /// Changes several marks at once, with one lock. Where it is not to be had nothing is changed.
  func together(_ changes: (SeenMarks) -> Void) {
    var marks = self
    marks.isLocked = true
    _ = locked { changes(marks) }
  }

  /// Nil where the lock was not to be had.
  private func locked<T>(_ work: () -> T) -> T? {
    if isLocked { return work() }
    try? Directory.make(directory)
    return try? FileLock.withLock(on: directory, deadline: .after(.seconds(1))) { _ in work() }
  }

  /// Replaces a mark by what `change` makes of it; nil changes nothing.
  /// - Returns: Whether it is as it is to be.
  @discardableResult
  private func change(_ name: String, _ change: (KeptMark?) -> KeptMark?) -> Bool {
    if change(kept(of: name)) == nil { return true }
    // Another process may have moved it meanwhile.
    return locked { change(kept(of: name)).map { write($0.bytes, as: name) } ?? true } ?? false
  }

  @discardableResult
  private func write(_ bytes: [UInt8], as name: String) -> Bool {
    try? Directory.make(directory)
    return (try? AtomicFile.replace(name, in: directory, with: bytes, isFlushed: false)) != nil
  }

  private func path(of name: String) -> String { directory + "/" + name }

  static func name(of topic: Topic) -> String { topic.name.lowercased() }

  /// No topic begins with a dot.
  private static let looked = ".looked"
}

extension Workspace {
  /// The marks of the reader.
  func seenMarks() throws -> SeenMarks {
    SeenMarks(of: try identity().agent, in: readerDirectory)
  }

  /// The entries of a reading, or those of its part that was shown, are seen by the reader now.
  ///
  /// A part that leaves a gap after what was seen before changes nothing: what is in the gap stays
  /// unseen.
  package func markSeen(_ reading: ThreadReading, shown: Range<Int>? = nil) {
    let shown = shown ?? reading.range
    markSeen(reading) { shown.contains($0) }
  }

  func markSeen(_ reading: ThreadReading, where isShown: (Int) -> Bool) {
    guard let marks = try? seenMarks() else { return }
    marks.adopt([reading], existing: store.topics)
    marks.see(reading.topic, in: reading.thread.entries, where: isShown)
  }

  /// Notes that the reader has seen the entries of updates that were shown, and was told which were removed.
  package func markSeen(_ updates: Updates) {
    guard updates.areNoted, let marks = try? seenMarks() else { return }
    marks.together { mark(updates, in: $0) }
  }

  private func mark(_ updates: Updates, in marks: SeenMarks) {
    let told = updates.removed.filter(\.isMarked)
    let renamed = told.filter { $0.kind != .entries }.compactMap(\.now)
    marks.adopt(
      renamed + updates.threads.map(\.reading) + updates.over, existing: store.topics)
    for removal in told where removal.kind == .thread { marks.noteGone(removal.topic) }
    func see(
      _ reading: ThreadReading, told: Set<EntryName.Number> = [], where isShown: (Int) -> Bool
    ) -> Bool {
      marks.see(reading.topic, in: reading.thread.entries, told: told, where: isShown)
    }
    for removal in told where removal.kind == .entries {
      if let now = removal.now { _ = see(now, told: removal.told) { _ in false } }
    }
    for past in updates.past {
      let indices = Set(past.indices)
      _ = see(past.reading, where: indices.contains)
    }
    for thread in updates.threads {
      let shown = Set(thread.shown)
      _ = see(thread.reading, where: shown.contains)
    }
    for reading in updates.back { _ = see(reading) { _ in false } }
    let isOver = updates.over.map { see($0) { _ in true } }
    if updates.isFirstLook, isOver.allSatisfy({ $0 }) { marks.noteLooked() }
  }
}
