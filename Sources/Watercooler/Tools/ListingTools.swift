internal import MCP
internal import Platform

extension Toolbox {
  var listThreads: Tool {
    tool(
      "list_threads", "List threads",
      "List the threads: your turn, new, waiting on others, closed. Use it to see what is to do.",
      arguments: [
        .flag("open_only", "leave closed ones out"),
        .flag("mine", "only those where you have the ball"),
        .number("limit", "at most so many", standard: 100),
        .text("cursor", "next_cursor of the page before"),
        .text("agent", "whose turn, if not yours"),
        .text(
          "format", "how the reply reads", choices: ["markdown", "json"], standard: "markdown"),
      ],
      output: [
        "threads": ["type": "array", "items": ["type": "object"]],
        "total": ["type": "integer"], "next_cursor": ["type": ["string", "null"]],
        ForeignWords.name: ["type": "string"],
      ], reads: true
    ) { workspace, arguments, _ in
      let workspace = try workspace.acting(as: try arguments.text("agent"))
      let threads = try workspace.list(
        try arguments.flag("open_only") ? .open : .all, isMine: try arguments.flag("mine"))
      let start = try Self.start(try arguments.text("cursor"))
      let wanted = try arguments.number("limit")
      let rest = threads.dropFirst(start).prefix(max(1, wanted ?? 100))
      var room = Self.room(isAskedForMore: wanted != nil)
      let page = Array(rest.prefix(max(1, room.fitting(rest, as: ListView.json))))
      let end = start + page.count
      let next = end < threads.count ? String(end) : nil
      let structured = ForeignWords.announced(in: [
        "threads": ListView(page).json, "total": JSON(threads.count), "next_cursor": JSON(next),
      ])
      if try arguments.wantsJSON() {
        return ToolResult(text: structured.indented(), structured: structured)
      }
      let more = next.map { "\n\(threads.count - end) more: call again with cursor=\($0)\n" } ?? ""
      return ToolResult(
        text: "\(ForeignWords.notice)\n\n" + ListView(page).markdown + more, structured: structured)
    }
  }

  /// The room of a list; a call that names a number may get all that a reply can hold.
  private static func room(isAskedForMore: Bool) -> ReplyRoom {
    ReplyRoom(isAskedForMore ? ReplyRoom.most : ReplyRoom.standard)
  }

  static func start(_ cursor: String?) throws -> Int {
    guard let cursor else { return 0 }
    guard let start = Int(cursor), start >= 0 else {
      throw ToolArgumentError("cursor", .string(cursor), "next_cursor of the page before")
    }
    return start
  }

  var search: Tool {
    tool(
      "search", "Search",
      "Find words in all threads, in any case.",
      arguments: [
        .required("query", "the words, as they stand together"),
        ToolArgument(name: "topics", kind: .strings, summary: "only in these threads"),
        .text("agent", "only in this agent's entries"),
        .number("limit", "at most so many lines", standard: 50),
      ],
      output: [
        "hits": ["type": "array", "items": ["type": "object"]],
        "unread": ["type": "array", "items": ["type": "object"]],
        ForeignWords.name: ["type": "string"],
      ], reads: true
    ) { workspace, arguments, _ in
      let wanted = try arguments.number("limit")
      let result = try workspace.search(
        try arguments.required("query"), topics: try arguments.texts("topics"),
        agent: try arguments.text("agent"), limit: wanted ?? 50)
      let found = result.hits.map { $0.cut(to: 300) }
      var room = Self.room(isAskedForMore: wanted != nil)
      let hits = found.prefix(room.fitting(found, as: \.json))
      var lines = hits.map { hit in
        let place = hit.entry.map { "\(hit.topic) [\($0)]" } ?? "\(hit.topic) head"
        return "\(place): \(hit.text.onOneLine)"
      }
      if !lines.isEmpty { lines.insert(ForeignWords.notice + "\n", at: 0) }
      if hits.count < found.count {
        lines.append("\(found.count - hits.count) more: name topics or an agent to see them")
      }
      let unread = UnreadView(result.unread)
      if lines.isEmpty {
        lines.append(unread.text == nil ? "No hits." : "No hits in what can be read.")
      }
      lines += [unread.text].compactMap { $0 }
      return ToolResult(
        text: lines.joined(separator: "\n"),
        structured: ForeignWords.announced(
          in: ["hits": .array(hits.map(\.json)), "unread": unread.json]))
    }
  }

  var reindex: Tool {
    tool(
      "reindex", "Index", "A Markdown table of all threads.",
      arguments: [.flag("open_only", "leave closed ones out")],
      output: ["index": ["type": "string"], ForeignWords.name: ["type": "string"]], reads: true
    ) { workspace, arguments, _ in
      let isOpenOnly = try arguments.flag("open_only")
      let threads = try workspace.list(isOpenOnly ? .open : .all)
      var room = Self.room(isAskedForMore: false)
      let shown = threads.prefix(room.fitting(threads) { .string(ListView.indexRow($0)) })
      var index = ListView(Array(shown)).index
      if shown.count < threads.count {
        index += "\n\(threads.count - shown.count) more: \(Self.prefix)list_threads has them all.\n"
      }
      return ToolResult(
        text: "\(ForeignWords.notice)\n\n" + index,
        structured: ForeignWords.announced(in: ["index": .string(index)]))
    }
  }
}
