internal import Platform

/// A part of a thread, and the whole thread around it.
package struct ThreadReading: Sendable {
  package let topic: Topic
  /// The thread's file, an absolute path.
  package let path: String
  package let thread: Thread
  /// The entries that were asked for; entry N of the thread has number N, from 0.
  package var range: Range<Int>
  /// Entries that the remote has not shown yet: they have no number.
  package var pending: Set<EntryID> = []
  /// The agent that reads; nil where that is not known.
  package var reader: Agent?

  /// Whether an entry is in the reader's name. A name is no proof.
  func isOwn(_ index: Int) -> Bool {
    reader.map { thread.entries[index].agent.isSame(as: $0) } ?? false
  }

  /// An entry's number; nil for one that is pending.
  func number(of index: Int) -> Int? {
    let isPending = thread.entries[index].id.map { pending.contains($0) } ?? false
    return isPending ? nil : index
  }

  /// The numbers of the entries that the writer of an entry had not seen.
  func unseen(byEntryAt index: Int) -> [Int] {
    thread.unseen(byEntryAt: index).compactMap(number)
  }

  /// The entries that were asked for, by their indices in the thread.
  package var entries: ArraySlice<Entry> { thread.entries[range] }
  /// The index of the entry to go on with; nil at the end of the thread.
  package var next: Int? { range.upperBound < thread.entries.count ? range.upperBound : nil }
}

/// The entries of a thread that are wanted.
package enum EntrySelection: Sendable, Equatable {
  case all
  /// From a number on, at most so many.
  case from(Int, limit: Int = .max)
  case last(Int)
  /// The one with a number.
  case entry(Int)
  /// Those after an entry.
  case after(EntryID, limit: Int = .max)
  /// Those of a moment, and later ones.
  case since(Timestamp, limit: Int = .max)

  /// Those after an entry, by its Entry-ID, or from a time on.
  package init(since text: String, limit: Int = .max) throws {
    if let id = EntryID(text) {
      self = .after(id, limit: limit)
    } else if let time = Timestamp(text) {
      self = .since(time, limit: limit)
    } else {
      throw ReadingError.noPlace(text)
    }
  }

  func range(in entries: [Entry]) throws -> Range<Int> {
    let count = entries.count
    switch self {
    case .all: return 0..<count
    case .last(let wanted): return max(0, count - max(0, wanted))..<count
    case .entry(let number):
      guard number < count else { throw ReadingError.noSuchNumber(number, count: count) }
      return number..<number + 1
    case .from(let start, let limit): return Self.range(from: start, limit: limit, count: count)
    case .since(let time, let limit):
      // Entries stand in the order of their arrival, not of their clocks.
      let index = entries.firstIndex { $0.time >= time } ?? count
      return Self.range(from: index, limit: limit, count: count)
    case .after(let id, let limit):
      guard let index = entries.lastIndex(where: { $0.id == id }) else {
        throw ReadingError.noSuchEntry(id)
      }
      return Self.range(from: index + 1, limit: limit, count: count)
    }
  }

  private static func range(from start: Int, limit: Int, count: Int) -> Range<Int> {
    let start = min(max(0, start), count)
    return start..<(limit < count - start ? start + max(0, limit) : count)
  }
}

/// A thread, or an entry of it, as somebody names it: `TOPIC`, or `TOPIC#N`.
package struct EntryReference: Equatable {
  package let topic: String
  /// From 0; nil for the whole thread.
  package let number: Int?

  package init(_ text: String) {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    // No topic has such a sign: what is no number after it is told of as a topic that cannot be.
    number = parts.count > 1 ? Int(parts[1]).flatMap { $0 < 0 ? nil : $0 } : nil
    topic = number == nil ? text : String(parts[0])
  }
}

/// Why a part of a thread cannot be shown.
package enum ReadingError: ExplainedError, Equatable {
  case noSuchNumber(Int, count: Int)
  case noSuchEntry(EntryID)
  case noPlace(String)

  package var message: String {
    switch self {
    case .noSuchNumber(let number, _): "there is no entry \(number) in this thread"
    case .noSuchEntry(let id): "there is no entry \(id) in this thread"
    case .noPlace(let text): "'\(text)' is neither an Entry-ID nor a time"
    }
  }

  package var hint: String? {
    switch self {
    case .noSuchNumber(_, let count) where count > 0:
      "its entries are 0 to \(count - 1)"
    case .noSuchNumber: "it has none yet"
    case .noSuchEntry: "read the whole thread: leave 'since' out"
    case .noPlace: "give an Entry-ID, or a time such as 2026-11-21T01:54:50Z"
    }
  }
}

extension Workspace {
  /// Reads a thread, or a part of it.
  /// - Throws: `StoreError`, `SystemError`.
  package func read(_ name: String, _ selection: EntrySelection = .all) throws -> ThreadReading {
    let stored = try store.read(try topic(name))
    var reading = try readings(of: [(stored.topic, stored.thread)])[0]
    reading.range = try selection.range(in: reading.thread.entries)
    return reading
  }

  /// Threads that were read a moment ago, each with what of it waits to be sent: what was written since
  /// that was looked up is not taken for something that the remote has.
  func readings(of threads: [(topic: Topic, thread: Thread)]) throws -> [ThreadReading] {
    let changed = threads.map { topic, _ in
      if let shown = store.shown, shown.isAll || shown.files[topic] != nil { return false }
      return freshness?.look.map { !$0.isCurrent(topic.fileName, in: store.directory) } ?? false
    }
    let reader = try? identity().agent
    guard changed.contains(true) else {
      return threads.map { reading(of: $0.thread, $0.topic, for: reader) }
    }
    let fresh = try asItIs(
      problem: freshness?.problem, until: try readingDeadline ?? configuration.deadline())
    return try zip(threads, changed).map { known, isChanged in
      guard isChanged, let now = try fresh.store.readIfPresent(known.topic)?.thread else {
        return reading(of: known.thread, known.topic, for: reader)
      }
      var reading = fresh.reading(of: now, known.topic, for: reader)
      // An entry that was there when it was looked up what waits is among these if it waits; a later one may wait.
      let before = Set(known.thread.entries.compactMap(\.id))
      reading.pending.formUnion(now.entries.compactMap(\.id).filter { !before.contains($0) })
      return reading
    }
  }

  /// The whole of a thread that was read already.
  private func reading(of thread: Thread, _ topic: Topic, for reader: Agent?) -> ThreadReading {
    ThreadReading(
      topic: topic, path: store.path(of: topic), thread: thread, range: thread.entries.indices,
      pending: freshness?.pending ?? [], reader: reader)
  }
}
