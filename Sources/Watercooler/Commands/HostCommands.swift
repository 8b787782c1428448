internal import Platform

extension CommandDescription {
  static let mcp = CommandDescription(
    "mcp", "set the MCP server up in a client, or try it there",
    details: [
      "config   prints the entry for the client's configuration",
      "install  puts it there, and leaves the rest of that file as it is",
      "test     starts the server as the client does, and says what it answers",
      "CLIENT   \(Host.all.map(\.name).joined(separator: ", "))",
    ],
    arguments: [.required("config|install|test"), .required("CLIENT")],
    options: [
      CommandOption("--project", help: "in the project's file instead of the user's"),
      CommandOption("--as", "--agent", value: "AGENT", help: "who writes; else the client's name"),
      CommandOption("--repo", value: "URL", help: "the repository that threads are shared through"),
      CommandOption("--command", value: "PATH", help: "the server; else that beside this program"),
      CommandOption("--dry-run", help: "only say what would be written"),
    ],
    examples: [
      "\(programName) mcp install claude-desktop", "\(programName) mcp test claude-desktop",
      "\(programName) mcp config codex",
    ]
  ) { invocation in
    let verb = invocation.arguments[0]
    guard let (options, run) = verbs[verb] else {
      throw UsageError.extraArgument(verb, command: "mcp")
    }
    let given = invocation.command.options.map { $0.spellings[0] }.filter { invocation.has($0) }
    if let option = given.first(where: { !options.contains($0) }) {
      throw UsageError.unknownOption(option, command: "mcp \(verb)", nearest: [])
    }
    let name = invocation.arguments[1]
    guard let host = Host.named(name) else {
      let names = Host.all.map(\.name).joined(separator: ", ")
      throw UsageError.badValue(option: "CLIENT", value: name, expected: names)
    }
    let isProject = invocation.has("--project")
    guard let setup = HostSetup(host, isProject: isProject, invocation.hostConfiguration) else {
      throw UsageError.unknownOption("--project", command: "mcp … \(name)", nearest: [])
    }
    return try run(invocation, setup)
  }

  private typealias Verb = @Sendable (Invocation, HostSetup) throws -> ExitCode

  /// The things that can be done by name, and the options that each takes.
  private static let verbs: [String: (options: Set<String>, run: Verb)] = [
    "config": (["--project", "--as", "--repo", "--command"], { try $0.printEntry(of: $1) }),
    "install": (
      ["--project", "--as", "--repo", "--command", "--dry-run"], { try $0.install($1) }
    ),
    "test": (["--project"], { try $0.test($1) }),
  ]
}

extension Invocation {
  /// The configuration with the options that only these commands have.
  fileprivate var hostConfiguration: Configuration {
    var flags: [Setting: String] = [:]
    flags[.directory] = value("--dir")
    flags[.gitRepo] = value("--repo")
    return Configuration(
      flags: flags, environment: environment, workingDirectory: workingDirectory)
  }

  fileprivate func printEntry(of setup: HostSetup) throws -> ExitCode {
    let entry = try setup.entry(command: value("--command"), agent: value("--as"))
      .json(for: setup.host)
    let text = try setup.text(of: entry)
    try print(
      text,
      json: [
        JSON.Member("client", .string(setup.host.name)), JSON.Member("path", .string(setup.path)),
        JSON.Member("scope", .string(setup.scope.rawValue)), JSON.Member("entry", entry),
        JSON.Member("text", .string(text)),
      ])
    if terminal.isErrorTerminal {
      terminal.say(
        "it belongs into \(setup.path); '\(programName) mcp install \(setup.host.name)' puts it there"
      )
    }
    return .done
  }

  fileprivate func install(_ setup: HostSetup) throws -> ExitCode {
    let installation = try setup.install(
      command: value("--command"), agent: value("--as"), isDryRun: has("--dry-run"))
    let text = try installation.text
    try print(text, json: installation.members)
    if terminal.isErrorTerminal, let next = installation.next { terminal.say(next) }
    return .done
  }

  fileprivate func test(_ setup: HostSetup) throws -> ExitCode {
    let trial = try HostTrial(setup)
    try print(trial.text, json: trial.members)
    return trial.isFine ? .done : .failed
  }
}
