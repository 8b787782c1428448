internal import Platform

extension CommandDescription {
  static let say = CommandDescription(
    "say", aliases: ["append-entry"], "add an entry, and pass the ball on",
    details: [
      "Without a body it is what comes through a pipe; on a terminal, $VISUAL or $EDITOR opens."
    ],
    arguments: [.required("TOPIC"), .optional("-")], options: EntryOptions.all,
    examples: [
      #"\#(programName) say release-plan -m "Shall we ship on Friday?""#,
      #"\#(programName) say release-plan -t "Test results" -F results.md --role tester --ball Claude"#,
    ]
  ) { invocation in
    try EntryOptions.write(invocation, dashAt: 1, isEdited: true) { workspace, request, deadline in
      try workspace.say(request, deadline: deadline)
    }
  }

  static let acknowledge = CommandDescription(
    "ack", "add a short entry, and leave the ball where it is",
    arguments: [.required("TOPIC"), .optional("-")], options: EntryOptions.all,
    examples: [
      "\(programName) ack release-plan",
      #"\#(programName) ack release-plan -m "Will look tomorrow""#,
    ]
  ) { invocation in
    try EntryOptions.write(invocation, dashAt: 1) { workspace, request, deadline in
      try workspace.acknowledge(request, deadline: deadline)
    }
  }

  static let handOff = CommandDescription(
    "handoff", "hand the ball to somebody, with a note",
    arguments: [.required("TOPIC"), .optional("AGENT")], options: EntryOptions.all,
    examples: [
      "\(programName) handoff release-plan Codex",
      #"\#(programName) handoff release-plan -m "Yours: the tests""#,
    ]
  ) { invocation in
    try EntryOptions.write(invocation) { workspace, request, deadline in
      var request = request
      if invocation.arguments.count > 1 { request.ball = invocation.arguments[1] }
      // Scripts of the Python CLI say nowhere who they are: it is whoever has the ball.
      let isOfHolder = try request.agent == nil && !workspace.isAgentConfigured
      return try workspace.handOff(request, isOfHolder: isOfHolder, deadline: deadline)
    }
  }

  static let status = CommandDescription(
    "status", aliases: ["set-status"], "set a thread's status",
    arguments: [.required("TOPIC"), .required("STATUS")], options: [.requirePush, .allowSecret],
    examples: [
      "\(programName) status release-plan IN_REVIEW", "\(programName) status release-plan closed",
    ]
  ) { invocation in
    let workspace = try invocation.workspace()
    let receipt = try workspace.setStatus(
      invocation.arguments[0], to: invocation.arguments[1],
      deadline: try workspace.configuration.deadline())
    return try invocation.print(receipt)
  }

  static let ball = CommandDescription(
    "ball", aliases: ["set-ball"], "give the ball to somebody, without an entry",
    arguments: [.required("TOPIC"), .required("AGENT")], options: [.requirePush, .allowSecret],
    examples: [
      "\(programName) ball release-plan Claude",
      "\(programName) ball release-plan 'Claude (alice)'",
    ]
  ) { invocation in
    let workspace = try invocation.workspace()
    // Scripts of the Python CLI count on set-ball to make a thread; typed by hand it would be a slip.
    let receipt = try workspace.setBall(
      invocation.arguments[0], to: invocation.arguments[1],
      isCreating: invocation.calledAs == "set-ball",
      deadline: try workspace.configuration.deadline())
    return try invocation.print(receipt)
  }

  static let initThread = CommandDescription(
    "init-thread", "make a thread without entries", arguments: [.required("TOPIC")],
    options: [
      CommandOption("--title", "-t", value: "TITLE", help: "the title"),
      CommandOption("--status", value: "STATUS", help: "the status; OPEN by default"),
      CommandOption("--ball", value: "AGENT", help: "who has the ball; you by default"),
      CommandOption("--owner", value: "NAME", help: "accepted for the Python CLI, and not used"),
      CommandOption(
        "--participants", value: "NAMES", help: "accepted for the Python CLI, and not used"),
    ] + BodyArgument.options + [.allowSecret],
    examples: [
      "\(programName) init-thread release-plan",
      "\(programName) init-thread bug-7 --ball Codex --title 'Crash'",
    ]
  ) { invocation in
    let workspace = try invocation.workspace()
    let receipt = try workspace.initThread(
      invocation.arguments[0], title: invocation.value("--title"),
      status: invocation.value("--status"), ball: invocation.value("--ball"),
      body: try BodyArgument.text(of: invocation),
      deadline: try workspace.configuration.deadline())
    return try invocation.print(receipt)
  }
}

