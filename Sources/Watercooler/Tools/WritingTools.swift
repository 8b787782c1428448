internal import MCP
internal import Platform

extension Toolbox {
  private static let topic = ToolArgument.required(
    "topic", "letters, digits, '.', '_', '-'")

  private static let entryArguments: [ToolArgument] = [
    .text("role", Vocabulary.roles.joined(separator: ", ")),
    .text("entry_type", Vocabulary.types.joined(separator: ", ")),
    .text("ball", "who gets the ball"),
    .text("status", "the thread's new status"),
    .text("agent", "who writes, if not you"),
    .text("entry_id", "a ULID of yours; a repeated call adds nothing"),
    .text("if_ball", "only if this agent has the ball"),
    .text("expect", "only if the last entry has this Entry-ID"),
  ]

  private static let receipt: JSON = [
    "topic": ["type": "string"], "entry_id": ["type": ["string", "null"]],
    "state": [
      "type": "string", "enum": .array(Delivery.State.allCases.map { .string($0.rawValue) }),
    ],
    "written": ["type": "boolean"], "commit": ["type": ["string", "null"]],
    "attempts": ["type": "integer"], "arrived": ["type": "array", "items": ["type": "object"]],
    "waiting": ["type": "integer"], "problem": ["type": ["string", "null"]],
    "ball": ["type": ["string", "null"]], "status": ["type": "string"],
    "entry_count": ["type": "integer"], "path": ["type": "string"],
  ]

  var say: Tool {
    tool(
      "say", "Say",
      "Add an entry to a thread and pass the ball to the counterpart (or to `ball`). Makes the "
        + "thread if there is none. Use it to answer, report, ask or decide.",
      arguments: [
        Self.topic, .required("title", "one line: what this entry says"),
        .required("body", "the message, Markdown"),
      ] + Self.entryArguments,
      output: Self.receipt, writes: true, isIdempotent: false
    ) { workspace, arguments, context in
      _ = try arguments.required("body")
      let receipt = try workspace.say(try request(arguments), deadline: context.deadline)
      return Self.result(receipt, done: "Entry added to", ball: "Ball flipped to")
    }
  }

  var acknowledge: Tool {
    tool(
      "ack", "Acknowledge",
      "Add a short entry and leave the ball where it is: seen, will answer later.",
      arguments: [Self.topic, .text("title", "Ack by default"), .text("body", "ack by default")]
        + Self.entryArguments,
      output: Self.receipt, writes: true, isIdempotent: false
    ) { workspace, arguments, context in
      let receipt = try workspace.acknowledge(
        try request(arguments), deadline: context.deadline)
      return Self.result(receipt, done: "Acknowledged", ball: "Ball remains with")
    }
  }

  var handOff: Tool {
    tool(
      "handoff", "Hand off",
      "Hand the ball to another agent or person, with a note on what is theirs to do.",
      arguments: [
        Self.topic, .text("note", "what they should know"),
        .text("target_agent", "who gets the ball; the counterpart by default"),
      ] + Self.entryArguments.filter { $0.name != "ball" },
      output: Self.receipt, writes: true, isIdempotent: false
    ) { workspace, arguments, context in
      var request = try request(arguments)
      request.body = try arguments.text("note") ?? ""
      request.ball = try arguments.text("target_agent") ?? request.ball
      let receipt = try workspace.handOff(request, deadline: context.deadline)
      return Self.result(receipt, done: nil, ball: "Ball handed off to")
    }
  }

  var setStatus: Tool {
    tool(
      "set_status", "Set status",
      "Set a thread's status without an entry: \(Vocabulary.statuses.joined(separator: ", ")).",
      arguments: [Self.topic, .required("status", "the new status")],
      output: Self.receipt, writes: true
    ) { workspace, arguments, context in
      let receipt = try workspace.setStatus(
        try arguments.required("topic"), to: try arguments.required("status"),
        deadline: context.deadline)
      return Self.result(receipt, done: "Status updated for", ball: "Ball remains with")
    }
  }

  var setBall: Tool {
    tool(
      "set_ball", "Set ball", "Give the ball to somebody without an entry.",
      arguments: [Self.topic, .required("ball", "who gets it")],
      output: Self.receipt, writes: true
    ) { workspace, arguments, context in
      let receipt = try workspace.setBall(
        try arguments.required("topic"), to: try arguments.required("ball"),
        deadline: context.deadline)
      return Self.result(receipt, done: "Ball updated for", ball: "Ball is with")
    }
  }

  private func request(_ arguments: ToolArguments) throws -> EntryRequest {
    var request = EntryRequest(
      topic: try arguments.required("topic"), body: try arguments.text("body") ?? "")
    request.title = try arguments.text("title")
    request.role = try arguments.text("role")
    request.type = try arguments.text("entry_type")
    request.ball = try arguments.text("ball")
    request.status = try arguments.text("status")
    request.agent = try arguments.text("agent")
    let id = try arguments.text("entry_id") ?? EntryID.make().description
    request.entryID = id
    // Before it is written: who watches must not take it for somebody else's.
    if let id = EntryID(id) { written?.insert(id) }
    request.ifBall = try arguments.text("if_ball")
    request.expect = try arguments.text("expect")
    return request
  }

  /// The words that prompts in the field know, then the receipt. The tick stands only before what was
  /// written.
  /// - Parameter done: What was done to the thread; nil where the ball says it.
  private static func result(_ receipt: Receipt, done: String?, ball: String) -> ToolResult {
    let view = ReceiptView(receipt)
    let ballLine = "\(ball): \(receipt.ball?.description ?? "nobody")"
    var lines: [String] = []
    switch receipt.action {
    case .added, .changed, .created:
      lines.append("✅ " + (done.map { "\($0) '\(receipt.topic)'" } ?? ballLine))
    case .alreadyThere:
      lines.append("That entry is in '\(receipt.topic)' already: nothing was added")
    case .unchanged: lines.append("'\(receipt.topic)' was so already: nothing was changed")
    }
    if let entry = receipt.entry {
      lines.append("Title: \(entry.title?.text ?? "")")
      lines.append("Role: \(entry.role?.text ?? "none") | Type: \(entry.type?.text ?? "none")")
    }
    if done != nil || !view.isWritten { lines.append(ballLine) }
    lines.append("Status: \(receipt.status)")
    if let id = receipt.entryID { lines.append("Entry-ID: \(id)") }
    // A head's values may have been quoted with a line feed in them.
    lines = lines.map(\.onOneLine) + [view.state]
    return ToolResult(text: lines.joined(separator: "\n"), structured: view.json)
  }
}
