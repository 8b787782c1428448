internal import Platform

/// The settings of sync: how fresh, as whom, and with which key or token.
package struct SyncSettings: Sendable {
  /// A contact with the remote younger than this is shared by reads.
  package var freshness = Duration.seconds(2)
  /// The author and committer of our commits: the name, and the address.
  package var author = "Watercooler"
  package var email = "watercooler@localhost"
  /// Whether they are those of this program's own settings, rather than git's.
  package var isAuthorConfigured = false
  /// The words that the subject of each commit of ours begins with: hosts may demand an issue's number there.
  package var subject = ""
  /// Whether the user has commits signed.
  package var isSigning = false
  /// The program that git runs to merge threads: this one.
  package var program = ""
  package var ssh = SSHOptions()
  /// The URL of the remote, for what holds for it alone; nil if the clone knows it.
  package var url: String?
  /// A token for http, of its file.
  package var token: String?

  package init() {}

  /// The settings of ssh.
  package struct SSHOptions: Sendable {
    /// The file of the private key, an absolute path; nil leaves the choice to ssh.
    package var key: String?
    /// A file of host keys instead of the user's own, an absolute path; nil for the user's.
    package var knownHosts: String?
    /// Whether git's calls share a connection, which then stays open for a minute.
    package var isShared = true
    /// `core.sshCommand` of the user's git configuration.
    package var coreCommand: String?

    package init() {}
  }
}

extension SyncSettings {
  /// In whose name commits are made.
  var committer: Committer { Committer(name: author, email: email, isSigning: isSigning) }

  /// Git with the environment that every call of sync has.
  package func git(_ git: Git, inherited: [String: String]) -> Git {
    var added = [
      "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": email,
      "GIT_COMMITTER_NAME": author, "GIT_COMMITTER_EMAIL": email,
    ]
    let ssh = SSHCommand(key: ssh.key, knownHosts: ssh.knownHosts, isShared: ssh.isShared)
    added["GIT_SSH_COMMAND"] = ssh.value(
      inherited: inherited, coreSSHCommand: self.ssh.coreCommand)
    // By environment, as every process can see the arguments of every other.
    if let token, let url, let origin = Self.httpOrigin(of: url) {
      let credentials = Base64.text(of: "x-access-token:\(token)".utf8)
      // After those that somebody else has set that way.
      let count = inherited["GIT_CONFIG_COUNT"].flatMap { Int($0) } ?? 0
      added["GIT_CONFIG_COUNT"] = String(count + 1)
      added["GIT_CONFIG_KEY_\(count)"] = "http.\(origin).extraHeader"
      added["GIT_CONFIG_VALUE_\(count)"] = "Authorization: Basic \(credentials)"
    }
    return git.adding(added)
  }

  /// `https://host:port/` of a URL; nil for other protocols.
  private static func httpOrigin(of url: String) -> String? {
    guard let scheme = ["https://", "http://"].first(where: { url.hasPrefix($0) }) else {
      return nil
    }
    let authority = url.dropFirst(scheme.count).prefix { $0 != "/" }
    let host = authority.split(separator: "@").last ?? authority
    return scheme + host + "/"
  }
}