/// The options and the work that the commands which write an entry have in common.
enum EntryOptions {
  static let all =
    [
      CommandOption(
        "-t", "--title", value: "TITLE", help: "the title; the body's first line by default")
    ] + BodyArgument.options + [
      CommandOption("--role", value: "ROLE", help: Vocabulary.roles.joined(separator: ", ")),
      CommandOption("--type", value: "TYPE", help: Vocabulary.types.joined(separator: ", ")),
      CommandOption("--ball", value: "AGENT", help: "who gets the ball"),
      CommandOption("--status", value: "STATUS", help: "the thread's new status"),
      CommandOption.agent,
      CommandOption("--if-ball", value: "AGENT", help: "write only if AGENT has the ball"),
      CommandOption("--expect", value: "ID", help: "write only if the last entry is ID"),
      CommandOption(
        "--entry-id", value: "ID", help: "the new entry's ID: a retry is no second entry"),
      .requirePush, .allowSecret,
    ]

  /// - Parameter isEdited: Whether a person who gives no body gets an editor for it.
  static func write(
    _ invocation: Invocation, dashAt index: Int? = nil, isEdited: Bool = false,
    _ operation: (Workspace, EntryRequest, Deadline) throws -> Receipt
  ) throws -> ExitCode {
    let workspace = try invocation.workspace()
    guard let body = try BodyArgument.text(of: invocation, dashAt: index) else {
      guard isEdited, invocation.terminal.isInteractive else {
        let piped = isEdited ? try BodyArgument.piped(into: invocation) : nil
        return try write(invocation, body: piped ?? "", workspace, operation)
      }
      return try EditedBody(invocation, workspace).write { body in
        try write(invocation, body: body, workspace, operation)
      }
    }
    return try write(invocation, body: body, workspace, operation)
  }

  private static func write(
    _ invocation: Invocation, body: String, _ workspace: Workspace,
    _ operation: (Workspace, EntryRequest, Deadline) throws -> Receipt
  ) throws -> ExitCode {
    var request = EntryRequest(topic: invocation.arguments[0], body: body)
    request.title = invocation.value("-t")
    request.role = invocation.value("--role")
    request.type = invocation.value("--type")
    request.ball = invocation.value("--ball")
    request.status = invocation.value("--status")
    request.agent = invocation.value("--as")
    request.entryID = invocation.value("--entry-id")
    request.ifBall = invocation.value("--if-ball")
    request.expect = invocation.value("--expect")
    let deadline = try workspace.configuration.deadline()
    return try invocation.print(try operation(workspace, request, deadline))
  }
}

extension Invocation {
  /// Prints the thread's path, which is what scripts want, and to a person what happened.
  func print(_ receipt: Receipt) throws -> ExitCode {
    let view = ReceiptView(receipt)
    let id = receipt.entryID.map { "Entry-ID \($0); " } ?? ""
    do {
      let done = "it was written: \(view.sentence) (\(id)\(view.state.onOneLine))"
      try OutputError.saying(done) {
        try print(receipt.path + "\n", json: [JSON.Member("receipt", view.json)])
      }
    } catch is OutputClosed {
      // Nobody reads the path; the exit code and standard error say the rest.
    }
    // A change that has not got to where it should be is said to scripts too.
    if terminal.isErrorTerminal {
      terminal.say("\(view.sentence)\n\(view.state)")
    } else if ![.local, .pushed].contains(receipt.delivery.state) {
      terminal.say(view.state)
    } else if !receipt.delivery.notes.isEmpty {
      terminal.say(DeliveryView(receipt.delivery).notes.joined(separator: "\n"))
    }
    let isOut = receipt.delivery.state == .pushed
    return has("--require-push") && !isOut ? .notPushed : .done
  }
}
