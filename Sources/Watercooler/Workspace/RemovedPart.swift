/// What is not there any more, and a reader knew.
package struct RemovedPart: Sendable {
  package enum Kind: Sendable, Equatable {
    /// Entries of a thread that is there.
    case entries
    /// The whole thread.
    case thread
    /// The thread has another topic now, and its entries are there.
    case renamed(to: Topic)
  }

  package let topic: Topic
  package let kind: Kind
  /// The entries that are gone and had an ID.
  package let entries: [EntryID]
  /// How many are gone in all.
  package let count: Int
  /// The thread as it is now; nil for one that is gone.
  var now: ThreadReading?
  /// Whether the reader's mark tells of it.
  var isMarked = false
  /// What the mark knows of it in vain.
  var told: Set<EntryName.Number> = []
}

extension RemovedPart {
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

  init(threads: [String: Thread?]) { self.threads = threads }

  mutating func resolve(_ readings: [ThreadReading], existing: [Topic]?) {
    let names = Set((existing ?? []).map(\.fileName))
    for (file, version) in threads {
      guard let version, !names.contains(file) else { continue }
      let identities = Set(version.entries.map(\.identity))
      moved.formUnion(identities)
      gone[file] = .some(
        readings.first { reading in
          reading.topic.fileName != file && threads[reading.topic.fileName] != nil
            && reading.thread.entries.contains { identities.contains($0.identity) }
        })
    }
  }

  /// The identities of the entries of a thread that are not new; nil for one that is as it was.
  func known(of topic: Topic) -> Set<Bytes>? {
    guard let version = threads[topic.fileName] else { return nil }
    return moved.union((version?.entries ?? []).map(\.identity))
  }

  func removals(in readings: [ThreadReading], isAll: Bool) -> [RemovedPart] {
    var removals: [RemovedPart] = []
    for (file, version) in threads.sorted(by: { $0.key < $1.key }) {
      guard let version, let topic = Topic(fileName: file) else { continue }
      if let renamed = gone[file] {
        let ids = version.entries.compactMap(\.id)
        if isAll {
          removals.append(.of(topic, ids, count: version.entries.count, in: renamed))
        }
      } else if let reading = readings.first(where: { $0.topic == topic }),
        reading.thread.problems.isEmpty
      {
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
