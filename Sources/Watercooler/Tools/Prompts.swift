internal import MCP
internal import Platform

extension Toolbox {
  /// The texts that a person may have a model begin with. Those about threads that are there show how these
  /// stand, so that the model need not ask first.
  var prompts: [Prompt] {
    [catchUp, startThread, reviewAndReply, handOffPrompt].map { prompt in
      Prompt(
        name: prompt.name, title: prompt.title, description: prompt.description,
        arguments: prompt.arguments
      ) { try prompt.text($0, $1).harmless }
    }
  }

  private static let topic = Prompt.Argument("topic", "the thread's name", isRequired: true)

  private var catchUp: Prompt {
    Prompt(
      name: "catch_up", title: "Catch up", description: "What is new, and whose turn it is.",
      arguments: []
    ) { _, context in
      let workspace = try workspace(for: context).refreshed(deadline: context.deadline)
      var room = ReplyRoom(ReplyRoom.standard)
      let open = try workspace.list(.open)
      let shown = Array(open.prefix(room.fitting(open, as: ListView.json)))
      return """
        Catch me up on our Watercooler threads. These are open:

        \(ForeignWords.notice)

        \(ListView(shown).markdown)\(Self.note(workspace))
        Call \(Self.prefix)list_updates for what is new to you, read what needs it, and tell me in a \
        few lines what happened, what waits for you, and what you would answer. Write nothing yet.
        """
    }
  }

  private var startThread: Prompt {
    Prompt(
      name: "start_thread", title: "Start a thread",
      description: "Begins a thread with a first entry.",
      arguments: [
        Self.topic, .init("goal", "what it is about", isRequired: true),
        .init("ball", "who is to answer", isRequired: false),
      ]
    ) { arguments, _ in
      let ball = arguments["ball"].flatMap { $0.isEmpty ? nil : $0 }
      return """
        Start the Watercooler thread '\(arguments["topic"] ?? "")' with \(Self.prefix)say. It is about:

        \(arguments["goal"] ?? "")

        Write an entry that somebody who was not here understands: the goal, what is known, what is \
        open, what you ask for. The role is planner, the type Plan. \
        \(ball.map { "Give the ball to \($0)." } ?? "Let the ball go to the counterpart.")
        """
    }
  }

  private var reviewAndReply: Prompt {
    Prompt(
      name: "review_and_reply", title: "Review and reply",
      description: "Reads a thread and answers in it.", arguments: [Self.topic]
    ) { arguments, context in
      """
      Review this Watercooler thread, and answer in it.

      \(try page(of: arguments["topic"] ?? "", context))
      Say what you agree with, what you doubt and why, and what should be done next. Answer with \
      \(Self.prefix)say as role critic, with expect set to the last Entry-ID you saw, so that nothing \
      is overlooked that came meanwhile.
      """
    }
  }

  private var handOffPrompt: Prompt {
    Prompt(
      name: "hand_off", title: "Hand off", description: "Sums a thread up for who goes on with it.",
      arguments: [Self.topic, .init("agent", "who goes on with it", isRequired: true)]
    ) { arguments, context in
      """
      Hand this Watercooler thread to \(arguments["agent"] ?? "").

      \(try page(of: arguments["topic"] ?? "", context))
      Sum up in one entry what was decided, what is done, what is left to do and where things are, so \
      that nobody has to read the whole thread. Then call \(Self.prefix)handoff with that as the note \
      and \(arguments["agent"] ?? "") as target_agent.
      """
    }
  }

  private func page(of topic: String, _ context: CallContext) throws -> String {
    let workspace = try workspace(for: context).refreshed(deadline: context.deadline)
    return ThreadPage(
      try workspace.read(topic), size: ReplyRoom.standard, keeping: .last
    ).markdown + Self.note(workspace)
  }

  /// The things that a reader has to know of how fresh it is, in lines of their own; empty where it is.
  static func note(_ workspace: Workspace) -> String {
    workspace.freshness.flatMap { FreshnessView($0).text }.map { "\n\($0)\n" } ?? ""
  }
}
