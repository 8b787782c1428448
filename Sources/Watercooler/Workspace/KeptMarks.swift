/// A reader's marks as they were before the threads were read: what is in one of them and not in its
/// thread was removed.
struct KeptMarks: Sendable {
  private let marks: SeenMarks
  private let kept: [String: SeenMarks.Kept]
  /// The names of the marks of threads that have other topics now, by those.
  private var renamed: [String: String] = [:]
  /// What of the threads was seen, by their topics.
  private var seen: [Topic: SeenEntries] = [:]
  /// The names of the marks of threads that are gone.
  private var gone: [String] = []

  init(_ marks: SeenMarks) { (self.marks, kept) = (marks, marks.all()) }

  mutating func resolve(_ readings: [ThreadReading], existing: [Topic]) {
    let names = Set(existing.map(SeenMarks.name))
    // A directory that is not there for a moment is no sign that every thread was removed.
    if !names.isEmpty { gone = kept.keys.filter { !names.contains($0) }.sorted() }
    let orphans = kept.filter { gone.contains($0.key) }
    for reading in readings {
      let (name, entries) = (SeenMarks.name(of: reading.topic), reading.thread.entries)
      if kept[name] == nil { renamed[name] = SeenMarks.mark(of: entries, among: orphans) }
      let mark = kept[renamed[name] ?? name]?.mark(in: entries)
      seen[reading.topic] = SeenEntries(mark, by: marks.reader, in: entries)
    }
  }

  func seen(of reading: ThreadReading) -> SeenEntries {
    seen[reading.topic] ?? SeenEntries(nil, by: marks.reader, in: reading.thread.entries)
  }

  func removals(in readings: [ThreadReading], isAll: Bool) -> [RemovedPart] {
    var removals: [RemovedPart] = []
    for reading in readings where reading.thread.problems.isEmpty {
      let seen = seen(of: reading)
      let ids = seen.missing.compactMap(\.id)
      if ids.isEmpty, seen.missingCount == 0 { continue }
      removals.append(
        RemovedPart(
          topic: reading.topic, kind: .entries, entries: ids, count: ids.count + seen.missingCount,
          marked: reading, isMarked: true, names: seen.missing))
    }
    if !isAll { return removals }
    for name in gone {
      guard let topic = try? Topic(name), let known = kept[name] else { continue }
      let mark = known.mark(in: [])
      if mark.isGone { continue }
      let now = readings.first { renamed[SeenMarks.name(of: $0.topic)] == name }
      var removal = RemovedPart.of(
        topic, known.names.compactMap(\.id), count: mark.count + known.names.count, in: now)
      removal.isMarked = true
      removals.append(removal)
    }
    return removals
  }
}

extension EntryName {
  var id: EntryID? { if case .id(let id) = self { id } else { nil } }
}
