internal import Platform

/// A reader's marks as they were before the threads were read: what is in one of them and not in its
/// thread was removed.
struct KeptMarks: Sendable {
  private let reader: Agent
  private let kept: [String: KeptMark]
  /// Whether the reader has looked at all threads before.
  let hasLooked: Bool
  /// The names of the marks of threads that have other topics now, by those.
  private var renamed: [String: String] = [:]
  /// The entries of the threads, and which of them were seen, by topic.
  private var seen: [Topic: SeenEntries] = [:]
  /// The names of the marks of threads that are gone.
  private var gone: [String] = []

  init(_ marks: SeenMarks) {
    (reader, kept, hasLooked) = (marks.reader, marks.all(), marks.hasLooked)
  }

  /// - Parameter existing: The topics that have a file; nil where there is no directory, which may be there
  ///   again in a moment: no sign that every thread was removed.
  mutating func resolve(_ readings: [ThreadReading], existing: [Topic]?) {
    if let existing {
      gone = Set(kept.keys).subtracting(existing.map(SeenMarks.name)).sorted()
    }
    let orphans = OrphanedMarks(gone.reduce(into: [:]) { $0[$1] = kept[$1] })
    for reading in readings {
      let (name, entries) = (SeenMarks.name(of: reading.topic), reading.thread.entries)
      var mark = kept[name]
      if mark == nil, let (old, orphan) = orphans.mark(of: entries) {
        (renamed[name], mark) = (old, orphan)
      }
      seen[reading.topic] = SeenEntries(mark?.mark(in: entries), by: reader, in: entries)
    }
  }

  func seen(of reading: ThreadReading) -> SeenEntries {
    seen[reading.topic] ?? SeenEntries(nil, by: reader, in: reading.thread.entries)
  }

  /// Whether a thread was over before the reader looked for the first time, and nothing to them.
  func isOver(_ reading: ThreadReading) -> Bool {
    !hasLooked && reading.thread.isClosed && !seen(of: reading).isMarked
      && !reading.thread.entries.contains { $0.agent.answers(to: reader) }
  }

  /// Whether the reader was told that the thread is gone, and it is here.
  func isBack(_ reading: ThreadReading) -> Bool {
    kept[SeenMarks.name(of: reading.topic)]?.isGone ?? false
  }

  /// The names of the marks of threads that the reader was not told to be gone.
  var known: Set<String> { Set(kept.filter { !$0.value.isGone }.keys) }

  func removals(in readings: [ThreadReading], isAll: Bool) -> [RemovedPart] {
    var removals: [RemovedPart] = []
    for reading in readings where reading.thread.problems.isEmpty {
      let seen = seen(of: reading)
      if seen.missing.isEmpty { continue }
      removals.append(
        RemovedPart(
          topic: reading.topic, kind: .entries, entries: seen.missingNames.compactMap(\.id),
          count: seen.missing.count, now: reading, isMarked: true, told: Set(seen.missing)))
    }
    if !isAll { return removals }
    for name in gone {
      guard let topic = try? Topic(name), let mark = kept[name], !mark.isGone else { continue }
      let now = readings.first { renamed[SeenMarks.name(of: $0.topic)] == name }
      var removal = RemovedPart.of(
        topic, mark.names.compactMap(\.id), count: mark.count, in: now)
      removal.isMarked = true
      removals.append(removal)
    }
    return removals
  }
}
