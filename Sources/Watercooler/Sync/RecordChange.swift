internal import Platform

/// Applying a record to a thread: pure functions of both.
extension OutboxRecord {
  /// Why a record cannot be applied to its thread, as that is.
  struct Unappliable: Error {
    let cause: any ExplainedError
  }

  /// The outcome of applying a record.
  enum Applied {
    case changed(Thread)
    /// The thread is so already: what the record sets is set.
    case unchanged
    /// The thread has the entry already.
    case present
  }

  /// The thread with this change.
  /// - Parameters:
  ///   - thread: Nil where there is none.
  ///   - topic: As the file is spelled.
  ///   - isOffered: Whether it may have been there before: then an entry of its identity is this one, and somebody
  ///     has edited it since.
  func applied(
    to thread: Thread?, as topic: Topic, isOffered: Bool
  ) throws(Unappliable) -> Applied {
    do {
      try thread?.checkWritable(file: topic.fileName)
    } catch {
      throw Unappliable(cause: error)
    }
    switch change {
    case .entry(let bytes): return try adding(bytes, to: thread ?? begun, topic, isOffered)
    case .thread(let bytes): return try beginning(bytes, in: thread, topic, isOffered)
    case .head(let values):
      let before = thread ?? begun
      var after = before
      for value in values { after.set(value.key, to: value.value, at: time, topic: topic) }
      let isChanged = values.contains { before[$0.key].map(Bytes.init) != Bytes($0.value) }
      return isChanged || thread == nil ? .changed(after) : .unchanged
    }
  }

  private func adding(
    _ bytes: [UInt8], to thread: Thread, _ topic: Topic, _ isOffered: Bool
  ) throws(Unappliable) -> Applied {
    guard var entry = Entry(raw: bytes[...], gap: [.lineFeed], isQuoted: true), entry.id == id
    else { throw Unappliable(cause: UnreadableRecord(path: "\(id)", reason: "it has no entry")) }
    if let present = thread.entries.first(where: { $0.id == id }) {
      if present.raw == entry.raw || isOffered { return .present }
      let replacement = id.replacement(for: entry.raw)
      if thread.entries.contains(where: { $0.id == replacement }) { return .present }
      entry = entry.identified(as: replacement)
    }
    var result = thread
    result.add(entry, topic: topic)
    return .changed(result)
  }

  private func beginning(
    _ bytes: [UInt8], in thread: Thread?, _ topic: Topic, _ isOffered: Bool
  ) throws(Unappliable) -> Applied {
    guard var begun = ThreadParser.parse(bytes[...]) else {
      throw Unappliable(cause: StoreError.notAThread(topic.fileName))
    }
    guard let thread else { return .changed(begun) }
    let isPresent = thread.entries.contains { $0.id == id }
    if isPresent, isOffered { return .present }
    begun.entries.removeAll { entry in thread.entries.contains { $0.raw == entry.raw } }
    if isPresent, begun.entries.isEmpty { return .present }
    guard
      let merge = ThreadMerge(base: nil, shown: thread, replayed: begun, topic: topic)
    else { throw Unappliable(cause: StoreError.notAThread(topic.fileName)) }
    return merge.thread == thread ? .unchanged : .changed(merge.thread)
  }

  /// An empty thread, for a change of one that is gone everywhere.
  private var begun: Thread {
    let open = SingleLine(line: Bytes("OPEN"))
    return Thread(
      topic: topic, title: SingleLine(line: Bytes(topic.name)), status: open,
      ball: Agent(SingleLine(line: Bytes("Team"))), created: time)
  }

  /// When it was accepted, by the clock of its machine.
  var time: Timestamp {
    Timestamp(seconds: date.split(separator: " ").first.flatMap { Int64($0) } ?? 0)
  }

  private var date: String { author.date }
}

extension OutboxRecord {
  /// A record of a change that was just made.
  /// - Parameter begins: Whether the thread is begun by it all the same: what there was is somebody else's to send.
  init(
    _ written: ThreadChange.Written, of before: Thread?, begins: Bool, topic: Topic, number: Int,
    message: CommitMessage, author: Committer, base: String?
  ) {
    let change: Change
    if let before, begins {
      change = .thread(written.thread.removing(before.entries.compactMap(\.id)).bytes)
    } else if let before {
      let entry = written.thread.entries.last { $0.id == written.id }
      change = entry.map { .entry(Array($0.raw)) } ?? .head(written.thread.head(beside: before))
    } else {
      change = .thread(written.thread.bytes)
    }
    self.init(
      number: number, id: written.id, topic: topic, change: change, subject: message.subject,
      author: Authorship(
        name: author.name, email: author.email, date: "\(Timestamp.now.seconds) +0000"),
      agent: message.agents.first, via: message.vias.first, condition: message.condition,
      base: base)
  }

  /// This record as the one that begins its thread, in the place of one that did: without the entry of that one.
  /// Nil where that one did not begin it.
  func beginning(insteadOf first: OutboxRecord) -> OutboxRecord? {
    guard case .thread(let bytes) = first.change, let thread = ThreadParser.parse(bytes[...]),
      case .changed(let begun)? = try? applied(
        to: thread.removing([first.id]), as: topic, isOffered: false)
    else { return nil }
    var record = self
    record.change = .thread(begun.bytes)
    return record
  }
}

extension Thread {
  /// The values of this thread's head that another version has otherwise.
  fileprivate func head(beside before: Thread) -> [HeadValue] {
    let decided: Set<String> = ["format", "topic", "created", "updated"]
    return frontMatter.items.compactMap { item in
      guard let key = item.key, !decided.contains(key.lowercased()), let value = self[key],
        before[key].map(Bytes.init) != Bytes(value)
      else { return nil }
      return HeadValue(key, value)
    }
  }
}
