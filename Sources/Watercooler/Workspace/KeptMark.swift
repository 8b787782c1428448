/// The contents of a mark's file.
enum KeptMark: Sendable {
  case mark(SeenMark)
  /// Of version 0.1.0.
  case first(FirstSeenMark)
  /// There was one: what it said is not known, and everything is shown again.
  case unreadable

  init(_ bytes: [UInt8]) {
    if let mark = SeenMark(bytes) {
      self = .mark(mark)
    } else if let mark = FirstSeenMark(bytes) {
      self = .first(mark)
    } else {
      self = .unreadable
    }
  }

  var bytes: [UInt8] {
    switch self {
    case .mark(let mark): mark.bytes
    case .first(let mark): mark.bytes
    case .unreadable: []
    }
  }

  /// The mark as it holds for a version of the thread.
  func mark(in entries: [Entry]) -> SeenMark {
    switch self {
    case .mark(let mark): mark
    case .first(let mark): mark.converted(in: entries)
    case .unreadable: SeenMark(numbers: [], named: [])
    }
  }

  /// Whether it knows each entry.
  var isNamed: Bool { if case .mark = self { true } else { false } }

  /// The entries that it names.
  var names: [EntryName] {
    switch self {
    case .mark(let mark): mark.named
    case .first(let mark): mark.names
    case .unreadable: []
    }
  }

  /// The numbers of the entries that it knows.
  var numbers: [EntryName.Number] {
    if case .mark(let mark) = self { mark.numbers } else { names.map(\.number) }
  }

  /// The number of entries that were seen.
  var count: Int {
    switch self {
    case .mark(let mark): mark.numbers.count
    case .first(let mark): mark.count + mark.pending.count
    case .unreadable: 0
    }
  }

  /// Whether the reader was told that the thread is not there any more.
  var isGone: Bool {
    switch self {
    case .mark(let mark): mark.isGone
    case .first(let mark): mark.isGone
    case .unreadable: false
    }
  }

  /// The mark once the reader was told that the thread is gone; nil where that was so, or where nothing is known.
  var gone: KeptMark? {
    switch self {
    case .mark(var mark) where !mark.isGone:
      mark.isGone = true
      return .mark(mark)
    case .first(var mark) where !mark.isGone:
      mark.isGone = true
      return .first(mark)
    default: return nil
    }
  }
}

/// The marks of threads that are gone: one of them may be of a thread that has another topic now.
struct OrphanedMarks: Sendable {
  private let marks: [String: KeptMark]
  /// The name of the mark that knows an entry.
  private let holders: [EntryName.Number: String]

  /// - Parameter marks: By the names of their files.
  init(_ marks: [String: KeptMark]) {
    self.marks = marks
    holders = marks.sorted { $0.key > $1.key }.reduce(into: [:]) { holders, mark in
      for number in mark.value.numbers { holders[number] = mark.key }
    }
  }

  /// The one that knows one of these entries.
  func mark(of entries: [Entry]) -> (name: String, mark: KeptMark)? {
    if holders.isEmpty { return nil }
    for entry in entries {
      if let name = holders[entry.name.number], let mark = marks[name] { return (name, mark) }
    }
    return nil
  }
}
