internal import Platform

extension Invocation {
  /// Says how much waits, and since when nobody has heard of the remote.
  fileprivate func printStatus(of workspace: Workspace) throws -> ExitCode {
    let status = try workspace.syncStatus(deadline: try workspace.configuration.deadline())
    let since = status.waitingSince.map { " since \($0)" } ?? ""
    let heard =
      workspace.isCloud
      ? status.asOf.map { "the remote answered last at \($0)" } ?? "the remote was never asked"
      : "the threads are on this machine only"
    try print(
      "\(status.waiting) waiting\(since); \(heard)\n",
      json: [
        JSON.Member(
          "sync",
          [
            "waiting": JSON(status.waiting),
            "waiting_since": JSON(status.waitingSince?.description),
            "as_of": JSON(status.asOf?.description),
          ])
      ])
    return .done
  }
}

extension CommandDescription {
  static let sync = CommandDescription(
    "sync", "send what waits, and take in what others sent",
    options: [
      CommandOption("--quiet", help: "for cron: silent when all is well"),
      CommandOption(
        "--watch", value: "SECONDS", help: "go on, so often; a line when something changes"),
      CommandOption("--status", help: "only say how much waits; nothing is sent or asked"),
      CommandOption("--now", help: "accepted for the Python CLI: it is always now"),
    ],
    exits: [.notPushed],
    examples: ["\(programName) sync --quiet", "\(programName) sync --watch 60"]
  ) { invocation in
    let workspace = try invocation.workspace()
    if invocation.has("--watch") { return try invocation.watchSync(of: workspace) }
    if invocation.has("--status") { return try invocation.printStatus(of: workspace) }
    let delivery = try workspace.synchronize(deadline: try workspace.configuration.deadline())
    let view = DeliveryView(delivery)
    let isDone = delivery.state == .pushed
    if invocation.has("--quiet"), !invocation.has("--json") {
      if !isDone { invocation.terminal.say(view.text.replacing("\n", with: "; ")) }
    } else {
      let words =
        isDone && delivery.waiting == 0
        ? (["In step with the remote"] + view.notes).joined(separator: "\n") : view.text
      try invocation.print(
        isDone ? "\(words)\n" : "", json: [JSON.Member("sync", .object(view.members))])
      if !isDone { invocation.terminal.say(view.text) }
    }
    return isDone ? .done : .notPushed
  }

  static let outbox = CommandDescription(
    "outbox", "list what is not pushed yet, or take it back",
    arguments: [.optional("drop"), .optional("ID")],
    examples: ["\(programName) outbox", "\(programName) outbox drop 01M7XX0F93F0WMC16VMVX7YP8Z"]
  ) { invocation in
    let workspace = try invocation.workspace()
    let deadline = try workspace.configuration.deadline()
    if let verb = invocation.arguments.first {
      guard verb == "drop" else { throw UsageError.extraArgument(verb, command: "outbox") }
      guard invocation.arguments.count == 2 else {
        throw UsageError.missingArgument("ID", command: "outbox")
      }
      let id = invocation.arguments[1]
      let dropped = try workspace.dropFromOutbox(id, deadline: deadline)
      try OutputError.saying("it was taken back") {
        try invocation.print(
          "taken back: \(dropped.change.subject)\n",
          json: [
            JSON.Member("entry_id", JSON(EntryID(id)?.description)),
            JSON.Member("state", "dropped"),
            JSON.Member("dropped", CommitView(dropped.change).json),
            JSON.Member("notes", .array(dropped.notes.map { .string($0) })),
          ])
      }
      dropped.notes.forEach { invocation.terminal.say("Note: \($0)") }
      return .done
    }
    let waiting = try workspace.outbox(deadline: deadline).map(CommitView.init)
    try invocation.print(
      waiting.map(\.lines).joined(), json: [JSON.Member("outbox", .array(waiting.map(\.json)))])
    return .done
  }

  static let log = CommandDescription(
    "log", "list who wrote what when, the newest first", arguments: [.optional("TOPIC")],
    options: [CommandOption("--limit", value: "N", help: "at most N; 50 by default")],
    examples: ["\(programName) log", "\(programName) log release-plan --limit 10"]
  ) { invocation in
    let workspace = try invocation.freshWorkspace()
    let commits = try workspace.history(
      of: invocation.arguments.first, limit: try invocation.number("--limit") ?? 50,
      deadline: try workspace.configuration.deadline()
    ).map(CommitView.init)
    try invocation.print(
      commits.map(\.lines).joined(), json: [JSON.Member("log", .array(commits.map(\.json)))])
    return .done
  }

  static let stats = CommandDescription(
    "stats", "show how many contacts there were, and how long they took",
    options: [CommandOption("--prometheus", help: "in Prometheus' text format")],
    examples: ["\(programName) stats", "\(programName) stats --prometheus"]
  ) { invocation in
    let workspace = try invocation.workspace()
    let deadline = try workspace.configuration.deadline()
    let view = StatisticsView(
      try workspace.statistics(deadline: deadline),
      waiting: try workspace.outbox(deadline: deadline).changeCount)
    try invocation.print(
      invocation.has("--prometheus") ? view.prometheus : view.text,
      json: [JSON.Member("stats", view.json)])
    return .done
  }
}
