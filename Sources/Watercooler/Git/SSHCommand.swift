internal import Platform

/// The ssh that git uses, in one place for clone, fetch, pull, commit and push.
struct SSHCommand: Sendable, Equatable {
  /// The private key; nil leaves the choice to ssh.
  var key: String?
  /// A file of host keys, instead of the user's own.
  var knownHosts: String?
  /// Whether connections are shared: the second one needs no handshake, which is most of the time of
  /// a push over a slow line.
  var isShared = true

  /// The value of `GIT_SSH_COMMAND`; nil where the user's own holds: an inherited one (unless a key
  /// was configured for Watercooler), or `core.sshCommand`, which git finds by itself.
  func value(inherited: [String: String], coreSSHCommand: String?) -> String? {
    if key == nil {
      if let command = inherited["GIT_SSH_COMMAND"], !command.isEmpty { return nil }
      if let program = inherited["GIT_SSH"], !program.isEmpty { return nil }
      if let command = coreSSHCommand, !command.isEmpty { return nil }
    }
    var words = ["ssh"]
    if let key { words += ["-i", key, "-o", "IdentitiesOnly=yes"] }
    // BatchMode: ssh never asks; an unknown host or a passphrase is an error.
    words += ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]
    // A connection that died without a word is noticed after 15 s.
    words += ["-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3"]
    if let knownHosts {
      // A quoted path: ssh splits the value at spaces.
      words += ["-o", "UserKnownHostsFile=\"\(knownHosts)\""]
    }
    if isShared, let directory = Self.controlDirectory() {
      words += [
        "-o", "ControlMaster=auto", "-o", "ControlPersist=60",
        // A connection is of its key: another key must not find it.
        "-o", "ControlPath=\(directory)/\(Fingerprint(words.joined(separator: " ")))-%C",
      ]
    }
    return words.map(Self.quoted).joined(separator: " ")
  }

  /// A word for a POSIX shell: git hands `GIT_SSH_COMMAND` to one.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      "-_./=:%@,+".utf8.contains(byte) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
    }
    if isPlain, !word.isEmpty { return word }
    return "'" + word.replacing("'", with: #"'\''"#) + "'"
  }

  /// A directory of this user alone for the sockets of shared connections: `/tmp/watercooler-UID`, as
  /// a socket's path has 104 bytes at most, and 75 of them follow. Nil if somebody else owns that name.
  static func controlDirectory(_ path: String = "/tmp/watercooler-\(ThisProcess.user)") -> String? {
    if (try? Directory.makeOne(path, permissions: 0o700)) == true { return path }
    guard let status = try? FileStatus.of(path, followingLinks: false), status.isDirectory,
      status.owner == ThisProcess.user, !status.isOpenToOthers
    else { return nil }
    return path
  }
}
