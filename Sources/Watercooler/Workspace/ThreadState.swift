package import Platform

extension Workspace {
  /// Makes a thread without entries, or, with a body, with text before the first one.
  package func initThread(
    _ name: String, title: String?, status: String?, ball: String?, body: String?,
    deadline: Deadline
  ) throws -> Receipt {
    let topic = try topic(name)
    let title = try title.map { try self.title($0) } ?? SingleLine(line: Bytes(topic.name))
    let status = try SingleLine(status ?? "OPEN", field: "status")
    if status.isEmpty { throw InvalidText.empty(field: "status") }
    let agent = try configuration.agent(named: nil, client: client)
    let ball = try ball.map { try Agent($0, field: "ball") } ?? agent
    let body = try self.body(body ?? "")
    let parts = [
      Part("title", title.text), Part("status", status.text), Part("ball", ball.description),
      Part("body", body),
    ]
    return try update(
      topic, named: name, saying: parts, by: agent, isCreating: true, deadline: deadline
    ) { stored in
      if stored != nil { return .keep(.unchanged, nil) }
      var thread = Thread(topic: topic, title: title, status: status, ball: ball, created: .now)
      if !body.isEmpty { thread.preamble += Bytes("\n") + BodyQuoting.quoted(body) + Bytes("\n") }
      return .write(.init(thread, .created))
    }
  }

  /// Sets the status, without an entry.
  /// - Throws: `StoreError.notFound` for an unknown topic.
  package func setStatus(
    _ name: String, to status: String, deadline: Deadline
  ) throws -> Receipt {
    let line = try self.status(status)
    return try set(
      "status", to: line.text, given: status, of: name, isCreating: false, deadline: deadline)
  }

  /// Gives the ball to somebody, without an entry.
  /// - Parameter isCreating: Whether an unknown topic is made; else it is `StoreError.notFound`.
  package func setBall(
    _ name: String, to ball: String, isCreating: Bool = false, deadline: Deadline
  ) throws -> Receipt {
    let agent = try Agent(ball, field: "ball")
    return try set(
      "ball", to: agent.description, given: ball, of: name, isCreating: isCreating,
      deadline: deadline)
  }

  private func set(
    _ key: String, to value: String, given text: String, of name: String, isCreating: Bool,
    deadline: Deadline
  ) throws -> Receipt {
    let topic = try topic(name)
    let agent = try configuration.agent(named: nil, client: client)
    return try update(
      topic, named: name, saying: [Part(key, text)], by: agent, isCreating: isCreating,
      deadline: deadline
    ) { stored in
      if stored == nil, !isCreating { throw StoreError.notFound(topic, nearest: []) }
      // By bytes: strings that only look the same are not.
      if let stored, stored.thread[key].map(Bytes.init) == Bytes(value) {
        return .keep(.unchanged, nil)
      }
      var thread =
        stored?.thread
        ?? Thread(
          topic: topic, title: SingleLine(line: Bytes(topic.name)),
          status: SingleLine(line: Bytes("OPEN")), ball: Agent(SingleLine(line: Bytes("Team"))),
          created: .now)
      thread.set(key, to: value, at: .now, topic: stored?.topic ?? topic)
      return .write(.init(thread, stored == nil ? .created : .changed))
    }
  }
}
