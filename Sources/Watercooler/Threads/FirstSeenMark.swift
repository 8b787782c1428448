/// A mark as version 0.1.0 left it: everything before a place in the thread.
///
/// It is read until something more is shown of the thread, and replaced then.
struct FirstSeenMark: Sendable, Equatable {
  /// How many entries were seen, the last one included.
  var count: Int
  /// The last of them; nil if it has no ID.
  var last: EntryID?
  /// The one before, in case the last one was removed.
  var previous: EntryID?
  /// Entries behind the place that were seen while they waited to be sent.
  var pending: [EntryID]
  /// Whether the reader was told that the thread is not there any more: what was seen of it can only be
  /// named when it comes back.
  var isGone = false

  /// `COUNT LAST PREVIOUS PENDING…`, in words, with `-` for none, and `first-gone` before it.
  init?(_ bytes: [UInt8]) {
    var words = bytes[...].trimmed.split(separator: UInt8(ascii: " "))
    if words.first?.string == Self.gone {
      isGone = true
      words.removeFirst()
    }
    guard words.count >= 3, let count = Int(words[0].string), count >= 0 else { return nil }
    (self.count, last, previous) = (count, EntryID(words[1]), EntryID(words[2]))
    if last != nil, count == 0 { return nil }
    pending = words.dropFirst(3).compactMap { EntryID($0) }
  }

  var bytes: [UInt8] {
    let words =
      (isGone ? [Self.gone] : []) + ["\(count)"]
      + [last, previous].map { $0?.description ?? "-" } + pending.map(\.description)
    return Array((words.joined(separator: " ") + "\n").utf8)
  }

  private static let gone = "first-gone"

  /// The entries that it names.
  var names: [EntryName] { (pending + [last, previous].compactMap { $0 }).map(EntryName.id) }

  /// The mark in the form of today that says the same of a version of the thread.
  func converted(in entries: [Entry]) -> SeenMark {
    let place = place(in: entries)
    let all = entries.map(\.name)
    let behind = Set(names)
    let seen = all[..<place] + all[place...].filter(behind.contains)
    return SeenMark(
      numbers: seen.map(\.number), named: seen.suffix(SeenMark.namedCount), isGone: isGone)
  }

  /// The index of the first entry that was not seen.
  private func place(in entries: [Entry]) -> Int {
    guard let last else { return min(count, entries.count) }
    // Mostly it is where it was; only else is it looked for.
    if count <= entries.count, entries[count - 1].id == last { return count }
    func index(of id: EntryID) -> Int? { entries.lastIndex { $0.id == id } }
    if let index = index(of: last) {
      if index < count { return index + 1 }
      // It waited to be sent then, and what others sent went in before it, and before the one before
      // it if that waited too.
      let hasMoved = previous.flatMap(index(of:)).map { $0 >= count - 1 } ?? false
      return max(0, count - (hasMoved ? 2 : 1))
    }
    if let previous, let index = index(of: previous) { return min(index + 1, count) }
    // Nothing that it names is there: rather all of it twice than one never.
    return 0
  }
}
