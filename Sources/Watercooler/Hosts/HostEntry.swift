internal import Platform

/// The entry that we write into a host's file: which program it starts, with which of our settings.
struct HostEntry: Sendable {
  /// An absolute path: hosts have another PATH, or none.
  let command: String
  /// Our own variables and their values, in the order in which they are written.
  let variables: [(name: String, value: String)]

  /// Takes along the settings that are given by option or environment, since a host may pass neither
  /// on; not those of git's configuration, which the server reads itself.
  ///
  /// The agent's name is not taken from the environment: it is another in each host, and known from
  /// what the host calls itself.
  /// - Throws: `HostError.secret` for a setting that must not stand in a host's file, `InvalidText` for
  ///   an agent that could not sign.
  init(command: String, configuration: Configuration, agent: String?) throws {
    self.command = command
    if let agent { _ = try Agent(agent) }
    let first: [Setting] = [.agent, .user, .directory]
    var variables: [(String, String)] = []
    for setting in first + Setting.all.filter({ !first.contains($0) }) {
      let given = setting == .agent ? agent : configuration.given(setting)?.text
      // Locked to no agent, a server would refuse to write at all.
      guard let given, setting != .agentLock || agent != nil else { continue }
      let value = Self.isPath(given, of: setting) ? configuration.absolute(given) : given
      guard !Self.isSecret(value) else { throw HostError.secret(variable: setting.variable) }
      variables.append((setting.variable, value))
    }
    self.variables = variables
  }

  /// Whether a value means another file from another directory.
  private static func isPath(_ value: String, of setting: Setting) -> Bool {
    // The address of another machine has a colon: `https://…`, `git@host:…`.
    if setting == .gitRepo { return !value.contains(":") }
    return [.directory, .registry, .sshKey, .knownHosts, .tokenFile].contains(setting)
  }

  /// Whether a value has a password or a token in it. The user of a URL (`git@`) is none.
  private static func isSecret(_ value: String) -> Bool {
    let plain = value.replacing("://", with: " ")
    if Redaction.redact(plain) != plain { return true }
    guard let scheme = value.firstRange(of: "://") else { return false }
    let authority = value[scheme.upperBound...].prefix { !"/?#".contains($0) }
    guard let at = authority.lastIndex(of: "@") else { return false }
    return authority[..<at].contains(":")
  }

  /// The whole entry, for a host that has none.
  func json(for host: Host) -> JSON {
    var members: [JSON.Member] = []
    if let type = host.type { members.append(.init("type", .string(type))) }
    members += [.init("command", .string(command)), .init("args", [])]
    if !variables.isEmpty {
      members.append(.init("env", .object(variables.map { .init($0.name, .string($0.value)) })))
    }
    return .object(members)
  }

  /// The values that have to be set in an entry that is there, by their paths in it; its other members are
  /// the user's.
  func changes(to entry: JSON) -> [(path: [String], value: JSON)] {
    var values: [(path: [String], value: JSON)] = [
      (["command"], .string(command)), (["args"], []),
    ]
    values += variables.map { (["env", $0.name], .string($0.value)) }
    return values.filter { path, value in
      // No arguments are as good as none.
      entry[path: path] != value && !(path == ["args"] && entry["args"] == nil)
    }
  }
}
