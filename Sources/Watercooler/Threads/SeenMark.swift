/// What somebody has seen of a thread: each entry by its name, but for the old ones at the start, of
/// which a number and a sum are kept.
///
/// A mark names entries, not places: what others were faster with goes in before entries that were
/// seen here while they waited to be sent, and is news. The sum tells whether the entries at the start
/// are those that were seen; as none of the last ones is in it, it holds in all that merges do.
struct SeenMark: Sendable, Equatable {
  /// How many entries at the start of the thread were seen, all of them.
  var count: Int
  /// The numbers of their names, added up.
  var sum: UInt64
  /// The first of them: a thread that was begun anew under the same topic has another one.
  var first: EntryName?
  /// The others that were seen, in the order of the thread.
  var named: [EntryName]
  /// Whether the reader was told that the thread is not there any more.
  var isGone = false

  /// The last entries that were seen are named, so many of them: far more than anybody writes between
  /// two looks of somebody who does not know yet that they wait to be sent.
  static let namedCount = 32
}

// MARK: - In a file

extension SeenMark {
  /// `seen COUNT SUM FIRST NAME…` in one line, with `-` for none; `gone` instead of `seen` for a thread that is not there.
  init?(_ bytes: [UInt8]) {
    let words = bytes[...].trimmed.split(separator: UInt8(ascii: " "))
    let states = ["seen": false, "gone": true]
    guard words.count >= 4, let isGone = states[words[0].string], let count = Int(words[1].string),
      count >= 0, let sum = Fingerprint(hex: words[2])
    else { return nil }
    self.init(
      count: count, sum: sum.value, first: EntryName(words[3]),
      named: words.dropFirst(4).compactMap { EntryName($0) }, isGone: isGone)
  }

  var bytes: [UInt8] {
    let state = isGone ? "gone" : "seen"
    let start = [state, "\(count)", "\(Fingerprint(value: sum))", first?.description ?? "-"]
    let words = start + named.map(\.description)
    return Array((words.joined(separator: " ") + "\n").utf8)
  }
}

// MARK: - In a version of the thread

extension SeenMark {
  /// Which entries of a version of the thread were seen.
  struct Coverage {
    /// For each of its entries.
    var isSeen: [Bool]
    /// Those that were seen and are not in it, by name.
    var missing: [EntryName]
    /// How many more are not in it.
    var missingCount = 0
  }

  func coverage(of names: [EntryName]) -> Coverage {
    let isAsItWas = count <= names.count && names[..<count].sum == sum
    var (missing, first) = (Set(named), Int?.none)
    var isSeen = [Bool](repeating: isAsItWas, count: isAsItWas ? count : 0)
    isSeen.reserveCapacity(names.count)
    let set = missing
    for index in isSeen.count..<names.count {
      isSeen.append(set.contains(names[index]))
      if isSeen[index] {
        first = first ?? index
        missing.remove(names[index])
      }
    }
    var coverage = Coverage(isSeen: isSeen, missing: named.filter(missing.contains))
    if !isAsItWas {
      let start = start(of: names, before: first)
      for index in start.seen.joined() { coverage.isSeen[index] = true }
      coverage.missingCount = start.missingCount
    }
    return coverage
  }

  /// The parts of a changed version that are the start as it was seen, and how many entries of that
  /// are gone.
  /// - Parameter first: Where the first one that is named stands; nil where none does.
  private func start(
    of names: [EntryName], before first: Int?
  ) -> (seen: [Range<Int>], missingCount: Int) {
    let end = first ?? names.count
    // Somebody removed entries by hand, or edited one that has no ID.
    if first != nil, end <= count { return ([0..<end], count - end) }
    // A version from before the mark, or another thread.
    if end <= count { return (names.first == self.first ? [0..<end] : [], 0) }
    // Something went in between old ones: mostly all in one place.
    let length = end - count
    let wanted = names[..<end].sum &- sum
    var run = names[..<length].sum
    for start in 0...count {
      if run == wanted { return ([0..<start, start + length..<end], 0) }
      if start < count { run = run &- names[start].number &+ names[start + length].number }
    }
    // It cannot be told which is new: rather all of it twice than one never.
    return ([], 0)
  }
}

extension Sequence<EntryName> {
  /// The numbers of the names, added up.
  var sum: UInt64 { reduce(0) { $0 &+ $1.number } }
}

// MARK: - What was seen

/// What somebody has seen of one version of a thread.
struct SeenEntries: Sendable {
  private let entries: [Entry]
  private let names: [EntryName]
  private let reader: Agent
  private var isSeen: [Bool]
  /// Whether there was a mark at all.
  let isMarked: Bool
  /// What was seen and is not in this version.
  let missing: [EntryName]
  let missingCount: Int
  /// Everything before it has been seen.
  private(set) var place = 0

  init(_ mark: SeenMark?, by reader: Agent, in entries: [Entry]) {
    (self.entries, self.reader) = (entries, reader)
    names = entries.map(\.name)
    let coverage = mark?.coverage(of: names)
    isMarked = mark != nil
    isSeen = coverage?.isSeen ?? entries.map { _ in false }
    (missing, missingCount) = (coverage?.missing ?? [], coverage?.missingCount ?? 0)
    see { _ in false }
  }

  /// Whether an entry was seen, or is the reader's own.
  func hasSeen(_ index: Int) -> Bool { isSeen[index] || entries[index].agent.answers(to: reader) }

  /// The numbers of the entries that were not seen.
  var unseen: [Int] { (place..<entries.count).filter { !hasSeen($0) } }

  /// These entries are seen now. What leaves a gap after the place stays unseen.
  /// - Returns: Whether any was not before.
  @discardableResult
  mutating func see(where isShown: (Int) -> Bool) -> Bool {
    var isMore = false
    while place < entries.count {
      if !hasSeen(place) {
        guard isShown(place) else { break }
        isMore = true
      }
      isSeen[place] = true
      place += 1
    }
    return isMore
  }

  /// What is kept of it.
  /// - Parameter pending: Entries that wait to be sent: what others sent may go in before them, so each
  ///   is named.
  func mark(pending: Set<EntryID>) -> SeenMark {
    var count = max(0, place - SeenMark.namedCount)
    if !pending.isEmpty {
      let isPending = { (entry: Entry) in entry.id.map { pending.contains($0) } ?? false }
      count = entries[..<count].firstIndex(where: isPending) ?? count
    }
    return SeenMark(
      count: count, sum: names[..<count].sum, first: count > 0 ? names.first : nil,
      named: (count..<entries.count).filter { isSeen[$0] }.map { names[$0] })
  }
}
