package import Platform

/// An entry that somebody asks to be written. Its texts are as they were given: the operation checks them.
package struct EntryRequest: Sendable {
  package var topic: String
  /// Nil leaves it to the operation, which takes the first line of the body, say.
  package var title: String?
  package var body: String
  /// Nil takes the configured role.
  package var role: String?
  /// Nil takes `Note`.
  package var type: String?
  /// The agent that gets the ball; nil leaves it to the operation.
  package var ball: String?
  /// The thread's new status; nil leaves it as it is.
  package var status: String?
  /// The agent that signs; nil takes the configured identity.
  package var agent: String?
  /// Made by the caller, so that a retry is no second entry.
  package var entryID: String?
  /// Write only if this agent has the ball.
  package var ifBall: String?
  /// Write only if the last entry has this Entry-ID.
  package var expect: String?

  package init(topic: String, body: String) {
    self.topic = topic
    self.body = body
  }

  /// The conditions in words; nil if there is none.
  var condition: String? {
    let parts = [ifBall.map { "ball is with \($0)" }, expect.map { "last entry is \($0)" }]
    let words = parts.compactMap { $0 }.joined(separator: ", ")
    return words.isEmpty ? nil : words
  }
}

extension Workspace {
  /// Appends an entry and passes the ball on: to whom it names, else to the counterpart. Makes the
  /// thread where there is none.
  package func say(_ request: EntryRequest, deadline: Deadline) throws -> Receipt {
    let draft = try checked(request)
    let configured = try configuration[.counterpart].map {
      try Agent($0.text, field: "counterpart")
    }
    let registry = try configuration.registry
    return try write(request, draft, isCreating: true, deadline: deadline) { draft, entries in
      draft.ball =
        draft.ball
        ?? registry.counterpart(of: draft.agent, configured: configured, in: entries)
    }
  }

  /// Appends an entry; the ball stays, unless it names somebody.
  package func acknowledge(_ request: EntryRequest, deadline: Deadline) throws -> Receipt {
    var request = request
    request.title = request.title ?? "Ack"
    if request.body.isEmpty { request.body = "ack" }
    return try write(request, try checked(request), isCreating: false, deadline: deadline)
  }

  /// Whether it is configured who writes here: otherwise entries are signed by the user's name.
  package var isAgentConfigured: Bool {
    get throws { configuration[.agent] != nil }
  }

  /// Appends an entry that hands the ball to `request.ball`, else to the counterpart.
  /// - Parameter isOfHolder: Whether that is the counterpart of whoever has the ball, rather than of whoever writes.
  package func handOff(
    _ request: EntryRequest, isOfHolder: Bool = false, deadline: Deadline
  ) throws -> Receipt {
    let configured = try configuration[.counterpart].map {
      try Agent($0.text, field: "counterpart")
    }
    let registry = try configuration.registry
    var request = request
    if request.ball == nil {
      let agent = try configuration.agent(named: request.agent, client: client)
      let thread = try store.readIfPresent(topic(request.topic))?.thread
      let holder = isOfHolder ? thread?.ball : nil
      request.ball =
        registry.counterpart(
          of: holder ?? agent, configured: configured, in: thread?.entries ?? []
        ).description
    }
    let target = registry.canonical(try Agent(request.ball ?? "", field: "ball"))
    request.title = request.title ?? "Handoff to \(target)"
    if request.body.isEmpty { request.body = "handoff to \(target)" }
    return try write(request, try checked(request), isCreating: true, deadline: deadline)
  }

  private func checked(_ request: EntryRequest) throws -> EntryDraft {
    let agent = try configuration.agent(named: request.agent, client: client)
    let body = try body(request.body)
    let id = try request.entryID.map { text in
      guard let id = EntryID(text) else { throw WorkspaceError.invalidEntryID(text) }
      return id
    }
    var draft = EntryDraft(agent: agent, time: .now, body: body, id: id ?? .make())
    if draft.body.isEmpty { throw WorkspaceError.nothingToSay }
    let role = request.role ?? configuration[.role]?.text
    draft.role = try role.map { try SingleLine(Vocabulary.role($0), field: "role") }
    draft.type = try SingleLine(Vocabulary.type(request.type ?? "Note"), field: "type")
    draft.title = try title(request.title, body: draft.body)
    draft.ball = try request.ball.map {
      try configuration.registry.canonical(try Agent($0, field: "ball"))
    }
    draft.status = try request.status.map { try status($0) }
    draft.after = request.expect.flatMap { EntryID($0) }
    return draft
  }

