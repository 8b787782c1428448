internal import Platform

/// The entries that a reader has not seen, thread by thread.
package struct Updates: Sendable {
  /// Your turn first, then by the time of the first entry that is new.
  package var threads: [ThreadUpdates]
  /// The number of entries that are new, shown or not.
  package let total: Int
  /// The parts of the threads that are not there any more.
  package let removed: [RemovedPart]
  /// The threads that could not be read: whether anything is new in them is not known.
  package let unread: [UnreadThread]
  /// Entries of which a reply has only the start, and says where the rest is.
  var begun: [EntryName.Number] = []
  /// Entries that the caller was shown, and that the remote has not: no commit of its names them.
  var carried: [EntryName.Number] = []
  /// Threads that were over before the reader looked for the first time: from now on they are seen.
  var over: [ThreadReading] = []
  /// Entries that were there long before the reader looked for the first time: from now on they are seen.
  var past: [PastEntries] = []
  /// Threads that the reader was told to be gone, and that are here.
  var back: [ThreadReading] = []
  /// Whether the reader looks at all threads for the first time.
  var isFirstLook = false
  /// The place from which on the caller asked; nil for what the reader has not seen.
  let since: UpdatesPlace?
  /// The place that these updates go up to: what comes after it is had with it as `since`.
  let cursor: UpdatesCursor
  /// The freshness of the updates; nil in local mode.
  package var freshness: Freshness?

  /// The number of entries that are shown.
  package var count: Int { threads.reduce(0) { $0 + $1.shown.count } }

  private var isWhole: Bool { count == total }

  /// The words to give as `since` next time: while something is not shown or could not be read, the place that was
  /// given, with what was shown since; nil where none was given.
  package var nextCursor: String? {
    let shown = threads.flatMap { thread in
      thread.shown.map { thread.reading.thread.entries[$0] }.map {
        (number: $0.name.number, isPending: $0.id.map(thread.reading.pending.contains) ?? false)
      }
    }
    if isWhole, !cursor.isHeld {
      let ahead = carried + shown.filter(\.isPending).map(\.number)
      return cursor.place.map { UpdatesPlace($0, shown: Set(ahead)).description }
    }
    return since?.adding(shown.map(\.number) + begun).description
  }

  /// Why there is no next cursor, or none that goes past all that there is.
  package var cursorNote: String? {
    if isWhole { return cursor.note }
    return since == nil
      ? "not all is shown: ask again without 'since' for the rest"
      : "not all is shown: ask again with it as 'since' for the rest"
  }

  /// Whether there is nothing new.
  package var isEmpty: Bool { threads.isEmpty }

  /// Whether something is to be noted once they are shown.
  package var areNoted: Bool {
    !isEmpty || !removed.isEmpty || !over.isEmpty || !back.isEmpty || !past.isEmpty || isFirstLook
  }
}

/// The new entries of a thread.
package struct ThreadUpdates: Sendable {
  /// The whole thread, as it was read.
  package let reading: ThreadReading
  /// Whether the thread is open, and the reader has the ball.
  package let isYourTurn: Bool
  /// The indices of all entries that are new.
  package let new: [Int]
  /// The number of new entries that are shown, from the first on.
  package var shownCount: Int

  /// The indices of the new entries that are shown.
  package var shown: ArraySlice<Int> { new.prefix(shownCount) }

  /// All that is new is shown.
  init(_ reading: ThreadReading, new: [Int], for reader: Agent) {
    (self.reading, self.new, shownCount) = (reading, new, new.count)
    isYourTurn = reading.thread.isTurn(of: reader)
  }
}

extension Workspace {
  /// The entries that the reader has not seen. Own ones are never among them.
  /// - Parameters:
  ///   - text: Instead of what the reader has seen: the `nextCursor` of an earlier call, another
  ///     commit of the remote, a time, a duration up to now such as `2h`, or an Entry-ID.
  ///   - topics: Only in these; in all threads, where it is empty.
  ///   - limit: How many entries are shown.
  package func updates(
    since text: String? = nil, topics: [String] = [], limit: Int = .max
  ) throws -> Updates {
    try updates(since: text, topics: topics, limit: limit) { !$0.new.isEmpty }
  }

  /// - Parameter isWanted: Which threads are told of, whether something is new in them or not.
  func updates(
    since text: String?, topics: [String], limit: Int = .max,
    where isWanted: (ThreadUpdates) -> Bool
  ) throws -> Updates {
    let reader = try identity().agent
    // Before the files are read: what comes meanwhile is rather shown twice than never, and what was
    // known and is not there has been removed.
    let since = try text.map { try UpdatesPlace($0) }
    var cursor = cursor()
    var start = try start(since?.place)
    let listed = try listed(topics)
    let readings = try readings(of: listed.threads)
    var existing = try FileStatus.exists(store.directory) ? store.topics() : nil
    var unread = listed.unread
    do {
      unread += try hidden(listed, isAll: topics.isEmpty, from: start, &existing)
    } catch {
      cursor = UpdatesCursor(failing: error)
    }
    start.resolve(readings, existing: existing)
    cursor.hold(at: unread.filter(start.mayHide))
    var threads = readings.compactMap { reading -> ThreadUpdates? in
      var new = start.new(in: reading, for: reader)
      if let since, !since.shown.isEmpty {
        new.removeAll { since.shown.contains(reading.thread.entries[$0].name.number) }
      }
      let updates = ThreadUpdates(reading, new: new, for: reader)
      return isWanted(updates) ? updates : nil
    }
    var past: [PastEntries] = []
    if case .marks(let marks) = start, isCloud, topics.isEmpty, !marks.hasLooked {
      past = threads.leavePast(for: reader) { marks.seen(of: $0).isMarked }
      threads.removeAll { !isWanted($0) }
    }
    threads.sort()
    let total = threads.reduce(0) { $0 + $1.new.count }
    threads.limit(to: limit)
    var updates = Updates(
      threads: threads, total: total,
      removed: start.removals(in: readings, isAll: topics.isEmpty), unread: unread, since: since,
      cursor: cursor, freshness: freshness)
    updates.carried = since.map { carried($0, in: readings) } ?? []
    if case .marks(let marks) = start {
      updates.isFirstLook = topics.isEmpty && !marks.hasLooked
      updates.over = updates.isFirstLook ? readings.filter(marks.isOver) : []
      updates.back = readings.filter(marks.isBack)
    }
    updates.past = past
    if let note = past.note { updates.freshness?.notes.append(note) }
    return updates
  }

  /// The numbers of the entries that wait here, and that the pages before have shown.
  private func carried(
    _ since: UpdatesPlace, in readings: [ThreadReading]
  ) -> [EntryName.Number] {
    if since.shown.isEmpty { return [] }
    return readings.flatMap { reading in
      reading.thread.entries.filter { $0.id.map(reading.pending.contains) ?? false }
        .map(\.name.number).filter(since.shown.contains)
    }
  }

  typealias ListedThreads = (
    threads: [(topic: Topic, thread: Thread)], unread: [UnreadThread]
  )

  /// The threads of these topics, or all, and those of them that cannot be read to their end.
  private func listed(
    _ topics: [String]
  ) throws -> ListedThreads {
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
