internal import MCP
internal import Platform

extension Toolbox {
  var readThread: Tool {
    tool(
      "read_thread", "Read a thread",
      "Read a thread: the whole of it if it fits, else its last page. Use it before you answer, "
        + "and to catch up.",
      arguments: [
        .required("topic", "the thread's name"),
        .number("from_entry", "from this entry on; the first is 0"),
        .number("limit", "at most so many entries", standard: 100),
        .text("since", "only what came after this Entry-ID or time"),
        .text(
          "format", "how the reply reads", choices: ["markdown", "json"], standard: "markdown"),
        .number("max_chars", "the longest reply", standard: ReplyRoom.standard),
      ],
      output: [
        "topic": ["type": "string"], "title": ["type": "string"], "status": ["type": "string"],
        "ball": ["type": ["string", "null"]], "entry_count": ["type": "integer"],
        "next_from": ["type": ["integer", "null"]], ForeignWords.name: ["type": "string"],
        "entries": ["type": "array", "items": ["type": "object"]],
      ], reads: true, isIdempotent: false
    ) { workspace, arguments, _ in
      let page = try Self.page(workspace, arguments)
      let structured = ForeignWords.announced(in: page.json)
      let isJSON = try arguments.wantsJSON()
      var result = ToolResult(
        text: isJSON ? structured.indented() : page.markdown, structured: structured)
      result.whenShown = { workspace.markSeen(page.reading, shown: page.whole) }
      return result
    }
  }

  private static func page(
    _ workspace: Workspace, _ arguments: ToolArguments
  ) throws -> ThreadPage {
    let limit = try arguments.number("limit") ?? 100
    let size = try arguments.number("max_chars") ?? ReplyRoom.standard
    let topic = try arguments.required("topic")
    if let from = try arguments.number("from_entry") {
      let reading = try workspace.read(topic, .from(from, limit: limit))
      return ThreadPage(reading, size: size, keeping: .first)
    }
    if let since = try arguments.text("since") {
      let selection = try EntrySelection(since: since, limit: limit)
      return ThreadPage(try workspace.read(topic, selection), size: size, keeping: .first)
    }
    return ThreadPage(try workspace.read(topic, .last(limit)), size: size, keeping: .last)
  }
}
