internal import MCP
internal import Platform

extension Toolbox {
  private static let updatesSchema: JSON = [
    "threads": ["type": "array", "items": ["type": "object"]], "count": ["type": "integer"],
    "total": ["type": "integer"], "next_cursor": ["type": ["string", "null"]],
    "next_cursor_note": ["type": ["string", "null"]],
    "unread": ["type": "array", "items": ["type": "object"]],
    "removed": ["type": "array", "items": ["type": "object"]],
    ForeignWords.name: ["type": "string"],
  ]
  private static let agent = ToolArgument.text(
    "agent", "whose updates, if not yours")

  var listUpdates: Tool {
    tool(
      "list_updates", "List updates",
      "What others wrote that you have not seen yet, whole entries, thread by thread. What is shown "
        + "counts as seen. Use it to catch up.",
      arguments: [
        .text("since", "instead: since an earlier next_cursor, a commit, a time or 2h"),
        ToolArgument(name: "topics", kind: .strings, summary: "only in these threads"),
        .number("limit", "at most so many entries", standard: 50), Self.agent,
      ],
      output: Self.updatesSchema, reads: true, isIdempotent: false
    ) { workspace, arguments, context in
      let workspace = try workspace.acting(as: try arguments.text("agent"))
      let updates = try workspace.updates(
        since: try arguments.text("since"), topics: try arguments.texts("topics"),
        limit: try arguments.number("limit") ?? 50)
      return try Self.shown(updates, in: workspace, context)
    }
  }

  /// The longest wait of one call: clients give a tool a minute.
  private static let longestWait = 45

  var wait: Tool {
    tool(
      "wait", "Wait",
      "Wait until others have written something that you have not seen, or until it is your turn; "
        + "returns at once if that is so. Call again if nothing came.",
      arguments: [
        .text("topic", "only in this thread; in any by default"),
        .text(
          "for", "ball: your turn", choices: Awaited.allCases.map(\.rawValue),
          standard: Awaited.update.rawValue),
        .text("since", "as for list_updates"),
        .number("timeout_s", "seconds, at most as by default", standard: Self.longestWait),
        Self.agent,
      ],
      output: Self.updatesSchema, isIdempotent: false, timeLimit: .seconds(Self.longestWait + 15)
    ) { workspace, arguments, context in
      let workspace = try workspace.acting(as: try arguments.text("agent"))
      let text = try arguments.text("for") ?? Awaited.update.rawValue
      guard let awaited = Awaited(rawValue: text.lowercased()) else {
        throw ToolArgumentError("for", .string(text), "update or ball")
      }
      let seconds = min(try arguments.number("timeout_s") ?? Self.longestWait, Self.longestWait)
      let topic = try arguments.text("topic")
      let place = topic.map { "'\($0)'" } ?? "any thread"
      let words = "waiting for \(awaited == .ball ? "your turn" : "news") in \(place)"
      func describe() { context.progress.describe(words, total: seconds) }
      describe()
      let waited = try workspace.wait(
        for: awaited, topic: topic, since: try arguments.text("since"),
        deadline: context.deadline.limited(to: .seconds(seconds)),
        progress: { _ in describe() })
      switch waited {
      case .came(let updates):
        return Self.adding(updates.freshness, to: try Self.shown(updates, in: workspace, context))
      case .timeIsUp(let updates):
        return Self.adding(
          updates.freshness, to: try Self.nothing(updates, in: seconds, workspace, context))
      }
    }
  }

  /// That nothing came in so many seconds, and whether anything could not be looked at.
  private static func nothing(
    _ updates: Updates, in seconds: Int, _ workspace: Workspace, _ context: CallContext
  ) throws -> ToolResult {
    var result = try shown(updates, in: workspace, context)
    let isWhole = updates.unread.isEmpty && updates.freshness?.problem == nil
    let notes = UpdatesView(updates).notes
    let note = updates.cursorNote ?? "nothing came: ask again as before"
    let own = ["next_cursor": .null, "next_cursor_note": .string(note)] as [String: JSON]
    let members = (result.structured?.object ?? []).map { member in
      own[member.name].map { JSON.Member(member.name, $0) } ?? member
    }
    let whenShown = result.whenShown
    result = ToolResult(
      text: "Nothing came in \(seconds) s\(isWhole ? "" : " that could be seen from here"). "
        + "Call again to go on waiting." + (notes.isEmpty ? "" : "\n\n\(notes)"),
      structured: .object(members + [JSON.Member("timed_out", true)]))
    result.whenShown = whenShown
    return result
  }

  /// Updates as a reply; what it holds counts as seen, unless nobody gets it.
  private static func shown(
    _ updates: Updates, in workspace: Workspace, _ context: CallContext
  ) throws -> ToolResult {
    let view = UpdatesView(updates, size: ReplyRoom.standard)
    if context.deadline.cancellation.isCancelled { throw Interruption.cancelled }
    var result = ToolResult(
      text: view.markdown, structured: ForeignWords.announced(in: view.json))
    if view.shown.areNoted {
      result.whenShown = { workspace.markSeen(view.shown) }
    }
    return result
  }
}
