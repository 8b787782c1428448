internal import Platform

extension CommandDescription {
  static let updates = CommandDescription(
    "updates", "show what you have not seen; then it counts as seen",
    options: [
      .since,
      CommandOption(
        "--topic", value: "TOPIC", help: "only in this thread; may be given several times"),
      CommandOption("--limit", value: "N", help: "at most N entries; the others stay unseen"),
      .reader, .color, .noPager,
    ],
    examples: ["\(programName) updates", "\(programName) updates --since 2h --topic release-plan"]
  ) { invocation in
    let workspace = try invocation.freshWorkspace().acting(as: invocation.value("--as"))
    let updates = try workspace.updates(
      since: invocation.value("--since"), topics: invocation.values["--topic"] ?? [],
      limit: try invocation.number("--limit") ?? .max)
    try invocation.show(updates, in: workspace, isPaged: true)
    return .done
  }

  static let wait = CommandDescription(
    "wait", "wait for what you have not seen, or for your turn", arguments: [.optional("TOPIC")],
    options: [
      CommandOption("--ball", value: "me", help: "for the ball, in an open thread"),
      CommandOption(
        "--timeout", value: "TIME", help: "at most so long: 90, 90s, 10m or 2h; 10m by default"),
      .since, .reader, .color,
    ],
    exits: [.conditionNotMet],
    examples: [
      "\(programName) wait release-plan --ball me",
      "\(programName) wait --timeout 2h && notify-send Threads",
    ]
  ) { invocation in
    let timeout = try invocation.timeout()
    let workspace = try invocation.workspace().acting(as: invocation.value("--as"))
    let isForBall = try invocation.isForBall(of: workspace)
    let deadline = Deadline.after(timeout.duration, cancellation: try invocation.cancellation())
    if invocation.terminal.isErrorTerminal {
      let what = isForBall ? "your turn" : "updates"
      invocation.terminal.say("waiting for \(what), at most \(timeout.text); Ctrl-C ends it")
    }
    let waited = try workspace.wait(
      for: isForBall ? .ball : .update, topic: invocation.arguments.first,
      since: invocation.value("--since"), deadline: deadline,
      trouble: { invocation.terminal.say("\($0.message); still waiting") })
    var fresh = workspace
    switch waited {
    case .came(let updates):
      fresh.freshness = updates.freshness
      if let text = updates.freshness.flatMap({ FreshnessView($0).text }) {
        invocation.terminal.say(text)
      }
      try invocation.show(updates, in: fresh)
      return .done
    case .timeIsUp(let updates):
      fresh.freshness = updates.freshness
      try invocation.showNothing(updates, in: fresh, within: timeout.text)
      return .conditionNotMet
    }
  }
}

extension CommandOption {
  fileprivate static let since = CommandOption(
    "--since", value: "PLACE",
    help: "instead: since a next_cursor, a commit, a time, 2h or an Entry-ID")
}

extension Invocation {
  /// Prints updates; what is shown counts as seen, and that is said.
  fileprivate func show(
    _ updates: Updates, in workspace: Workspace, isPaged: Bool = false
  ) throws {
    let view = UpdatesView(updates)
    let reader = try workspace.identity().agent
    let isTaken = try print(
      screen: { view.screen(width: $0.width) }, text: { view.markdown },
      json: {
        [JSON.Member("updates", view.json), JSON.Member("reader", .string(reader.description))]
          + freshness(workspace)
      }, isPaged: isPaged)
    if !isTaken { return }
    workspace.markSeen(view.shown)
    if terminal.isErrorTerminal, updates.count > 0 {
      let what = updates.count == 1 ? "this entry counts" : "these \(updates.count) entries count"
      terminal.say("\(what) as seen by \(reader) now")
    }
  }

  /// Says that nothing came, and whether anything could not be looked at.
  fileprivate func showNothing(
    _ updates: Updates, in workspace: Workspace, within timeout: String
  ) throws {
    let view = UpdatesView(updates)
    try print(
      "",
      json: [
        JSON.Member("updates", .null), JSON.Member("unread", UnreadView(updates.unread).json),
        JSON.Member("removed", RemovedView(updates.removed).json),
      ] + freshness(workspace))
    let isWhole = updates.unread.isEmpty && updates.freshness?.problem == nil
    terminal.say("nothing came within \(timeout)\(isWhole ? "" : " that could be seen from here")")
    let lines = [view.notes, workspace.freshness.flatMap { FreshnessView($0).text } ?? ""]
    for text in lines where !text.isEmpty {
      terminal.say(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }
    workspace.markSeen(updates)
  }

  fileprivate func timeout() throws -> (text: String, duration: Duration) {
    let text = value("--timeout") ?? "10m"
    guard let duration = Duration(text), duration > .zero else {
      throw UsageError.badValue(
        option: "--timeout", value: text, expected: "a time such as 90s, 10m or 2h")
    }
    return (text, duration)
  }

  /// Whether the ball is waited for: one's own, by `me` or by name.
  fileprivate func isForBall(of workspace: Workspace) throws -> Bool {
    guard let holder = value("--ball") else { return false }
    let reader = try workspace.identity().agent
    let named = try Agent(holder, field: "ball")
    guard holder.lowercased() == "me" || reader.answers(to: named) else {
      throw UsageError.badValue(
        option: "--ball", value: holder, expected: "'me'; to wait as somebody else: --as AGENT")
    }
    return true
  }
}
