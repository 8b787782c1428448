internal import Platform

/// The entries of a thread that were written long before a reader looked for the first time: in a new clone the past is
/// no news.
struct PastEntries: Sendable {
  let reading: ThreadReading
  let indices: [Int]
}

extension [PastEntries] {
  /// What a reader is told of them; nil for none.
  var note: String? {
    if isEmpty { return nil }
    let count = reduce(0) { $0 + $1.indices.count }
    return count == 1
      ? "1 entry from before counts as seen" : "\(count) entries from before count as seen"
  }
}

extension [ThreadUpdates] {
  /// How many entries of the past are news all the same, and how old they may be, whichever is less.
  private static var newest: Int { 20 }
  private static var newsworthy: Int64 { 7 * 24 * 3600 }

  /// Takes out what is no news to somebody who looks for the first time; what gives them the ball is.
  /// - Parameter isMarked: Whether the reader has read a thread before: what came since is news there.
  mutating func leavePast(
    for reader: Agent, isMarked: (ThreadReading) -> Bool
  ) -> [PastEntries] {
    let since = Timestamp.now.seconds - Self.newsworthy
    let threads = indices.filter { !isMarked(self[$0].reading) }
    let entries = threads.flatMap { thread in self[thread].new.map { (thread: thread, entry: $0) } }
    func time(_ place: (thread: Int, entry: Int)) -> Int64 {
      self[place.thread].reading.thread.entries[place.entry].time.seconds
    }
    // Those of one second in the order of their arrival.
    let newest = entries.sorted { (time($0), $0.entry) > (time($1), $1.entry) }
      .prefix(Self.newest).filter { time($0) >= since }
    var past: [PastEntries] = []
    for thread in threads {
      let (reading, all) = (self[thread].reading, self[thread].new)
      var kept = Set(newest.filter { $0.thread == thread }.map(\.entry))
      if self[thread].isYourTurn, let last = all.last { kept.insert(last) }
      if kept.count == all.count { continue }
      past.append(PastEntries(reading: reading, indices: all.filter { !kept.contains($0) }))
      self[thread] = ThreadUpdates(reading, new: all.filter(kept.contains), for: reader)
    }
    return past
  }
}
