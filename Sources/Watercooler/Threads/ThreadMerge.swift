/// Two versions of a thread made one, so that concurrent appends never conflict.
///
/// `shown` is what the remote has shown, `replayed` what comes on top of it, `base` what both began
/// with. A pure function of the three: what the remote has shown stays where it is, and every entry
/// of both sides is in the result exactly once and whole.
package struct ThreadMerge {
  /// Something that a person may want to know of.
  package enum Report: Sendable, Equatable {
    /// Edited differently on both sides: what the remote has shown was kept.
    case editedOnBothSides(EntryID)
    /// Two entries had one identity: the later one has a new one now.
    case identityTaken(EntryID, replacement: EntryID)
    /// An entry without an identity was edited differently on both sides: both are kept.
    case keptTwice(agent: Agent, time: Timestamp)
    /// Removed on one side and edited on the other: the edited one was kept.
    case editedWhileRemoved(agent: Agent, time: Timestamp)
  }

  /// The result, in format 1.
  package private(set) var thread: Thread
  package private(set) var reports: [Report] = []

  private let base: VersionIndex
  private let shown: VersionIndex
  private let replayed: VersionIndex

  /// - Returns: Nil if one of the versions cannot be read as a thread of a format that is known: then
  ///   this has no opinion.
  package init?(base: Thread?, shown: Thread, replayed: Thread, topic: Topic) {
    for version in [base, shown, replayed].compactMap({ $0 }) {
      do { try version.checkWritable(file: topic.fileName) } catch { return nil }
    }
    let base = base?.inFormatOne(topic: topic)
    let shown = shown.inFormatOne(topic: topic)
    let replayed = replayed.inFormatOne(topic: topic)
    self.base = VersionIndex(base?.entries ?? [])
    self.shown = VersionIndex(shown.entries)
    self.replayed = VersionIndex(replayed.entries)
    thread = shown
    thread.entries = keptOfShown()
    let arrived = arrivedEntries()
    for entry in arrived { thread.append(entry) }
    mergeHead(base: base, shown: shown, replayed: replayed, arrived: arrived)
    thread.dropRepeatedIDs()
    // Text of one side may stand above entries of the other now: each is to stand for itself there, too.
    if let read = ThreadParser.parse(thread.bytes[...]) { thread = read.inFormatOne(topic: topic) }
  }

  /// The shown entries that remain, in their order, with the edits that came.
  private mutating func keptOfShown() -> [Entry] {
    var kept: [Entry] = []
    for (key, entry) in shown.entries {
      let before = base[key]
      if let after = replayed[key] {
        var merged = before?.raw == entry.raw ? after : entry
        merged.gap = entry.gap
        kept.append(merged)
      } else if before?.raw != entry.raw {
        if before != nil {
          reports.append(.editedWhileRemoved(agent: entry.agent, time: entry.time))
        }
        kept.append(entry)
      }
    }
    return kept
  }

  /// The entries that come on top of the shown ones, in the order of `replayed`.
  private mutating func arrivedEntries() -> [Entry] {
    var present = Set(shown.entries.map { $0.entry.raw })
    var arrived: [Entry] = []
    func add(_ entry: Entry) -> Bool {
      guard present.insert(entry.raw).inserted else { return false }
      arrived.append(entry)
      return true
    }
    for (key, entry) in replayed.entries {
      let before = base[key]
      guard let other = shown[key] else {
        if before?.raw == entry.raw { continue }  // removed by the other side, untouched here
        if before != nil {
          reports.append(.editedWhileRemoved(agent: entry.agent, time: entry.time))
        }
        arrived.append(entry)
        present.insert(entry.raw)
        continue
      }
      let isEditedOnBothSides =
        other.raw != entry.raw && other.raw != before?.raw && entry.raw != before?.raw
      if !isEditedOnBothSides { continue }
      guard let id = entry.id else {
        if add(entry) { reports.append(.keptTwice(agent: entry.agent, time: entry.time)) }
        continue
      }
      if before != nil {
        reports.append(.editedOnBothSides(id))
        continue
      }
      let replacement = id.replacement(for: entry.raw)
      if shown[.id(replacement)] == nil, add(entry.identified(as: replacement)) {
        reports.append(.identityTaken(id, replacement: replacement))
      }
    }
    return arrived
  }

  private mutating func mergeHead(
    base: Thread?, shown: Thread, replayed: Thread, arrived: [Entry]
  ) {
    let head = HeadMerge(
      base: base, shown: shown, replayed: replayed, merged: thread.entries, arrived: arrived)
    thread.head = .frontMatter(head.frontMatter)
    thread.preamble = head.preamble
  }
}

/// The entries of a version, by what makes them the same entry in another version.
private struct VersionIndex {
  enum Key: Hashable {
    case id(EntryID)
    /// For an entry without an ID: its `Entry:` line, and which of those that have it.
    case line(Bytes, occurrence: Int)
  }

  let entries: [(key: Key, entry: Entry)]
  private let byKey: [Key: Entry]

  init(_ entries: [Entry]) {
    var occurrences: [Bytes: Int] = [:]
    self.entries = entries.map { entry in
      if let id = entry.id { return (.id(id), entry) }
      let line = entry.opening.trimmed
      let occurrence = occurrences[line, default: 0]
      occurrences[line] = occurrence + 1
      return (.line(line, occurrence: occurrence), entry)
    }
    byKey = Dictionary(self.entries.map { ($0.key, $0.entry) }) { first, _ in first }
  }

  subscript(key: Key) -> Entry? { byKey[key] }
}
