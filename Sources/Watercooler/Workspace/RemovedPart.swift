/// A part of the threads that a reader knew, and that is not there any more.
package struct RemovedPart: Sendable {
  /// How much of the thread is gone.
  package enum Kind: Sendable, Equatable {
    /// Entries of a thread that is there.
    case entries
    /// The whole thread.
    case thread
    /// The thread has another topic now, and its entries are there.
    case renamed(to: Topic)
  }

  /// The topic under which the reader knew it.
  package let topic: Topic
  package let kind: Kind
  /// The entries that are gone and had an ID.
  package let entries: [EntryID]
  /// The number of entries that are gone, also of those without an ID.
  package let count: Int
  /// The thread as it is now; nil for one that is gone.
  var now: ThreadReading?
  /// Whether the reader's mark tells of it.
  var isMarked = false
  /// The numbers of the entries that the mark knows, and the thread has no more.
  var told: Set<EntryName.Number> = []
}

extension RemovedPart {
  /// As many are told at a time as leave room for entries in a reply.
  package static let mostTold = 50

  /// - Parameter ids: Of the entries that were in the thread.
  static func of(
    _ topic: Topic, _ ids: [EntryID], count: Int, in renamed: ThreadReading?
  ) -> RemovedPart {
    if let renamed {
      return RemovedPart(
        topic: topic, kind: .renamed(to: renamed.topic), entries: [], count: 0, now: renamed)
    }
    return RemovedPart(topic: topic, kind: .thread, entries: ids, count: count)
  }
}

/// The threads as a commit had them: those that are the same now are not among them.
struct KnownVersions: Sendable {
  /// By the names of their files; nil for one that was none yet.
  let threads: [String: Thread?]
  /// The identities of what was in files that are gone: it may be in another one now.
  private var moved: Set<Bytes> = []
  /// The files that are gone, and the thread that each is now.
  private var gone: [String: ThreadReading?] = [:]

  /// The identities of the entries of each.
  private let known: [String: Set<Bytes>]

  init(threads: [String: Thread?]) {
    self.threads = threads
    known = threads.mapValues { Set(($0?.entries ?? []).map(\.identity)) }
  }

  /// - Parameter existing: The topics that have a file; nil where the directory is not there.
  mutating func resolve(_ readings: [ThreadReading], existing: [Topic]?) {
    guard let existing else { return }
    let names = Set(existing.map(\.fileName))
    let gone = threads.filter { $0.value != nil && !names.contains($0.key) }
    if gone.isEmpty { return }
    // Which thread that has changed has an entry now.
    let changed = readings.filter { hasChanged($0.topic) }
    let holders = Dictionary(
      changed.flatMap { reading in reading.thread.entries.map { ($0.identity, reading) } }
    ) { first, _ in first }
    for (file, version) in gone {
      let identities = (version?.entries ?? []).map(\.identity)
      moved.formUnion(identities)
      self.gone[file] = .some(identities.lazy.compactMap { holders[$0] }.first)
    }
  }

  /// Whether a thread is another one now, or new.
  func hasChanged(_ topic: Topic) -> Bool { threads[topic.fileName] != nil }

  /// Whether an entry was in no thread that the commit had under this topic, or that is gone.
  func isNew(_ entry: Entry, in topic: Topic) -> Bool {
    guard hasChanged(topic) else { return false }
    return !moved.contains(entry.identity)
      && known[topic.fileName]?.contains(entry.identity) != true
  }

  func removals(in readings: [ThreadReading], isAll: Bool) -> [RemovedPart] {
    var removals: [RemovedPart] = []
    let present = Dictionary(readings.map { ($0.topic, $0) }) { first, _ in first }
    for (file, version) in threads.sorted(by: { $0.key < $1.key }) {
      guard let version, let topic = Topic(fileName: file) else { continue }
      if let renamed = gone[file] {
        let ids = version.entries.compactMap(\.id)
        if isAll {
          removals.append(.of(topic, ids, count: version.entries.count, in: renamed))
        }
      } else if let reading = present[topic], reading.thread.problems.isEmpty {
        let present = Set(reading.thread.entries.map(\.identity))
        let missing = version.entries.filter { !present.contains($0.identity) && $0.id != nil }
        if missing.isEmpty { continue }
        removals.append(
          RemovedPart(
            topic: topic, kind: .entries, entries: missing.compactMap(\.id), count: missing.count))
      }
    }
    return removals
  }
}
