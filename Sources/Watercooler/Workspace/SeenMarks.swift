internal import Foundation

/// What one reader has seen of each thread: tiny files outside the tracked tree, one per topic, that
/// any number of processes may read and write.
///
/// A mark is a convenience: one that cannot be read or written is none, and no reason to fail.
struct SeenMarks: Sendable {
  let reader: Agent
  private let directory: String

  /// - Parameter state: Where what is derived from the threads is kept.
  init(of reader: Agent, in state: String) {
    self.reader = reader
    // The name as `answers(to:)` compares it.
    let name = reader.description.lowercased()
    directory = "\(state)/seen/\(String(name.prefix(60)).asFileName(of: name))"
  }

  /// The mark in a thread, or what an older version kept; nil where this reader has seen nothing of it.
  /// - Throws: Where there is one that cannot be read.
  func kept(of name: String) throws -> Kept? {
    try AtomicFile.readIfPresent(directory + "/" + name).flatMap { Kept($0) }
  }

  /// All marks, by the names of their files. One that cannot be read is none here.
  func all() -> [String: Kept] {
    let names = (try? Directory.names(in: directory) { !$0.hasPrefix(".") }) ?? []
    return names.reduce(into: [:]) { all, name in all[name] = try? kept(of: name) }
  }

  /// What of a thread this reader has seen.
  func seen(of topic: Topic, in entries: [Entry]) -> SeenEntries {
    let kept = try? kept(of: Self.name(of: topic))
    return SeenEntries(kept?.mark(in: entries), by: reader, in: entries)
  }

  /// Moves the mark in a thread over entries that were shown, as far as they leave no gap after it. It
  /// never moves back.
  /// - Parameters:
  ///   - pending: Those that wait to be sent.
  ///   - missing: What the mark names in vain, and the reader was told of.
  func see(
    _ topic: Topic, in entries: [Entry], pending: Set<EntryID>, missing: [EntryName]? = nil,
    where isShown: (Int) -> Bool
  ) {
    change(Self.name(of: topic)) { next(after: $0, entries, pending, missing, isShown) }
  }

  /// The reader was told that a thread is not there any more.
  func noteGone(_ topic: Topic) {
    change(Self.name(of: topic)) { kept in
      guard let kept, !kept.mark(in: []).isGone else { return nil }
      var mark = kept.mark(in: [])
      (mark.named, mark.isGone) = (kept.names, true)
      return mark
    }
  }

  /// Goes on with the mark of a thread that has another topic now, where it has none under that.
  /// - Parameter existing: The topics that have a file.
  func adopt(_ topic: Topic, in entries: [Entry], existing: () throws -> [Topic]) {
    let new = Self.name(of: topic)
    guard let isNew = try? kept(of: new) == nil, isNew, let existing = try? existing(),
      !existing.isEmpty
    else { return }
    let names = Set(existing.map(Self.name))
    let gone = all().filter { !names.contains($0.key) }
    guard let old = Self.mark(of: entries, among: gone), let mark = gone[old]?.mark(in: entries)
    else { return }
    change(new) { $0 == nil ? mark : nil }
    unlink(directory + "/" + old)
  }

  /// The name of the mark that names some of these entries.
  static func mark(of entries: [Entry], among marks: [String: Kept]) -> String? {
    if marks.isEmpty { return nil }
    let names = Set(entries.map(\.name))
    return marks.keys.sorted().first { marks[$0]?.names.contains(where: names.contains) ?? false }
  }

  /// Replaces a mark by what `change` makes of it; nil changes nothing. Nor is one replaced that cannot
  /// be read.
  private func change(_ name: String, _ change: (Kept?) -> SeenMark?) {
    guard let isWanted = try? change(kept(of: name)) != nil, isWanted else { return }
    try? ThreadStore(directory: directory).makeDirectory()
    try? FileLock.withLock(on: directory, deadline: .after(.seconds(1))) { _ in
      // Another process may have moved it meanwhile.
      guard let mark = change(try self.kept(of: name)) else { return }
      try AtomicFile.replace(name, in: directory, with: mark.bytes, isFlushed: false)
    }
  }

  /// The mark to be kept instead of another; nil where that says as much.
  private func next(
    after kept: Kept?, _ entries: [Entry], _ pending: Set<EntryID>, _ told: [EntryName]?,
    _ isShown: (Int) -> Bool
  ) -> SeenMark? {
    let mark = kept?.mark(in: entries)
    var seen = SeenEntries(mark, by: reader, in: entries)
    let isMore = seen.see(where: isShown)
    let isConverted = kept?.isFirst == true && entries.indices.contains(where: isShown)
    guard isMore || isConverted || told != nil && mark != nil || mark == nil && seen.place > 0
    else { return nil }
    var next = seen.mark(pending: pending)
    // The others may be in a version that this process has not read.
    let missing = seen.missing.filter { told?.contains($0) != true }
    next.named += missing.suffix(Self.mostMissing)
    return next == mark ? nil : next
  }

  /// How many entries are remembered that are not there.
  private static let mostMissing = 256

  static func name(of topic: Topic) -> String { topic.name.lowercased() }
}

extension SeenMarks {
  /// What is in the file of a mark.
  enum Kept: Sendable {
    case mark(SeenMark)
    case first(FirstSeenMark)

    init?(_ bytes: [UInt8]) {
      if let mark = SeenMark(bytes) {
        self = .mark(mark)
      } else if let mark = FirstSeenMark(bytes) {
        self = .first(mark)
      } else {
        return nil
      }
    }

    var isFirst: Bool { if case .first = self { true } else { false } }

    func mark(in entries: [Entry]) -> SeenMark {
      switch self {
      case .mark(let mark): mark
      case .first(let mark): mark.converted(in: entries)
      }
    }

    /// The entries that it names.
    var names: [EntryName] {
      switch self {
      case .mark(let mark): mark.named
      case .first(let mark): mark.names
      }
    }
  }
}

extension Workspace {
  /// What the reader has seen.
  func seenMarks() throws -> SeenMarks {
    SeenMarks(of: try identity().agent, in: stateDirectory)
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
    // What waits to be sent has to be known: each entry of it is named.
    let isKnown = freshness?.isOutboxKnown ?? !isCloud
    guard isKnown, let marks = try? seenMarks() else { return }
    let (topic, entries) = (reading.topic, reading.thread.entries)
    marks.adopt(topic, in: entries, existing: store.topics)
    marks.see(topic, in: entries, pending: reading.pending, where: isShown)
  }

  /// The reader was told of what is not there any more.
  func markTold(_ removal: RemovedPart) {
    guard removal.isMarked, let marks = try? seenMarks() else { return }
    switch (removal.kind, removal.marked) {
    case (.thread, _): marks.noteGone(removal.topic)
    case (.renamed, let now?): markSeen(now) { _ in false }
    case (.entries, let now?):
      marks.see(
        now.topic, in: now.thread.entries, pending: now.pending, missing: removal.names
      ) { _ in false }
    default: break
    }
  }
}
