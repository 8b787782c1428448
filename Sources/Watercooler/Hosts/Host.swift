/// An MCP client that starts servers on this machine: where its configuration is, and what a server
/// gets from it. As of 2026; `docs/clients.md` says the same to people.
package struct Host: Sendable {
  /// The language of its file, and the key under which that lists servers.
  enum Format: Sendable {
    case json(key: String)
    case toml(key: String)
  }

  /// The directory in which it starts a server whose entry names none.
  enum StartDirectory: Sendable {
    case root
    /// The project, for a server that is configured there; else the home.
    case homeOrProject
    /// The directory in which the client itself was started.
    case current
  }

  /// The name by which `wc mcp` takes it.
  package let name: String
  /// The name that its makers give it.
  package let title: String
  /// The name that it gives itself in `initialize`.
  let clientName: String
  let format: Format
  /// Its file in the user's home.
  let userFile: @Sendable (HostPlaces) -> String
  /// Its file in a project; nil where it has none.
  var projectFile: String?
  /// The `type` of its entries; nil where they have none.
  var type: String?
  let environment: HostEnvironment
  let startDirectory: StartDirectory
  /// Whether an entry may say where the server starts.
  var takesDirectory = false
  var variables = HostVariables.none
  /// How long a server may take until it answers; the SDK's limit where it has none of its own.
  var startTimeout = Duration.seconds(60)
  /// The member of an entry that sets another limit, and what it counts.
  var timeoutMember: (name: String, unit: Duration)?

  /// The name of our entry in each of them.
  package static let entryName = "watercooler"

  /// The names that lead to our entry, from the root of its file.
  var entryPath: [String] {
    switch format {
    case .json(let key), .toml(let key): [key, Self.entryName]
    }
  }

  /// Its file as text that can be edited.
  func text(_ bytes: [UInt8]) throws(UneditableText) -> any EditableText {
    switch format {
    case .json: try JSONText(bytes)
    case .toml: try TOMLText(bytes)
    }
  }
}

extension Host {
  /// The hosts that can be configured, in the order of the help.
  package static let all: [Host] = [
    claudeDesktop, claudeCode, codex, cursor, visualStudioCode, gemini,
  ]

  /// The host that `wc mcp` takes by this name; nil for none.
  package static func named(_ name: String) -> Host? { all.first { $0.name == name } }

  private static let claudeDesktop = Host(
    name: "claude-desktop", title: "Claude Desktop", clientName: "claude-ai",
    format: .json(key: "mcpServers"),
    userFile: { $0.applicationData + "/Claude/claude_desktop_config.json" },
    environment: .listed([]), startDirectory: .root)

  private static let claudeCode = Host(
    name: "claude-code", title: "Claude Code", clientName: "claude-code",
    format: .json(key: "mcpServers"),
    userFile: { ($0.variable("CLAUDE_CONFIG_DIR") ?? $0.home) + "/.claude.json" },
    projectFile: ".mcp.json", type: "stdio",
    environment: .all(naming: "CLAUDE_PROJECT_DIR"), startDirectory: .current, variables: .braced,
    startTimeout: .seconds(30))

  private static let codex = Host(
    name: "codex", title: "Codex", clientName: "codex-mcp-client",
    format: .toml(key: "mcp_servers"),
    userFile: { ($0.variable("CODEX_HOME") ?? $0.home + "/.codex") + "/config.toml" },
    projectFile: ".codex/config.toml",
    environment: .listed(["LANG", "LC_ALL", "TMPDIR", "TZ", "__CF_USER_TEXT_ENCODING"]),
    startDirectory: .current, takesDirectory: true,
    startTimeout: .seconds(10), timeoutMember: ("startup_timeout_sec", .seconds(1)))

  private static let cursor = Host(
    name: "cursor", title: "Cursor", clientName: "cursor-vscode",
    format: .json(key: "mcpServers"), userFile: { $0.home + "/.cursor/mcp.json" },
    projectFile: ".cursor/mcp.json", environment: .listed([]), startDirectory: .homeOrProject,
    variables: .editor)

  private static let visualStudioCode = Host(
    name: "vscode", title: "VS Code", clientName: "Visual Studio Code",
    format: .json(key: "servers"), userFile: { $0.applicationData + "/Code/User/mcp.json" },
    projectFile: ".vscode/mcp.json", type: "stdio", environment: .extendingPath,
    startDirectory: .homeOrProject, takesDirectory: true, variables: .editor)

  // Its own limit of ten minutes is more than anybody watches a test for.
  private static let gemini = Host(
    name: "gemini", title: "Gemini CLI", clientName: "gemini-cli-mcp-client",
    format: .json(key: "mcpServers"), userFile: { $0.home + "/.gemini/settings.json" },
    projectFile: ".gemini/settings.json", environment: .withoutSecrets, startDirectory: .current,
    takesDirectory: true, variables: .shell, timeoutMember: ("timeout", .milliseconds(1)))
}
