package import Platform

/// The threads and entries that are not there any more, as JSON and in words.
package struct RemovedView {
  private let removals: ArraySlice<RemovedPart>
  private let moreCount: Int

  /// Of one removal; the others are counted.
  private static let mostIDs = 5

  /// Shows at most `RemovedPart.mostTold` of the removals; the words count the others.
  package init(_ removals: [RemovedPart]) {
    self.removals = removals.prefix(RemovedPart.mostTold)
    moreCount = removals.count - self.removals.count
  }

  package var json: JSON { .array(removals.map(Self.json)) }

  private static func json(_ removal: RemovedPart) -> JSON {
    var renamed: Topic?
    if case .renamed(let topic) = removal.kind { renamed = topic }
    return [
      "topic": .string(removal.topic.name), "thread": .bool(removal.kind == .thread),
      "renamed_to": JSON(renamed?.name),
      "entry_ids": .array(removal.entries.prefix(Self.mostIDs).map { .string("\($0)") }),
      "count": JSON(removal.count),
    ]
  }

  /// A line for each; nil for none.
  package var text: String? {
    if removals.isEmpty { return nil }
    let more = moreCount > 0 ? ["Removed or renamed: \(moreCount) more threads"] : []
    return (removals.map(Self.line) + more).joined(separator: "\n")
  }

  private static func line(_ removal: RemovedPart) -> String {
    let entries = ThreadView.entryCount(removal.count)
    switch removal.kind {
    case .renamed(let topic): return "Renamed: \(removal.topic) is \(topic) now"
    case .thread: return "Removed: the thread \(removal.topic), with \(entries)"
    case .entries:
      let more = removal.entries.count > Self.mostIDs ? " and more" : ""
      let ids = removal.entries.prefix(Self.mostIDs).map { "\($0)" }.joined(separator: ", ")
      return "Removed: \(entries) of \(removal.topic)"
        + (ids.isEmpty ? "" : " (\(ids)\(more))")
    }
  }
}