  /// A body as it is written.
  /// - Throws: `InvalidText`.
  func body(_ text: String) throws -> Bytes {
    let body = Bytes(text)
    if body.contains(0) { throw InvalidText.nul(field: "body") }
    let limit = Int(try configuration.number(.bodyLimit))
    if body.count > limit {
      throw InvalidText.tooLong(field: "body", count: body.count, limit: limit, unit: "bytes")
    }
    return EntryDraft.normalised(body)
  }

  /// A status in the spelling that is written.
  /// - Throws: `InvalidText`.
  func status(_ text: String) throws -> SingleLine {
    let line = try SingleLine(Vocabulary.status(text), field: "status")
    if line.isEmpty { throw InvalidText.empty(field: "status") }
    return line
  }

  /// The title that was given, else the body's first line.
  private func title(_ given: String?, body: Bytes) throws -> SingleLine {
    guard let given, !Bytes(given).isAllBlank else {
      return SingleLine(line: body.firstLineAsTitle)
    }
    return try title(given)
  }

  /// - Throws: `InvalidText` for more than one line, and beyond the limit.
  func title(_ given: String) throws -> SingleLine {
    let title = try SingleLine(given, field: "title")
    let limit = Int(try configuration.number(.titleLimit))
    if title.text.count > limit {
      throw InvalidText.tooLong(
        field: "title", count: title.text.count, limit: limit, unit: "characters")
    }
    return title
  }

  private func write(
    _ request: EntryRequest, _ draft: EntryDraft, isCreating: Bool, deadline: Deadline,
    completing complete: (inout EntryDraft, [Entry]) -> Void = { _, _ in }
  ) throws -> Receipt {
    let topic = try topic(request.topic)
    let via = try via(request, by: draft.agent)
    do {
      return try update(
        topic, named: request.topic, saying: parts(of: request, by: draft.agent), by: draft.agent,
        condition: request.condition, isCreating: isCreating, deadline: deadline
      ) { stored in
        try added(request, draft, via: via, to: stored, topic, isCreating, completing: complete)
      }
    } catch let error as any ExplainedError where error.isUnknown {
      throw UncertainEntry(id: draft.id, cause: error)
    }
  }

  /// The configured agent, where the call named another one to sign.
  private func via(_ request: EntryRequest, by agent: Agent) throws -> Agent? {
    if request.agent == nil { return nil }
    let configured = try configuration.identity(client: client).agent
    return configured == agent ? nil : configured
  }

  /// The words as they were given: some are written in another case.
  private func parts(of request: EntryRequest, by agent: Agent) -> [Part?] {
    [
      Part("body", request.body), Part("title", request.title),
      Part("name", request.agent ?? agent.description), Part("role", request.role),
      Part("type", request.type), Part("ball", request.ball), Part("status", request.status),
    ]
  }

  /// The change that a write makes to a thread: an entry more, unless it is there already.
  private func added(
    _ request: EntryRequest, _ draft: EntryDraft, via: Agent?, to stored: ThreadStore.Stored?,
    _ topic: Topic, _ isCreating: Bool, completing complete: (inout EntryDraft, [Entry]) -> Void
  ) throws -> ThreadChange {
    if stored == nil, !isCreating { throw StoreError.notFound(topic, nearest: []) }
    // First of all: a retry's conditions held before its entry was there.
    if let present = stored?.thread.entries.first(where: { $0.id == draft.id }) {
      let meant = Entry(draft)
      guard present.body == meant.body, present.title == meant.title else {
        throw WorkspaceError.identityTaken(draft.id, topic)
      }
      return .keep(.alreadyThere(draft.id), present)
    }
    try checkConditions(of: request, on: stored?.thread)
    var draft = draft
    // Under the lock: in the order of the entries, times do not go back.
    draft.time = .now
    if let stored { draft.after = draft.after ?? lastSeen(by: draft.agent, in: stored) }
    complete(&draft, stored?.thread.entries ?? [])
    let entry = Entry(draft)
    var thread = stored?.thread ?? newThread(topic, startedBy: draft)
    thread.add(entry, topic: stored?.topic ?? topic)
    var written = ThreadChange.Written(thread, .added(draft.id), entry: entry)
    written.via = via
    return .write(written)
  }

