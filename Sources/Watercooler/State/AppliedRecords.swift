internal import Platform

/// How far the records of the outbox are in the branch: that the branch is at `head`, which is what is sealed with the
/// records up to a number applied to it.
///
/// It holds only while the branch is exactly there. Elsewhere somebody has moved it, and what it has is that person's.
struct AppliedRecords: Sendable, Equatable {
  /// The commit that the records were applied to: the remote's, or a person's on top of that; nil for none.
  var below: String?
  /// The commit that the branch names; nil for a branch without one.
  var head: String?
  /// The number of the last record that is in it, or that was: later ones wait for their commit.
  var number: Int
  /// The numbers of earlier ones that are not, as their threads cannot be written to.
  var held: Set<Int> = []

  fileprivate init?(line: Bytes) {
    let words = line.split(separator: UInt8(ascii: " "))
    guard words.count >= 3, let number = Int(words[2].string),
      words[..<2].allSatisfy({ $0.isObjectName || $0.string == Self.none })
    else { return nil }
    let commits = words[..<2].map { $0.isObjectName ? $0.string : nil }
    (below, head, self.number) = (commits[0], commits[1], number)
    held = Set(words[3...].compactMap { Int($0.string) })
  }

  init(below: String?, head: String?, number: Int, held: Set<Int> = []) {
    (self.below, self.head, self.number, self.held) = (below, head, number, held)
  }

  /// Whether a record is in the branch, or was when it was last moved.
  func has(_ record: OutboxRecords.Name) -> Bool {
    record.number <= number && !held.contains(record.number)
  }

  /// Of a branch that is all somebody's work, or the remote's.
  init(sealedAt head: String?, number: Int) { self.init(below: head, head: head, number: number) }

  fileprivate static let none = "-"

  fileprivate var line: String {
    let numbers = ([number] + held.sorted()).map(String.init).joined(separator: " ")
    return "\(below ?? Self.none) \(head ?? Self.none) \(numbers)\n"
  }
}

/// The note of what is applied. While the branch is being moved it says where from and where to.
struct AppliedNote: Sendable {
  fileprivate let note: NoteFile

  /// One state, or two while the branch is being moved from the first to the second; none where nothing is known.
  var states: [AppliedRecords] {
    get throws {
      try note.bytes.split(separator: .lineFeed, omittingEmptySubsequences: false).dropLast()
        .compactMap { AppliedRecords(line: $0) }
    }
  }

  func set(_ state: AppliedRecords) throws { try note.write(Array(state.line.utf8)) }

  /// The branch is about to be moved.
  func set(from old: AppliedRecords, to new: AppliedRecords) throws {
    try note.write(Array((old.line + new.line).utf8))
  }
}

/// The commits that were sent, or may have been, without anybody having heard what became of them: a record that is in
/// one of these is not sent again once the remote has that.
struct OfferedNote: Sendable {
  fileprivate let note: NoteFile

  var offers: [AppliedRecords] {
    get throws {
      try note.bytes.split(separator: .lineFeed, omittingEmptySubsequences: false).dropLast()
        .compactMap { AppliedRecords(line: $0) }
    }
  }

  /// Notes what is about to be sent.
  func add(_ offer: AppliedRecords) throws {
    // A line that was cut off ends here.
    let isCutOff = try note.bytes.last.map { $0 != .lineFeed } ?? false
    try note.append((isCutOff ? [.lineFeed] : []) + Array(offer.line.utf8))
  }

  /// No record waits that may have been in one of them.
  func clear() { try? note.clear() }

  /// The last of them did not arrive.
  func takeBack(_ offer: AppliedRecords) {
    let line = offer.line.utf8
    guard let bytes = try? note.bytes, bytes.suffix(line.count).elementsEqual(line) else { return }
    try? File.cut(note.path, to: bytes.count - line.count)
  }
}

extension Clone {
  var applied: AppliedNote { AppliedNote(note: note(.applied)) }
  var offered: OfferedNote { OfferedNote(note: note(.offered)) }

  /// The number of the record that is accepted next: none that is noted anywhere has it, or a later one.
  var nextRecordNumber: Int {
    get throws {
      let noted = try (applied.states + offered.offers).map(\.number)
      return try max(records.names().last?.number ?? 0, noted.max() ?? 0) + 1
    }
  }
}
