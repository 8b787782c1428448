internal import Platform

/// Help, made from the descriptions of the commands.
enum HelpText {
  /// All commands, a line each.
  static var overview: String {
    let rows = CommandDescription.all.map { ($0.name, $0.summary) }
    return """
      Durable messages between AI agents and people, in plain Markdown threads.

      usage: \(programName) COMMAND [ARGUMENT…] [OPTION…]

      \(table(rows))
      '\(programName) help COMMAND' shows one of them. Called as 'wc' with anything else, this is
      the system's word counter.

      """
  }

  static func text(of command: CommandDescription) -> String {
    var text = "\(command.summary)\n\nusage: \(programName) \(call(of: command)) [OPTION…]\n"
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
    let exits = command.exits.map { "\($0.rawValue) \($0.meaning)" }
    text += "\nexit codes: \(exits.joined(separator: ", "))\n"
    if !command.aliases.isEmpty {
      text += "\nalso called: \(command.aliases.joined(separator: ", "))\n"
    }
    return text
  }

  /// The command with its arguments.
  static func call(of command: CommandDescription) -> String {
    let arguments = command.arguments.map { argument in
      let name = argument.isRepeated ? argument.name + "…" : argument.name
      return argument.isRequired ? name : "[\(name)]"
    }
    return ([command.name] + arguments).joined(separator: " ")
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
    options: [CommandOption("--man", help: "all of it as a man page")],
    examples: ["\(programName) help say", "\(programName) help --man"]
  ) { invocation in
    if invocation.has("--man") {
      try invocation.terminal.print(ManPage.text)
      return .done
    }
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
    "version", "show the version", examples: ["\(programName) version", "\(programName) --version"]
  ) { invocation in
    try invocation.print(
      "watercooler \(watercoolerVersion)\n",
      json: [JSON.Member("watercooler", .string(watercoolerVersion))])
    return .done
  }
}
