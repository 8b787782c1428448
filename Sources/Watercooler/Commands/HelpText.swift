/// Help, made from the descriptions of the commands.
enum HelpText {
  /// All commands, a line each.
  static var overview: String {
    let rows = CommandDescription.all.map { ($0.name, $0.summary) }
    return """
      Durable messages between AI agents and people, in plain Markdown threads.

      usage: watercooler COMMAND [ARGUMENT…] [OPTION…]   (or: wc COMMAND …)

      \(table(rows))
      'watercooler help COMMAND' shows one of them. Called as 'wc' with anything else, this is
      the system's word counter.

      """
  }

  static func text(of command: CommandDescription) -> String {
    var text = "\(command.summary)\n\nusage: \(usage(of: command))\n"
    if !command.details.isEmpty { text += "\n" + command.details.map { "  \($0)\n" }.joined() }
    let options = command.options + CommandOption.common
    let rows = options.map { option in
      (
        option.spellings.joined(separator: ", ") + (option.value.map { " " + $0 } ?? ""),
        option.summary
      )
    }
    text += "\n\(table(rows))\nexamples:\n"
    text += command.examples.map { "  \($0)\n" }.joined()
    if !command.aliases.isEmpty {
      text += "\nalso called: \(command.aliases.joined(separator: ", "))\n"
    }
    return text
  }

  private static func usage(of command: CommandDescription) -> String {
    let arguments = command.arguments.map { argument in
      let name = argument.isRepeated ? argument.name + "…" : argument.name
      return argument.isRequired ? name : "[\(name)]"
    }
    return (["watercooler", command.name] + arguments + ["[OPTION…]"]).joined(separator: " ")
  }

  private static func table(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, summary in
      "  " + name + String(repeating: " ", count: width - name.count + 2) + summary + "\n"
    }.joined()
  }
}

extension CommandDescription {
  static let help = CommandDescription(
    "help", "show what the commands do", arguments: [.optional("COMMAND")],
    examples: ["watercooler help", "watercooler help say"]
  ) { invocation in
    guard let name = invocation.arguments.first else {
      try invocation.terminal.print(HelpText.overview)
      return .done
    }
    guard let command = CommandDescription.named(name) else {
      let nearest = Nearest.matches(for: name, in: CommandDescription.all.map(\.name))
      throw UsageError.unknownCommand(name, nearest: nearest)
    }
    try invocation.terminal.print(HelpText.text(of: command))
    return .done
  }

  static let version = CommandDescription(
    "version", "show the version", examples: ["watercooler version", "watercooler --version"]
  ) { invocation in
    try invocation.print(
      "watercooler \(watercoolerVersion)\n",
      json: [JSON.Member("watercooler", .string(watercoolerVersion))])
    return .done
  }
}
