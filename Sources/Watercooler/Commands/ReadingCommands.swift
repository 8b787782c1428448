internal import Platform

extension CommandDescription {
  static let read = CommandDescription(
    "read", "show a thread, or one entry of it: TOPIC#N", arguments: [.required("TOPIC")],
    options: [
      CommandOption("--from", value: "N", help: "from entry N on; the first is 0"),
      CommandOption("--last", value: "N", help: "only the last N entries"),
      CommandOption("--raw", help: "the file as it is"),
      CommandOption("--body", help: "the body of TOPIC#N alone, as it was written"),
      CommandOption(
        "--follow", "-f", help: "go on with entries as they arrive; with --json a line each"),
      .reader, .color, .noPager,
    ],
    examples: [
      "\(programName) read release-plan --last 1", "\(programName) read release-plan --follow",
      "\(programName) read release-plan#0 --body",
    ]
  ) { invocation in
    let wanted = EntryReference(invocation.arguments[0])
    var selection = wanted.number.map { EntrySelection.entry($0) } ?? .all
    try invocation.checkOptions(for: wanted)
    if let last = try invocation.number("--last") { selection = .last(last) }
    if let from = try invocation.number("--from") { selection = .from(from) }
    let workspace = try invocation.freshWorkspace().acting(as: invocation.value("--as"))
    if invocation.has("--follow") { return try invocation.follow(workspace, selection) }
    let reading = try workspace.read(wanted.topic, selection)
    if invocation.has("--body") {
      let body = reading.entries.map(\.body).joined()
      try invocation.terminal.print(
        raw: Array(body) + (body.last == .lineFeed || body.isEmpty ? [] : [.lineFeed]))
      workspace.markSeen(reading)
      return .done
    }
    if invocation.has("--raw") {
      try invocation.terminal.print(raw: reading.thread.bytes)
      workspace.markSeen(reading, shown: reading.thread.entries.indices)
      return .done
    }
    let view = ThreadView(reading)
    let isTaken = try invocation.print(
      screen: { ThreadScreen(reading, width: $0.width).text }, text: { view.markdown },
      json: { [JSON.Member("thread", view.json)] + invocation.freshness(workspace) }, isPaged: true)
    if isTaken { workspace.markSeen(reading) }
    return .done
  }

  static let list = CommandDescription(
    "list", "list the threads: your turn first",
    options: [
      CommandOption("--mine", help: "only those where you have the ball"),
      CommandOption("--open", "--open-only", help: "only those that are not closed"),
      CommandOption("--closed", help: "only those that are closed"),
      CommandOption("--all", help: "open and closed ones, as by default"),
      .agent, .color,
    ],
    examples: ["\(programName) list", "\(programName) list --mine --json"]
  ) { invocation in
    let workspace = try invocation.freshWorkspace()
    let view = ListView(try invocation.listedThreads(in: workspace))
    try invocation.print(
      screen: { ListTable(view.threads, width: $0.width).text }, text: { view.tabSeparated },
      json: { [JSON.Member("threads", view.json)] + invocation.freshness(workspace) })
    return .done
  }

  static let search = CommandDescription(
    "search", "find words in all threads, in any case", arguments: [.several("WORDS")],
    options: [
      CommandOption(
        "--topic", value: "TOPIC", help: "only in this thread; may be given several times"),
      CommandOption("--by", value: "AGENT", help: "only in entries of AGENT"),
      CommandOption("--limit", value: "N", help: "at most N lines"),
      .color,
    ],
    examples: [
      "\(programName) search deadline", "\(programName) search 'ship on Friday' --by Claude",
    ]
  ) { invocation in
    let workspace = try invocation.freshWorkspace()
    let result = try workspace.search(
      invocation.arguments.joined(separator: " "), topics: invocation.values["--topic"] ?? [],
      agent: invocation.value("--by"), limit: try invocation.number("--limit") ?? .max)
    let (hits, unread) = (result.hits, UnreadView(result.unread))
    if let text = unread.text { invocation.terminal.say(text) }
    try invocation.print(
      screen: { _ in hits.map(\.styled).lines },
      text: { hits.map { "\($0.path):\($0.line): \($0.text.onOneLine)\n" }.joined() },
      json: {
        [JSON.Member("hits", .array(hits.map(\.json))), JSON.Member("unread", unread.json)]
          + invocation.freshness(workspace)
      })
    return .done
  }
}

extension Invocation {
  /// Refuses the options of `read` that would say twice, or not at all, what is wanted of it.
  fileprivate func checkOptions(for wanted: EntryReference) throws {
    let options = ["--from", "--last", "--raw", "--follow"]
    if wanted.number != nil, let option = options.first(where: has) {
      throw UsageError.unwantedTogether(arguments[0], option)
    }
    if has("--body"), wanted.number == nil {
      throw UsageError.badValue(
        option: "TOPIC", value: arguments[0], expected: "TOPIC#N, whose body is wanted")
    }
    if has("--body"), has("--json") { throw UsageError.unwantedTogether("--body", "--json") }
  }

  /// The threads that the options of `list` and its kin choose.
  func listedThreads(in workspace: Workspace) throws -> [ThreadSummary] {
    let workspace = try workspace.acting(as: value("--as"))
    let isOpen = has("--open")
    let isClosed = has("--closed")
    let chosen: ListFilter =
      has("--all") || isOpen && isClosed ? .all : isOpen ? .open : isClosed ? .closed : .all
    return try workspace.list(chosen, isMine: has("--mine"))
  }

  /// The workspace with what the remote has. A person is told what is not as it should be.
  func freshWorkspace() throws -> Workspace {
    let workspace = try workspace()
    let fresh = try workspace.refreshed(deadline: try workspace.configuration.deadline())
    if let text = fresh.freshness.flatMap({ FreshnessView($0).text }) { terminal.say(text) }
    return fresh
  }

  /// The member on its freshness that the JSON of a reading has besides; none in local mode.
  func freshness(_ workspace: Workspace) -> [JSON.Member] {
    workspace.freshness.map { [JSON.Member("freshness", FreshnessView($0).json)] } ?? []
  }
}
