/// What a reader has not seen, thread by thread.
package struct Updates: Sendable {
  /// Your turn first, then by the time of the first entry that is new.
  package var threads: [ThreadUpdates]
  /// How many entries are new in all, shown or not.
  package let total: Int
  /// What these updates go up to: what comes after it is had with it as `since`.
  let cursor: String?
  /// How fresh they are; nil in local mode.
  package var freshness: Freshness?

  /// How many are shown.
  package var count: Int { threads.reduce(0) { $0 + $1.shown.count } }

  /// What to give as `since` next time; nil while something is not shown yet: it stays unseen, and is
  /// had by asking again without `since`.
  package var nextCursor: String? { count == total ? cursor : nil }

  /// Whether there is nothing to tell.
  package var isEmpty: Bool { threads.isEmpty }
}

/// What is new in a thread.
package struct ThreadUpdates: Sendable {
  /// The whole thread, as it was read.
  package let reading: ThreadReading
  package let isYourTurn: Bool
  /// The indices of all entries that are new.
  package let new: [Int]
  /// How many of them are shown, from the first on.
  package var shownCount: Int

  package var shown: ArraySlice<Int> { new.prefix(shownCount) }
}

/// From where on something is new.
private enum UpdatesStart {
  /// From the reader's own marks on.
  case marks(SeenMarks)
  /// The threads as a commit had them, by the names of their files; those that are the same now are
  /// not among them.
  case versions([String: Thread?])
  case time(Timestamp)
  /// After an entry in its thread, and from its time on in the others.
  case entry(Topic, index: Int, Timestamp)
}

extension Workspace {
  /// The entries that the reader has not seen. Own ones are never among them.
  /// - Parameters:
  ///   - since: Instead of what the reader has seen: the `nextCursor` of an earlier call, another
  ///     commit of the remote, a time, a duration up to now such as `2h`, or an Entry-ID.
  ///   - topics: Only in these; in all threads, where it is empty.
  ///   - limit: How many entries are shown.
  package func updates(
    since: String? = nil, topics: [String] = [], limit: Int = .max
  ) throws -> Updates {
    try updates(since: since, topics: topics, limit: limit) { !$0.new.isEmpty }
  }

  /// - Parameter isWanted: Which threads are told of, whether something is new in them or not.
  func updates(
    since: String?, topics: [String], limit: Int = .max, where isWanted: (ThreadUpdates) -> Bool
  ) throws -> Updates {
    let reader = try identity().agent
    // Before the files are read: what comes meanwhile is rather shown twice than never.
    let cursor = try cursor()
    let start = try start(since)
    var threads = try threads(topics).compactMap { topic, thread -> ThreadUpdates? in
      let new = new(in: thread, of: topic, from: start, for: reader)
      let updates = ThreadUpdates(
        reading: reading(of: thread, topic), isYourTurn: thread.isTurn(of: reader), new: new,
        shownCount: new.count)
      return isWanted(updates) ? updates : nil
    }
    threads.sort()
    let total = threads.reduce(0) { $0 + $1.new.count }
    threads.limit(to: limit)
    return Updates(threads: threads, total: total, cursor: cursor, freshness: freshness)
  }

  /// What was shown of updates is seen by the reader now.
  package func markSeen(_ updates: Updates) {
    var workspace = self
    workspace.freshness = updates.freshness
    for thread in updates.threads {
      let shown = Set(thread.shown)
      workspace.markSeen(
        thread.reading.topic, in: thread.reading.thread.entries, where: shown.contains)
    }
  }

  /// The threads of these topics, or all that can be read.
  private func threads(_ topics: [String]) throws -> [(topic: Topic, thread: Thread)] {
    if topics.isEmpty {
      return try store.list().compactMap { listed in
        guard case .thread(let thread) = listed.content else { return nil }
        return (listed.topic, thread)
      }
    }
    var seen: Set<Topic> = []
    return try topics.map { try store.read(try topic($0)) }
      .filter { seen.insert($0.topic).inserted }.map { ($0.topic, $0.thread) }
  }

