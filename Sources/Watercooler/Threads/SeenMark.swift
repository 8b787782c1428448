/// The entries of a thread that somebody has seen: each by its number, the last ones by their names too.
///
/// A mark knows entries, not places: what others were faster with goes in before entries that were seen
/// here while they waited to be sent, and is news; so is whatever stands where an entry was removed.
struct SeenMark: Sendable, Equatable {
  /// The numbers of the entries that were seen, in the order of the thread.
  var numbers: [EntryName.Number]
  /// The last of them by name, to be told if they are removed.
  var named: [EntryName]
  /// Whether the reader was told that the thread is not there any more.
  var isGone = false

  /// So many are named.
  static let namedCount = 32
}

// MARK: - In a file

extension SeenMark {
  /// `seen NUMBERS NAME…` in one line; `gone` instead of `seen` for a thread that is not there. The numbers
  /// are packed; `-` for none.
  init?(_ bytes: [UInt8]) {
    let words = bytes[...].trimmed.split(separator: UInt8(ascii: " "))
    guard words.count >= 2, let isGone = ["seen": false, "gone": true][words[0].string],
      let numbers = words[1].string == "-" ? [] : EntryName.unpacked(words[1])
    else { return nil }
    self.init(
      numbers: numbers, named: words.dropFirst(2).compactMap { EntryName($0) }, isGone: isGone)
  }

  var bytes: [UInt8] {
    let words = [isGone ? "gone" : "seen", numbers.isEmpty ? "-" : EntryName.packed(numbers)]
    return Array(((words + named.map(\.description)).joined(separator: " ") + "\n").utf8)
  }
}

// MARK: - In a version of the thread

/// The entries of one version of a thread, told apart by whether somebody has seen them.
struct SeenEntries: Sendable {
  private let entries: [Entry]
  private let names: [EntryName]
  private let reader: Agent
  private var isSeen: [Bool]
  /// Whether there was a mark at all.
  let isMarked: Bool
  /// The entries that were seen and are not in this version, by number.
  let missing: [EntryName.Number]
  /// The names of the missing entries, as far as they are known.
  let missingNames: [EntryName]
  /// Everything before it has been seen.
  private(set) var place = 0

  init(_ mark: SeenMark?, by reader: Agent, in entries: [Entry]) {
    (self.entries, self.reader) = (entries, reader)
    isMarked = mark != nil
    names = entries.map(\.name)
    let (numbers, known) = (names.map(\.number), mark?.numbers ?? [])
    // Mostly the thread goes on from where it was.
    let start = zip(numbers, known).prefix { $0 == $1 }.count
    var rest = Set(known[start...])
    isSeen = numbers.indices.map { $0 < start || rest.contains(numbers[$0]) }
    rest.subtract(numbers)
    missing = rest.isEmpty ? [] : known.filter(rest.contains)
    missingNames = rest.isEmpty ? [] : (mark?.named ?? []).filter { rest.contains($0.number) }
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

  /// The mark that is kept of it.
  /// - Parameter told: What the reader was told to be missing. The rest may be in a version that this
  ///   process has not read.
  func mark(told: Set<EntryName.Number> = []) -> SeenMark {
    let seen = entries.indices.filter { isSeen[$0] }.map { names[$0] }
    let others = missing.filter { !told.contains($0) }.suffix(Self.mostMissing)
    let named = missingNames.filter { !told.contains($0.number) } + seen
    return SeenMark(
      numbers: seen.map(\.number) + others, named: named.suffix(SeenMark.namedCount))
  }

  /// So many entries are remembered that are not there.
  private static let mostMissing = 10_000
}