  /// The last entry of a thread that a writer had seen; nil if it has no ID, or was none.
  private func lastSeen(by agent: Agent, in stored: ThreadStore.Stored) -> EntryID? {
    let entries = stored.thread.entries
    let place = SeenMarks(of: agent, in: readerDirectory).seen(of: stored.topic, in: entries).place
    return place > 0 ? entries[place - 1].id : nil
  }

  private func newThread(_ topic: Topic, startedBy draft: EntryDraft) -> Thread {
    Thread(
      topic: topic, title: draft.title ?? SingleLine(line: Bytes(topic.name)),
      status: draft.status ?? SingleLine(line: Bytes("OPEN")), ball: draft.ball ?? draft.agent,
      created: draft.time)
  }

  private func checkConditions(of request: EntryRequest, on thread: Thread?) throws {
    if let ifBall = request.ifBall {
      let expected = try Agent(ifBall, field: "ball")
      guard let ball = thread?.ball, ball.answers(to: expected) else {
        throw WorkspaceError.ballElsewhere(expected: expected, actual: thread?.ball)
      }
    }
    if let expect = request.expect {
      guard let id = EntryID(expect) else { throw WorkspaceError.invalidEntryID(expect) }
      let last = thread?.entries.last?.id
      if last != id { throw WorkspaceError.unexpectedEntry(expected: "\(id)", actual: last) }
    }
  }

  // MARK: - One write

  /// Changes one thread and says what became of it: here, or in the remote too.
  /// - Parameters:
  ///   - name: The topic as it was given.
  ///   - parts: All other words that it is to write.
  ///   - condition: What the change checks, in words, if it checks anything.
  ///   - isCreating: Whether the thread may be made by it.
  func update(
    _ topic: Topic, named name: String, saying parts: [Part?], by agent: Agent,
    condition: String? = nil, isCreating: Bool, deadline: Deadline,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> Receipt {
    try refuseSecrets(in: [Part("topic", name)] + parts)
    try expectThread(topic, isCreating: isCreating, deadline: deadline)
    let notes =
      name.lowercased() == topic.name.lowercased()
      ? [] : ["the topic '\(name.onOneLine)' is written '\(topic)'"]
    guard let sync = try sync(deadline: deadline) else {
      let outcome = try store.apply(to: topic, deadline: deadline) { stored in
        try checkIsLocal()
        return try change(stored)
      }
      if let unflushed = outcome.unflushed { throw unflushed }
      var delivery = Delivery.local
      delivery.notes = self.notes + notes
      return Receipt(outcome, delivery)
    }
    var (outcome, delivery) =
      if let condition {
        try sync.writeConditionally(
          topic, by: agent, condition: condition, deadline: deadline, change)
      } else {
        try sync.write(topic, by: agent, deadline: deadline, change)
      }
    delivery.notes += notes
    return Receipt(outcome, delivery)
  }

  /// Makes sure, under the lock, that nobody has shared the threads since they were found.
  private func checkIsLocal() throws {
    let repository = try? GitDirectory.at(directory.path)
    let isShared = try repository.map { try StoreMark.of(gitDirectory: $0.own) != nil } ?? false
    if try isShared || !FileStatus.exists(directory.path) {
      throw StoreError.moved(directory.path)
    }
  }

  /// Makes sure, before anything is written, that there is a thread or that one may be made. In the
  /// cloud a thread that is not here may be there: that is asked first.
  private func expectThread(_ topic: Topic, isCreating: Bool, deadline: Deadline) throws {
    if isCreating {
      if !isCloud { try store.makeDirectory() }
      return
    }
    do {
      _ = try store.read(topic)
    } catch StoreError.notFound where isCloud {
      _ = try refreshed(deadline: deadline).store.read(topic)
    }
  }
}

extension Bytes {
  /// The first line with words in it, without Markdown's heading marks, cut to 80 characters.
  fileprivate var firstLineAsTitle: Bytes {
    let line = lines.first { !$0.isAllBlank } ?? []
    let words = line.drop { $0 == UInt8(ascii: "#") }.trimmed
    let allowed = words.string.unicodeScalars.map { scalar -> Unicode.Scalar in
      (try? SingleLine(String(scalar), field: "title")) == nil ? " " : scalar
    }
    var text = String(String.UnicodeScalarView(allowed))
    if text.count > 80 { text = text.prefix(79) + "…" }
    return Bytes(text)
  }
}
