internal import Platform

extension Thread {
  /// Adds an entry that arrives now: at the end, with what it sets in the head.
  ///
  /// The thread becomes format 1 if it is not yet.
  package mutating func add(_ entry: Entry, topic: Topic) {
    self = inFormatOne(topic: topic)
    append(entry)
    if let ball = entry.ball { setHead("ball", ball.description) }
    if let status = entry.status { setHead("status", status.text) }
    setHead("updated", entry.time.description, isPlain: true)
  }

  /// Sets the ball or the status without an entry. The thread becomes format 1 if it is not yet.
  package mutating func set(_ key: String, to value: String, at time: Timestamp, topic: Topic) {
    self = inFormatOne(topic: topic)
    setHead(key, value)
    setHead("updated", time.description, isPlain: true)
  }

  mutating func setHead(_ key: String, _ value: String, isPlain: Bool = false) {
    guard case .frontMatter(var front) = head else { return }
    front.set(key, value, isPlain: isPlain)
    head = .frontMatter(front)
  }

  /// Puts an entry at the end of a thread of format 1, a blank line before it, whatever stood there.
  mutating func append(_ entry: Entry) {
    if let last = entries.indices.last {
      let gap = entries[last].gap
      let endsInBlankLine = gap.last == .lineFeed && gap.count(where: { $0 == .lineFeed }) > 1
      if !endsInBlankLine { entries[last].gap = Bytes("\n\n") }
    } else {
      if case .frontMatter(var front) = head, front.closing.last != .lineFeed {
        front.closing.append(.lineFeed)
        head = .frontMatter(front)
      }
      if let last = preamble.last, last != .lineFeed { preamble.append(.lineFeed) }
      if !preamble.hasBlankEnd { preamble.append(.lineFeed) }
    }
    var entry = entry.inFormatOne
    entry.gap = [.lineFeed]
    entries.append(entry)
  }

  /// This thread as format 1: a front matter in place of a legacy head, and the bodies quoted.
  /// Nothing else changes: old entries get no IDs, and lines that have no key of ours stay.
  func inFormatOne(topic: Topic) -> Thread {
    var result = self
    switch head {
    case .frontMatter(var front):
      if entries.contains(where: \.leansOnFences) { result.separateEntries() }
      if front["format"] != nil { return result }
      front.items.insert(
        FrontMatter.Item(key: "format", raw: Bytes("format: \(Self.currentFormat)\n")), at: 0)
      result.head = .frontMatter(front)
    case .legacy(let legacy):
      result.upgrade(keeping: legacy.linesToKeep(topic: topic), topic: topic)
    case .none:
      result.upgrade(keeping: [], topic: topic)
    }
    return result
  }

  private mutating func upgrade(keeping lines: Bytes, topic: Topic) {
    let title = title ?? topic.name
    var front = FrontMatter()
    front.set("format", String(Self.currentFormat), isPlain: true)
    front.set("topic", topic.name)
    front.set("title", title)
    front.set("status", status)
    if let ball { front.set("ball", ball.description) }
    for (key, time) in [("created", created), ("updated", updated)] {
      let text = self[key] ?? time?.description
      if let text { front.set(key, text, isPlain: Timestamp(text) != nil) }
    }
    let hasHeading =
      lines.lines.contains(where: \.isComment)
      || preamble.lines.first { !$0.isAllBlank }?.isComment == true
    let heading = hasHeading ? [] : Bytes("# \(title)\n")
    var text = Bytes("\n") + heading + BodyQuoting.quoted(lines)
    if !preamble.isAllBlank {
      if text.count > 1 { text += Bytes(text.last == .lineFeed ? "\n" : "\n\n") }
      text += BodyQuoting.quoted(preamble)
    }
    preamble = text
    if !text.hasBlankEnd { preamble += Bytes(text.last == .lineFeed ? "\n" : "\n\n") }
    head = .frontMatter(front)
    separateEntries()
  }

  /// Has each entry written so that it stands for itself. An Entry-ID that stands twice ends no fence: the later
  /// one becomes another, the same on every machine.
  private mutating func separateEntries() {
    var taken = Set(preamble.lines.compactMap(\.entryIDComment))
    entries = entries.map(\.inFormatOne)
    for (index, entry) in entries.enumerated() {
      guard let id = entry.idComment?.entryIDComment else { continue }
      var own = taken.contains(id) ? id.replacement(for: entry.raw) : id
      // Of several that are alike.
      while !taken.insert(own).inserted { own = EntryID(value: own.value &+ 1) }
      if own != id { entries[index] = entry.identified(as: own) }
    }
  }
}

extension Bytes {
  /// Whether the last line is blank.
  fileprivate var hasBlankEnd: Bool {
    guard let end = dropLast().lastIndex(of: .lineFeed) else { return isAllBlank && !isEmpty }
    return self[(end + 1)...].isAllBlank
  }
}

/// Why a thread's file is not written to.
package enum UnwritableThread: ExplainedError, Equatable {
  case damaged(file: String, Problem)
  case newerFormat(file: String, Int)

  package var message: String {
    switch self {
    case .damaged(let file, let problem):
      "the thread is damaged, and left as it is: \(problem.description(file: file))"
    case .newerFormat(let file, let format):
      "\(file) has format \(format), this version writes format \(Thread.currentFormat)"
    }
  }

  package var hint: String? {
    switch self {
    case .damaged: "mend that line in an editor, then try again"
    case .newerFormat: "update Watercooler; reading works as it is"
    }
  }
}

extension Thread {
  /// - Parameter file: The name to call it by.
  package func checkWritable(file: String) throws(UnwritableThread) {
    if let problem = problems.first { throw .damaged(file: file, problem) }
    if let format, format > Self.currentFormat { throw .newerFormat(file: file, format) }
  }
}
