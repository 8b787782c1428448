internal import Platform

/// One thing that can be configured, and where: a flag, `WATERCOOLER_…`, `watercooler.…` in git
/// config, or its default.
package struct Setting: Sendable, Hashable {
  /// The key in git config, without `watercooler.`; also what `wc config` calls it.
  package let key: String
  /// The purpose of the setting, in a line; a number's unit is in it.
  package let summary: String
  /// The value that holds where nothing else says one; nil where that depends.
  package let fallback: String?

  /// The environment variable: `WATERCOOLER_AGENT_LOCK` for `agent.lock`.
  package let variable: String
  /// The whole key in git config, as git spells it.
  package let gitKey: String

  private init(_ key: String, _ summary: String, fallback: String? = nil) {
    (self.key, self.summary, self.fallback) = (key, summary, fallback)
    let words = key.map { $0 == "." ? "_" : $0.isUppercase ? "_\($0)" : "\($0)" }.joined()
    variable = "WATERCOOLER_" + words.uppercased()
    gitKey = GitConfig.normalized("watercooler." + key)
  }

  package static let directory = Setting("dir", "the threads directory")
  package static let agent = Setting("agent", "who writes: Claude, or Claude (alice)")
  package static let user = Setting("user", "the person an agent works for")
  package static let role = Setting("role", "the role of new entries", fallback: "implementer")
  package static let counterpart = Setting("counterpart", "who gets the ball by default")
  package static let registry = Setting("agent.registry", "a JSON file of names and counterparts")
  package static let agentLock = Setting(
    "agent.lock", "1: writes are only ever signed by the configured agent", fallback: "0")
  package static let gitRepo = Setting("git.repo", "the repository that threads are shared through")
  package static let gitBranch = Setting("git.branch", "the branch that the threads are on")
  package static let gitPath = Setting("git.path", "where the threads are in the repository")
  package static let sshKey = Setting("git.ssh.key", "the private key for ssh")
  package static let knownHosts = Setting("git.known.hosts", "a file of ssh host keys")
  package static let tokenFile = Setting(
    "git.token.file", "a file (mode 0600) with a token for https")
  package static let gitAuthor = Setting(
    "git.author", "the author of commits", fallback: "Watercooler")
  package static let gitEmail = Setting(
    "git.email", "the author's address", fallback: "watercooler@localhost")
  package static let gitSubject = Setting(
    "git.subject", "what the subject of each commit begins with, where a host demands it")
  package static let freshness = Setting(
    "fresh", "for how many seconds reads share one contact with the remote", fallback: "2")
  package static let poll = Setting(
    "poll", "how often the remote is asked while something waits for news, in seconds",
    fallback: "15")
  package static let onUpdate = Setting(
    "onUpdate", "a command for sh that gets each entry that arrives, as a line of JSON")
  package static let sshShare = Setting(
    "ssh.share", "0: every git call makes an ssh connection of its own", fallback: "1")
  package static let timeout = Setting(
    "timeout", "how long an operation may take, in seconds", fallback: "30")
  package static let cloneTimeout = Setting(
    "timeout.clone", "how long a clone may take, in seconds", fallback: "120")
  package static let bodyLimit = Setting(
    "limit.body", "the longest body, in bytes", fallback: "1048576")
  package static let titleLimit = Setting(
    "limit.title", "the longest title, in characters", fallback: "200")
  package static let secretScan = Setting(
    "secretScan",
    "a command for sh that gets what is to be written: unless it ends with 0, nothing is")
  package static let log = Setting(
    "log", "what the server writes to stderr: error, warning, info or debug", fallback: "warning")

  package static let claudeChannel = Setting(
    "claude.channel", "1: new entries are announced to Claude Code's channel", fallback: "0")

  /// All of them, in the order in which they are shown.
  package static let all = [
    directory, agent, user, role, counterpart, registry, agentLock, gitRepo, gitBranch, gitPath,
    sshKey, knownHosts, tokenFile, gitAuthor, gitEmail, gitSubject, freshness, poll, onUpdate,
    sshShare,
    timeout, cloneTimeout, bodyLimit, titleLimit, secretScan, log, claudeChannel,
  ]

  /// - Throws: `ConfigurationError.unknownKey`.
  package static func named(_ key: String) throws -> Setting {
    let key = key.lowercased()
    guard let found = all.first(where: { $0.key.lowercased() == key || $0.gitKey == key }) else {
      let nearest = Nearest.matches(for: key, in: all.map(\.key))
      throw ConfigurationError.unknownKey(key, nearest: nearest)
    }
    return found
  }
}
