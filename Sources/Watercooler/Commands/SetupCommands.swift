internal import Platform

extension CommandDescription {
  static let initialise = CommandDescription(
    "init", "make a threads directory here, or share one through a repository",
    arguments: [.optional("REPO_URL")],
    options: [
      CommandOption(
        "--branch", value: "BRANCH",
        help: "the branch; without a URL, one of its own in the code repository here"),
      CommandOption("--path", value: "PATH", help: "where the threads are in the repository"),
      CommandOption("--import", help: "take threads along that are there already"),
      .allowSecret,
    ],
    examples: [
      "\(programName) init", "\(programName) init git@example.org:team/threads.git --import",
      "\(programName) init --branch watercooler",
    ]
  ) { invocation in
    let configuration = invocation.configuration
    var request = SharingRequest()
    request.branch = invocation.value("--branch")
    let isShared = !invocation.arguments.isEmpty || request.branch != nil
    var workspace =
      try isShared ? Workspace.toShare(configuration) : invocation.workspace()
    workspace.allowsSecrets = invocation.allowsSecrets
    request.url = invocation.arguments.first ?? workspace.directory.remote?.url
    request.path = invocation.value("--path")
    request.imports = invocation.has("--import")
    if request.url == nil, request.branch == nil {
      if let option = ["--path", "--import"].first(where: { invocation.has($0) }) {
        throw UsageError.missingArgument("REPO_URL with \(option)", command: "init")
      }
      let isNew = try workspace.makeDirectory()
      return try invocation.printPlace(workspace.directory.path, isNew: isNew, [])
    }
    let result = try workspace.share(request, deadline: try workspace.configuration.deadline())
    let views = [result.delivery.map(DeliveryView.init)].compactMap { $0 }
    for view in views { invocation.terminal.say(view.text) }
    return try invocation.printPlace(
      result.path, isNew: result.isNew,
      [JSON.Member("imported", JSON(result.imported))] + views.flatMap(\.members))
  }

  static let whoami = CommandDescription(
    "whoami", "show who you write as, and why", options: [.agent],
    examples: ["\(programName) whoami", "WATERCOOLER_AGENT=Claude \(programName) whoami --json"]
  ) { invocation in
    let view = try WhoamiView(try invocation.workspace().acting(as: invocation.value("--as")))
    try invocation.print(view.text, json: view.members)
    return .done
  }

  static let config = CommandDescription(
    "config", "show or set what is configured", arguments: [.optional("KEY"), .optional("VALUE")],
    options: [CommandOption("--show", help: "all settings, each with where it comes from")],
    examples: ["\(programName) config --show", "\(programName) config agent Claude"]
  ) { invocation in
    let configuration = invocation.configuration
    let arguments = invocation.arguments
    try configuration.checkIsWhole()
    guard let key = arguments.first else {
      let settings = Setting.all.map { SettingView($0, configuration[$0]) }
      try invocation.print(
        settings.map(\.line).joined(),
        json: [JSON.Member("settings", .array(settings.map(\.json)))])
      return .done
    }
    let setting = try Setting.named(key)
    if arguments.count > 1 { try configuration.set(setting, to: arguments[1]) }
    let view = SettingView(setting, configuration[setting])
    try invocation.print(
      configuration[setting].map { $0.text + "\n" } ?? "",
      json: [JSON.Member("settings", .array([view.json]))])
    return configuration[setting] == nil ? .failed : .done
  }
}

extension Invocation {
  fileprivate func printPlace(
    _ path: String, isNew: Bool, _ more: [JSON.Member]
  ) throws -> ExitCode {
    let members = [JSON.Member("dir", .string(path)), JSON.Member("created", .bool(isNew))]
    try print(path + "\n", json: members + more)
    if terminal.isErrorTerminal {
      let made = isNew ? "made" : "was here already"
      terminal.say("the threads directory \(made); next: \(programName) say welcome -m \"Hello\"")
    }
    return .done
  }
}
