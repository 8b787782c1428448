internal import Platform

/// The start from which on something is new.
enum UpdatesStart {
  /// From the reader's own marks on.
  case marks(KeptMarks)
  case versions(KnownVersions)
  case time(Timestamp)
  /// After an entry in its thread, and from its time on in the others.
  case entry(Topic, index: Int, Timestamp)

  /// Looks for threads that have another name now.
  /// - Parameter existing: The topics that have a file; nil where the directory is not there.
  mutating func resolve(_ readings: [ThreadReading], existing: [Topic]?) {
    switch self {
    case .marks(var marks):
      marks.resolve(readings, existing: existing)
      self = .marks(marks)
    case .versions(var versions):
      versions.resolve(readings, existing: existing)
      self = .versions(versions)
    case .time, .entry: break
    }
  }

  /// The indices of the entries of others that are new.
  func new(in reading: ThreadReading, for reader: Agent) -> [Int] {
    let entries = reading.thread.entries
    func others(_ isNew: (Int) -> Bool) -> [Int] {
      entries.indices.filter { isNew($0) && !entries[$0].agent.answers(to: reader) }
    }
    switch self {
    case .marks(let marks):
      // A thread that was over before this reader came is no news.
      return marks.isOver(reading) ? [] : marks.seen(of: reading).unseen
    case .versions(let versions):
      return others { versions.isNew(entries[$0], in: reading.topic) }
    case .entry(reading.topic, let index, _): return others { $0 > index }
    case .time(let time), .entry(_, _, let time):
      // Entries stand in the order of their arrival, not of their clocks.
      let first = entries.firstIndex { $0.time >= time } ?? entries.endIndex
      return others { $0 >= first }
    }
  }

  /// The parts that were known and are not there any more; a time names nothing that could be missed.
  func removals(in readings: [ThreadReading], isAll: Bool) -> [RemovedPart] {
    switch self {
    // The others are told by the next updates.
    case .marks(let marks):
      Array(marks.removals(in: readings, isAll: isAll).prefix(RemovedPart.mostTold))
    case .versions(let versions): versions.removals(in: readings, isAll: isAll)
    case .time, .entry: []
    }
  }

  /// The names in lower case of the threads that there were.
  var known: Set<String> {
    switch self {
    case .marks(let marks): marks.known
    case .versions(let versions):
      Set(versions.threads.filter { $0.value != nil }.map { $0.key.dropLast(3).lowercased() })
    case .time, .entry: []
    }
  }

  /// Whether something may be new in a thread that was not read to its end.
  func mayHide(_ thread: UnreadThread) -> Bool {
    // One that is as it was then hides nothing.
    if case .versions(let versions) = self { return versions.hasChanged(thread.topic) }
    return true
  }
}

// MARK: - Cursors

extension Workspace {
  func cursor() -> UpdatesCursor {
    do {
      guard let sync = try existingSync() else {
        return UpdatesCursor(place: try store.quietMoment(within: .seconds(1)).description)
      }
      if let place = try sync.past.cursor(store.shown) { return UpdatesCursor(place: place) }
      return UpdatesCursor(note: "the remote has nothing yet that a cursor could name")
    } catch let error where !isCloud {
      let reason = (error as? any ExplainedError)?.message ?? "\(error)"
      return UpdatesCursor(note: "no new one can be told: \(reason)", isHeld: true)
    } catch {
      return UpdatesCursor(failing: error)
    }
  }

  func start(_ since: String?) throws -> UpdatesStart {
    guard let since else { return .marks(KeptMarks(try seenMarks())) }
    if let id = EntryID(since) { return try start(after: id) }
    if let time = Timestamp(since) ?? UpdatesCursor.time(ago: since) { return .time(time) }
    guard (7...64).contains(since.count), since.utf8.allSatisfy(\.isHexadecimal) else {
      throw UpdatesError.noPlace(since)
    }
    do {
      guard let sync = try existingSync() else { throw UpdatesError.unknownCommit(since) }
      if let threads = try sync.past.threads(changedSince: since, store.shown) {
        return .versions(KnownVersions(threads: threads))
      }
      // The remote may have it, where it could not be asked.
      if let problem = freshness?.problem {
        throw UpdatesError.untold(since, reason: problem.message)
      }
      if try sync.past.isUnknown(since) { throw UpdatesError.unknownCommit(since) }
      throw UpdatesError.untold(since, reason: "git neither knows it nor says that it does not")
    } catch let error as GitError {
      throw UpdatesError.untold(since, reason: error.message)
    }
  }

  private func start(after id: EntryID) throws -> UpdatesStart {
    let listed = try store.list()
    for case (let topic, .thread(let thread)) in listed.map({ ($0.topic, $0.content) }) {
      if let index = thread.entries.firstIndex(where: { $0.id == id }) {
        return .entry(topic, index: index, thread.entries[index].time)
      }
    }
    if let unread = listed.compactMap(\.unread).first {
      throw UpdatesError.untold("\(id)", reason: "\(unread.topic) cannot be read to its end")
    }
    throw UpdatesError.unknownEntry(id)
  }

  /// Sync with the remote; nil in local mode. Makes no contact.
  func existingSync() throws -> GitProcessSync? {
    try openClone(deadline: try readingDeadline ?? configuration.deadline())
  }
}

/// Why it is not known from where on something is new.
package enum UpdatesError: ExplainedError, Equatable {
  case noPlace(String)
  case unknownCommit(String)
  case unknownEntry(EntryID)
  /// It may well be known, and cannot be looked up now.
  case untold(String, reason: String)

  package var message: String {
    switch self {
    case .noPlace(let text): "'\(text)' is no cursor, no time, no duration and no Entry-ID"
    case .unknownCommit(let text): "no commit \(text) is known here"
    case .unknownEntry(let id): "no thread has an entry \(id)"
    case .untold(let text, let reason): "what came since \(text) cannot be told now: \(reason)"
    }
  }

  package var hint: String? {
    switch self {
    case .noPlace:
      "give the cursor of an earlier call, a time such as 2026-11-21T01:54:50Z, or 2h"
    case .unknownCommit, .unknownEntry:
      "leave 'since' out: then it is all that you have not seen"
    case .untold: "keep it, and ask again with the same 'since'"
    }
  }
}
