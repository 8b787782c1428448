/// The variables that a host passes on to a server, beside those that its entry lists.
enum HostEnvironment: Sendable {
  /// The variables that the SDKs of TypeScript and Python pass on, and these.
  case listed([String])
  /// All of its own, and the directory that it works in under this name.
  case all(naming: String)
  /// All of its own; a PATH in the entry comes behind its own.
  case extendingPath
  /// All of its own but for those whose name sounds like a secret.
  case withoutSecrets

  /// The environment of a server.
  /// - Parameters:
  ///   - inherited: The host's own: what it would have if it were started from here.
  ///   - passed: What the entry has passed on by name.
  ///   - listed: What the entry lists; nil for what is to be unset.
  func variables(
    inheriting inherited: [String: String], passing passed: [String],
    listing listed: [String: String?], in directory: String
  ) -> [String: String] {
    var variables = base(inherited, in: directory)
    for name in passed { variables[name] = inherited[name] }
    for (name, value) in listed {
      if case .extendingPath = self, name == "PATH", let value, let own = variables[name] {
        variables[name] = own + ":" + value
      } else {
        variables[name] = value
      }
    }
    return variables
  }

  private func base(_ inherited: [String: String], in directory: String) -> [String: String] {
    switch self {
    case .listed(let more):
      let names = ["HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER"] + more
      // A value that begins like this may be a function of bash.
      return inherited.filter { names.contains($0.key) && !$0.value.hasPrefix("()") }
    case .all(let name):
      return inherited.merging([name: directory]) { _, own in own }
    case .extendingPath: return inherited
    case .withoutSecrets:
      return inherited.filter { !Self.soundsSecret($0.key.uppercased()) }
        .merging(["GEMINI_CLI": "1"]) { _, own in own }
    }
  }

  private static func soundsSecret(_ name: String) -> Bool {
    let words = [
      "TOKEN", "SECRET", "PASSWORD", "PASSWD", "KEY", "AUTH", "CREDENTIAL", "CREDS", "PRIVATE",
      "CERT",
    ]
    return !name.hasPrefix("GEMINI_CLI_") && words.contains { name.contains($0) }
  }
}
