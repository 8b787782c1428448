/// One thread: a head, text before the first entry, and the entries in their order of arrival.
package struct Thread: Sendable, Hashable {
  /// The part of a file in which status, ball and title stand.
  enum Head: Sendable, Hashable {
    case frontMatter(FrontMatter)
    case legacy(LegacyHead)
    case none
  }

  var head: Head
  /// The text between the head and the first entry, the thread's heading included.
  var preamble: Bytes
  package internal(set) var entries: [Entry]
  /// The places that keep this file from being read as a thread. A thread with problems is never written to.
  package internal(set) var problems: [Problem] = []

  /// The newest format that is written.
  package static let currentFormat = 1

  /// A new thread without entries.
  package init(
    topic: Topic, title: SingleLine, status: SingleLine, ball: Agent, created: Timestamp
  ) {
    var front = FrontMatter()
    front.set("format", String(Self.currentFormat), isPlain: true)
    front.set("topic", topic.name)
    front.set("title", title.text)
    front.set("status", status.text)
    front.set("ball", ball.description)
    front.set("created", created.description, isPlain: true)
    front.set("updated", created.description, isPlain: true)
    self.init(
      head: .frontMatter(front), preamble: Bytes("\n# \(title)\n"), entries: [])
  }

  init(head: Head, preamble: Bytes, entries: [Entry], problems: [Problem] = []) {
    (self.head, self.preamble, self.entries, self.problems) = (head, preamble, entries, problems)
  }

  /// The file. A thread that was read and not changed prints the bytes that it was read from.
  package var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(
      entries.reduce(1024 + preamble.count) { $0 + $1.raw.count + $1.gap.count })
    switch head {
    case .frontMatter(let front): result += front.bytes
    case .legacy(let legacy): result += legacy.raw
    case .none: break
    }
    result += preamble
    for entry in entries {
      result += entry.raw
      result += entry.gap
    }
    return result
  }

  /// A value of the head.
  package subscript(key: String) -> String? {
    let value =
      switch head {
      case .frontMatter(let front): front[key]
      case .legacy(let legacy): legacy[key]
      case .none: String?.none
      }
    return value.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The number in the head's `format`; nil for a legacy file.
  package var format: Int? { self["format"].flatMap(Int.init) }

  /// The title; nil where neither head nor heading has one.
  package var title: String? {
    if case .legacy(let legacy) = head { return legacy.title }
    if let title = self["title"] { return title }
    let heading = preamble.lines.first(where: \.isComment)
    return heading.map { $0.drop { $0 == UInt8(ascii: "#") }.trimmed.string }
  }

  /// The status, as it is written; `OPEN` where nothing says it.
  package var status: String { self["status"] ?? "OPEN" }

  /// Who has the ball; nil where nothing says it.
  package var ball: Agent? { self["ball"].map { Agent(SingleLine(line: Bytes($0))) } }

  /// When the thread began.
  package var created: Timestamp? { self["created"].flatMap(Timestamp.init) ?? entries.first?.time }

  /// When its last entry arrived, or its status or ball was set.
  package var updated: Timestamp? {
    // The Python tool leaves our key alone when it appends, so the entries may be newer.
    [self["updated"].flatMap(Timestamp.init), entries.last?.time].compactMap { $0 }.max() ?? created
  }

  /// Whether the status means that nothing is to be done any more.
  package var isClosed: Bool { Self.isClosed(status: status) }

  /// `done`, `closed`, `merged`, `resolved`, `abandoned` or `obsolete`, in any case.
  package static func isClosed(status: String) -> Bool {
    ["done", "closed", "merged", "resolved", "abandoned", "obsolete"].contains(status.lowercased())
  }
}

extension Thread {
  /// The indices of the entries that the writer of an entry had not seen: those of others between the
  /// last one that was seen and the entry, the last hundred of them. None where it does not say what
  /// was seen.
  package func unseen(byEntryAt index: Int) -> [Int] {
    let entry = entries[index]
    guard let after = entry.after,
      let last = entries[..<index].lastIndex(where: { $0.id == after })
    else { return [] }
    // A program that writes and never reads would have every reader look at all of them, every time.
    return (last + 1..<index).filter { !entries[$0].agent.answers(to: entry.agent) }.suffix(100)
  }
}
