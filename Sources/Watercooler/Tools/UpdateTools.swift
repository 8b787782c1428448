extension Toolbox {
  private static let updatesSchema: JSON = [
    "threads": ["type": "array", "items": ["type": "object"]], "count": ["type": "integer"],
    "total": ["type": "integer"], "next_cursor": ["type": ["string", "null"]],
  ]
  private static let agent = ToolArgument.text(
    "agent", "whose updates, if not the configured agent's")

  var listUpdates: Tool {
    tool(
      "list_updates", "List updates",
      "What others wrote that you have not seen yet, whole entries, thread by thread. What is shown "
        + "counts as seen. Use it to catch up.",
      arguments: [
        .text("since", "instead: since an earlier next_cursor, a commit, a time or 2h"),
        ToolArgument(name: "topics", kind: .strings, summary: "only in these threads"),
        .number("limit", "at most so many entries; 50 by default"), Self.agent,
      ],
      output: Self.updatesSchema, reads: true
    ) { workspace, arguments, context in
      let workspace = try workspace.signing(as: try arguments.text("agent"))
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
        + "returns at once if that is so. Use it to wait for an answer; call again if nothing came.",
      arguments: [
        .text("topic", "only in this thread; in any by default"),
        .text(
          "for", "update by default; ball: your turn", choices: Awaited.allCases.map(\.rawValue)),
        .text("since", "as for list_updates"),
        .number("timeout_s", "at most \(Self.longestWait) seconds, as by default"), Self.agent,
      ],
      output: Self.updatesSchema, timeLimit: .seconds(Self.longestWait + 15)
    ) { workspace, arguments, context in
      let workspace = try workspace.signing(as: try arguments.text("agent"))
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
      let updates = try workspace.wait(
        for: awaited, topic: topic, since: try arguments.text("since"),
        deadline: context.deadline.limited(to: .seconds(seconds)),
        progress: { _ in describe() })
      guard let updates else {
        return ToolResult(
          text: "Nothing came in \(seconds) s. Call again to go on waiting.",
          structured: [
            "threads": [], "count": 0, "total": 0, "next_cursor": .null, "timed_out": true,
          ])
      }
      return try Self.shown(updates, in: workspace, context)
    }
  }

  /// Updates as a reply; what it holds counts as seen, unless nobody gets it.
  private static func shown(
    _ updates: Updates, in workspace: Workspace, _ context: CallContext
  ) throws -> ToolResult {
    let view = UpdatesView(updates, size: ReplyRoom.standard)
    if context.deadline.cancellation.isCancelled { throw Interruption.cancelled }
    workspace.markSeen(view.shown)
    return ToolResult(text: view.markdown, structured: view.json)
  }
}
