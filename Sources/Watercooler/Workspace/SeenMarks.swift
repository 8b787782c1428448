internal import Foundation

/// What one reader has seen of each thread: tiny files outside the tracked tree, one per topic, that
/// any number of processes may read and write.
///
/// A mark is a convenience: one that cannot be read or written is none, and no reason to fail.
struct SeenMarks: Sendable {
  let reader: Agent
  private let directory: String

  /// - Parameter state: Where what is derived from the threads is kept.
  init(of reader: Agent, in state: String) {
    self.reader = reader
    // The name as `answers(to:)` compares it.
    let name = reader.description.lowercased()
    directory = "\(state)/seen/\(String(name.prefix(60)).asFileName(of: name))"
  }

  /// The mark in a thread; nil where this reader has seen nothing of it.
  subscript(topic: Topic) -> SeenMark? {
    (try? AtomicFile.read(directory + "/" + name(of: topic))).flatMap { SeenMark($0) }
  }

  /// What of a thread this reader has seen.
  func seen(of topic: Topic, in entries: [Entry]) -> SeenEntries {
    SeenEntries(self[topic], by: reader, in: entries)
  }

  /// Moves the mark in a thread over entries that were shown, as far as they leave no gap after it. It
  /// never moves back.
  /// - Parameter pending: Those that wait to be sent.
  func see(
    _ topic: Topic, in entries: [Entry], pending: Set<EntryID>, where isShown: (Int) -> Bool
  ) {
    guard next(after: self[topic], entries, pending, isShown) != nil else { return }
    try? ThreadStore(directory: directory).makeDirectory()
    try? FileLock.withLock(on: directory, deadline: .after(.seconds(1))) { _ in
      // Another process may have moved it meanwhile.
      guard let mark = next(after: self[topic], entries, pending, isShown) else { return }
      try AtomicFile.replace(
        name(of: topic), in: directory, with: mark.bytes, isFlushed: false)
    }
  }

  /// The mark to be kept instead of another; nil where that says as much.
  private func next(
    after mark: SeenMark?, _ entries: [Entry], _ pending: Set<EntryID>, _ isShown: (Int) -> Bool
  ) -> SeenMark? {
    var seen = SeenEntries(mark, by: reader, in: entries)
    seen.see(where: isShown)
    let next = seen.mark(pending: pending)
    guard let mark else { return next.count > 0 || !next.pending.isEmpty ? next : nil }
    // A version of the thread from before the mark was made has nothing to add to it.
    let isFurther = seen.place > mark.place(in: entries)
    let hasMore = next.count >= mark.count && next.pending.contains { !mark.pending.contains($0) }
    return next != mark && (isFurther || hasMore) ? next : nil
  }

  private func name(of topic: Topic) -> String { topic.name.lowercased() }
}

extension Workspace {
  /// What the reader has seen.
  func seenMarks() throws -> SeenMarks {
    SeenMarks(of: try identity().agent, in: stateDirectory)
  }

  /// The entries of a reading, or those of its part that was shown, are seen by the reader now.
  ///
  /// A part that leaves a gap after what was seen before changes nothing: what is in the gap stays
  /// unseen.
  package func markSeen(_ reading: ThreadReading, shown: Range<Int>? = nil) {
    let shown = shown ?? reading.range
    markSeen(reading.topic, in: reading.thread.entries) { shown.contains($0) }
  }

  func markSeen(_ topic: Topic, in entries: [Entry], where isShown: (Int) -> Bool) {
    // What waits to be sent has to be known: no mark stands behind it.
    let isKnown = freshness?.isOutboxKnown ?? !isCloud
    guard isKnown, let marks = try? seenMarks() else { return }
    marks.see(topic, in: entries, pending: freshness?.pending ?? [], where: isShown)
  }
}
