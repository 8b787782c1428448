/// How far somebody has read in a thread: everything before a place in it.
///
/// The place is named by the last entry before it, so that it stays where it is when an entry is
/// removed, and by how many there were, for entries without an ID.
struct SeenMark: Sendable, Equatable {
  /// How many entries were seen, the last one included.
  var count: Int
  /// The last of them; nil if it has no ID.
  var last: EntryID?
  /// The one before, in case the last one is removed.
  var previous: EntryID?
  /// Entries behind the place that were seen while they waited to be sent: until then they have no
  /// place of their own.
  var pending: [EntryID] = []

  /// The place in a version of the thread: the index of the first entry that was not seen.
  func place(in entries: [Entry]) -> Int {
    guard let last else { return min(count, entries.count) }
    // Mostly it is where it was; only else is it looked for.
    if count <= entries.count, entries[count - 1].id == last { return count }
    if let index = entries.lastIndex(where: { $0.id == last }) {
      // It waited to be sent then, and what others sent went in before it.
      return index < count ? index + 1 : count - 1
    }
    if let previous, let index = entries.lastIndex(where: { $0.id == previous }) {
      return min(index + 1, count)
    }
    return min(count, entries.count)
  }
}

// MARK: - In a file

extension SeenMark {
  /// `COUNT LAST PREVIOUS PENDING…`, in words, with `-` for none.
  init?(_ bytes: [UInt8]) {
    let words = bytes[...].trimmed.split(separator: UInt8(ascii: " "))
    guard words.count >= 3, let count = Int(words[0].string), count >= 0 else { return nil }
    let last = EntryID(words[1])
    if last != nil, count == 0 { return nil }
    self.init(
      count: count, last: last, previous: EntryID(words[2]),
      pending: words.dropFirst(3).compactMap { EntryID($0) })
  }

  var bytes: [UInt8] {
    let words =
      ["\(count)"] + [last, previous].map { $0?.description ?? "-" } + pending.map(\.description)
    return Array((words.joined(separator: " ") + "\n").utf8)
  }
}

// MARK: - What was seen

/// What somebody has seen of one version of a thread.
struct SeenEntries: Sendable {
  private let entries: [Entry]
  private let reader: Agent
  /// Everything before it has been seen.
  private(set) var place: Int
  /// What was seen behind it.
  private var behind: Set<EntryID>

  init(_ mark: SeenMark?, by reader: Agent, in entries: [Entry]) {
    (self.entries, self.reader) = (entries, reader)
    place = mark?.place(in: entries) ?? 0
    behind = Set((mark?.pending ?? []) + [mark?.last].compactMap { $0 })
    see { _ in false }
  }

  /// Whether an entry was seen, or is the reader's own.
  func hasSeen(_ index: Int) -> Bool {
    if index < place { return true }
    if let id = entries[index].id, behind.contains(id) { return true }
    return isOwn(index)
  }

  /// The numbers of the entries that were not seen.
  var unseen: [Int] { (place..<entries.count).filter { !hasSeen($0) } }

  private func isOwn(_ index: Int) -> Bool { entries[index].agent.answers(to: reader) }

  /// These entries are seen now. What leaves a gap after the place stays unseen.
  mutating func see(where isShown: (Int) -> Bool) {
    while place < entries.count, hasSeen(place) || isShown(place) { place += 1 }
  }

  /// What is kept of it.
  /// - Parameter pending: Entries that wait to be sent: what others sent may go in before them, so no
  ///   mark stands behind one.
  func mark(pending: Set<EntryID>) -> SeenMark {
    var shown = place
    while shown > 0, entries[shown - 1].id.map(pending.contains) ?? false { shown -= 1 }
    func id(before index: Int) -> EntryID? { index > 0 ? entries[index - 1].id : nil }
    let seenBehind = (shown..<entries.count).filter { hasSeen($0) && !isOwn($0) }
    return SeenMark(
      count: shown, last: id(before: shown), previous: id(before: shown - 1),
      pending: seenBehind.compactMap { entries[$0].id })
  }
}