  private func new(
    in thread: Thread, of topic: Topic, from start: UpdatesStart, for reader: Agent
  ) -> [Int] {
    let entries = thread.entries
    func others(_ isNew: (Int) -> Bool) -> [Int] {
      entries.indices.filter { isNew($0) && !entries[$0].agent.answers(to: reader) }
    }
    switch start {
    case .marks(let marks):
      let mark = marks[topic]
      // What was over before this reader came is no news.
      if mark == nil, thread.isClosed, others({ _ in true }).count == entries.count { return [] }
      return SeenEntries(mark, by: reader, in: entries).unseen
    case .versions(let versions):
      guard let version = versions[topic.fileName] else { return [] }
      let known = Set((version?.entries ?? []).map(\.identity))
      return others { !known.contains(entries[$0].identity) }
    case .entry(topic, let index, _): return others { $0 > index }
    case .time(let time), .entry(_, _, let time):
      // Entries stand in the order of their arrival, not of their clocks.
      let first = entries.firstIndex { $0.time >= time } ?? entries.endIndex
      return others { $0 >= first }
    }
  }

  // MARK: - Cursors

  private func cursor() throws -> String? {
    if let sync = try existingSync() { return try sync.cursor() }
    // A write that is on its way has a time from before: rather twice than never.
    return Timestamp(seconds: Timestamp.now.seconds - 1).description
  }

  private func start(_ since: String?) throws -> UpdatesStart {
    guard let since else { return .marks(try seenMarks()) }
    if let id = EntryID(since) { return try start(after: id) }
    if let time = Timestamp(since) { return .time(time) }
    if since.last?.isLetter == true, let ago = Duration(since) {
      return .time(Timestamp(seconds: Timestamp.now.seconds - ago.components.seconds))
    }
    guard (7...64).contains(since.count), since.utf8.allSatisfy(\.isHexadecimal) else {
      throw UpdatesError.noPlace(since)
    }
    guard let versions = try existingSync()?.threads(changedSince: since) else {
      throw UpdatesError.unknownCommit(since)
    }
    return .versions(versions)
  }

  private func start(after id: EntryID) throws -> UpdatesStart {
    for (topic, thread) in try threads([]) {
      if let index = thread.entries.firstIndex(where: { $0.id == id }) {
        return .entry(topic, index: index, thread.entries[index].time)
      }
    }
    throw UpdatesError.unknownEntry(id)
  }

  /// Sync with the remote; nil in local mode. Makes no contact.
  private func existingSync() throws -> GitProcessSync? {
    try sync(deadline: try configuration.deadline())
  }
}

extension [ThreadUpdates] {
  /// Your turn first, then by the time of the first entry that is new.
  fileprivate mutating func sort() {
    func time(_ updates: ThreadUpdates) -> Timestamp? {
      updates.new.first.map { updates.reading.thread.entries[$0].time }
        ?? updates.reading.thread.updated
    }
    sort { left, right in
      if left.isYourTurn != right.isYourTurn { return left.isYourTurn }
      let times = (time(left)?.seconds ?? 0, time(right)?.seconds ?? 0)
      return times.0 != times.1 ? times.0 < times.1 : left.reading.topic < right.reading.topic
    }
  }

  /// Shows no more entries than these, from the first thread on.
  fileprivate mutating func limit(to limit: Int) {
    var left = Swift.max(0, limit)
    for index in indices {
      self[index].shownCount = Swift.min(left, self[index].new.count)
      left -= self[index].shownCount
    }
    removeAll { $0.shownCount == 0 && !$0.new.isEmpty }
  }
}

extension Thread {
  /// Whether it is open, and a reader has the ball.
  func isTurn(of reader: Agent) -> Bool {
    guard let ball, !isClosed else { return false }
    return reader.answers(to: ball)
  }
}

extension UInt8 {
  fileprivate var isHexadecimal: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
}

/// Why it is not known from where on something is new.
package enum UpdatesError: ExplainedError, Equatable {
  case noPlace(String)
  case unknownCommit(String)
  case unknownEntry(EntryID)

  package var message: String {
    switch self {
    case .noPlace(let text): "'\(text)' is no cursor, no time, no duration and no Entry-ID"
    case .unknownCommit(let text): "no commit \(text) is known here"
    case .unknownEntry(let id): "no thread has an entry \(id)"
    }
  }

  package var hint: String? {
    switch self {
    case .noPlace:
      "give the cursor of an earlier call, a time such as 2026-11-21T01:54:50Z, or 2h"
    case .unknownCommit, .unknownEntry:
      "leave 'since' out: then it is all that you have not seen"
    }
  }
}
