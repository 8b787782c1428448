/// What a reader has not seen, thread by thread.
package struct Updates: Sendable {
  /// Your turn first, then by the time of the first entry that is new.
  package var threads: [ThreadUpdates]
  /// How many entries are new in all, shown or not.
  package let total: Int
  /// What is not there any more.
  package let removed: [RemovedPart]
  /// What could not be read: whether anything is new in it is not known.
  package let unread: [UnreadThread]
  /// What these updates go up to: what comes after it is had with it as `since`.
  let cursor: UpdatesCursor
  /// How fresh they are; nil in local mode.
  package var freshness: Freshness?

  /// How many are shown.
  package var count: Int { threads.reduce(0) { $0 + $1.shown.count } }

  private var isWhole: Bool { count == total }

  /// What to give as `since` next time; nil while something is not shown yet: it stays unseen, and is
  /// had by asking again without `since`.
  package var nextCursor: String? { isWhole ? cursor.place : nil }

  /// Why there is no next cursor, or none that goes on from where it was.
  package var cursorNote: String? {
    isWhole ? cursor.note : "not all is shown: ask again without 'since' for the rest"
  }

  /// Whether there is nothing new.
  package var isEmpty: Bool { threads.isEmpty }
}

/// Where a program that keeps count itself goes on.
struct UpdatesCursor: Sendable {
  /// What it gives as `since`; nil where there is nothing to give.
  var place: String?
  /// Why there is none, or why it is the one it had.
  var note: String?
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
    // Before the files are read: what comes meanwhile is rather shown twice than never, and what was
    // known and is not there has been removed.
    let cursor = cursor(after: since)
    var start = try start(since)
    let listed = try listed(topics)
    let readings = try readings(of: listed.threads)
    start.resolve(readings, existing: try store.topics())
    var threads = readings.compactMap { reading -> ThreadUpdates? in
      let new = start.new(in: reading, for: reader)
      let updates = ThreadUpdates(
        reading: reading, isYourTurn: reading.thread.isTurn(of: reader), new: new,
        shownCount: new.count)
      return isWanted(updates) ? updates : nil
    }
    threads.sort()
    let total = threads.reduce(0) { $0 + $1.new.count }
    threads.limit(to: limit)
    return Updates(
      threads: threads, total: total,
      removed: Array(
        start.removals(in: readings, isAll: topics.isEmpty).prefix(Self.mostRemoved)),
      unread: listed.unread,
      cursor: cursor.held(by: listed.unread.filter { start.mayHide($0) }, at: since),
      freshness: freshness)
  }

  /// How much of what was removed is told at a time; the rest is told by the next.
  private static var mostRemoved: Int { 50 }

  /// What was shown of updates is seen by the reader now, and what was said of removed entries is said.
  package func markSeen(_ updates: Updates) {
    var workspace = self
    workspace.freshness = updates.freshness
    for removal in updates.removed { workspace.markTold(removal) }
    for thread in updates.threads {
      let shown = Set(thread.shown)
      workspace.markSeen(thread.reading, where: shown.contains)
    }
  }

  /// The threads of these topics, or all, and those of them that cannot be read to their end.
  private func listed(
    _ topics: [String]
  ) throws -> (threads: [(topic: Topic, thread: Thread)], unread: [UnreadThread]) {
    var listed = try topics.isEmpty ? store.list() : []
    var seen: Set<Topic> = []
    for name in topics {
      let stored = try store.read(try topic(name))
      if !seen.insert(stored.topic).inserted { continue }
      listed.append(
        ThreadStore.Listed(
          topic: stored.topic, path: stored.path, content: .thread(stored.thread)))
    }
    return (
      listed.compactMap {
        guard case .thread(let thread) = $0.content else { return nil }
        return ($0.topic, thread)
      }, listed.compactMap(\.unread)
    )
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
