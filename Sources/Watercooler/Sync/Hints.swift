internal import Platform

/// The hints for a remote that does not do what it was asked to: their commands can be typed as they stand.
extension RemoteProblem: ExplainedError {
  package var hint: String? {
    switch kind {
    case .unreachable, .cutOff, .locked:
      "nothing to do: it is tried again with the next command, or now with '\(programName) sync'"
    case .leftAlone: "nothing to do before that; what waits is sent by the next command after it"
    case .notGit:
      "sign in to the network here, as a browser shows, or check the URL; then try again: what waits is sent by itself"
    case .busy:
      "nothing to do: it is tried again with the next command; if it stays so, ask who runs the repository"
    case .authentication where sshComplaint != nil: sshComplaint?.hint
    case .hostKey where unreadableHosts != nil:
      "give yourself permission to read it: chmod u+r \(SSHCommand.quoted(unreadableHosts ?? ""))"
    case .authentication: place?.authenticationHint ?? Self.authenticationHint
    case .hostKey:
      "compare the host's key with what its owner says, then add it: "
        + (place?.keyScan ?? "ssh-keyscan HOST >>~/.ssh/known_hosts")
        + (place?.knownHosts == nil ? " (or the file in WATERCOOLER_GIT_KNOWN_HOSTS)" : "")
    case .tls:
      "check the URL, its port and whether it is https there; a host may want a certificate of yours, which git's http.sslCert names"
    case .certificate:
      "look at the clock of this machine, and ask who runs the host; git's http.sslCAInfo names a file of certificates to trust"
    case .objectFormat:
      "make the clone anew, and have what waits said again there: "
        + (place?.renewal ?? "\(programName) init URL")
    case .noRepository:
      place.map {
        "check the URL, and that you may read it; git -C \($0.quotedRoot) remote set-url origin URL changes it"
      } ?? "check the repository's URL, and that you may read it"
    case .noBranch: place?.missingBranchHint ?? Self.missingBranchHint
    case .otherBranches: place?.hint(toJoin: detail) ?? "name the branch with --branch"
    case .historyRewritten:
      "'\(programName) doctor --fix' takes it over, with what waits here on top, and keeps what was here before"
    case .policy: policyHint
    case .damaged:
      "run '\(programName) doctor', which says what to do; what waits here is in the thread files"
    case .unwritable: (Obstacle(detail) ?? .unknown).hint(for: place.map { $0.root + "/.git" })
    case .other: nil
    }
  }

  private var policyHint: String {
    if detail.contains("cannot create") {
      "a branch of that name cannot be beside those that are there: choose another one with --branch"
    } else if detail.contains("currently checked out") {
      "the remote is somebody's work tree: have it on another branch, or share a bare repository instead"
    } else if Obstacle(detail) != nil {
      "ask who runs the repository to have it written to there again; what is written here is kept"
    } else {
      "ask who runs the repository to let this branch be pushed to; what is written here is kept"
    }
  }

  private static let missingBranchHint =
    "push it again from a clone that has it, or name another one with --branch"

  private static let authenticationHint =
    "check the key (WATERCOOLER_GIT_SSH_KEY) or token (WATERCOOLER_GIT_TOKEN_FILE), "
    + "and that it may write to this repository"
}

extension RemoteProblem.Place {
  fileprivate var quotedRoot: String { SSHCommand.quoted(root) }

  fileprivate var missingBranchHint: String {
    "to make it again with all that is here: git -C \(quotedRoot) push origin \(branch); "
      + "if it has another NAME now (git ls-remote --heads \(SSHCommand.quoted(url)) lists them): "
      + renewal
  }

  /// - Parameter branches: The remote's.
  fileprivate func hint(toJoin branches: String) -> String {
    let isOne = !branches.contains(/[, ]/)
    let only = isOne ? SSHCommand.quoted(branches) : "NAME"
    return
      "to join \(isOne ? branches : "the NAME of one of them") with what is written here: "
      + renewal.replacing("--branch NAME ", with: "--branch \(only) ")
      + "; to begin \(branch) beside \(isOne ? "it" : "them"): "
      + "\(programName) init --branch \(SSHCommand.quoted(branch)) --dir \(quotedRoot) && \(programName) sync --dir \(quotedRoot)"
  }

  fileprivate var authenticationHint: String? {
    guard ssh != nil else { return nil }
    return key.map {
      "have the owner of the repository allow this key to write: \($0).pub, or name another one in WATERCOOLER_GIT_SSH_KEY"
    } ?? "name a key that may write to the repository in WATERCOOLER_GIT_SSH_KEY"
  }

  fileprivate var keyScan: String? {
    ssh.map { host, port in
      "ssh-keyscan \(port.map { "-p \($0) " } ?? "")\(SSHCommand.quoted(host)) "
        + ">>\(knownHosts.map(SSHCommand.quoted) ?? "~/.ssh/known_hosts")"
    }
  }

  /// The host and the port of a URL for ssh: `ssh://user@host:port/path`, or `user@host:path`.
  private var ssh: (host: String, port: String?)? {
    if let match = url.wholeMatch(of: /ssh:\/\/(?:[^@\/]*@)?([^:\/]+)(?::(\d+))?(?:\/.*)?/) {
      return (String(match.1), match.2.map(String.init))
    }
    guard !url.contains("://"), let match = url.wholeMatch(of: /(?:[^@\/]*@)?([^:\/]+):.*/) else {
      return nil
    }
    return (String(match.1), nil)
  }
}

/// The hints for a git that fails: this program's own commands, where these help.
extension GitError: ExplainedError {
  package var hint: String? {
    switch self {
    case .notInstalled:
      "install git \(Git.oldestVersion) or newer, or add its directory to PATH"
    case .tooOld: "install git \(Git.oldestVersion) or newer"
    case .notARepository: "run this in one, or make it one with 'git init'"
    case .killed:
      "try again; if it happens again, look for what kills it: the system does when memory is short"
    case .locked(let lock): lock.mend
    case .failed(_, let result) where result.obstacle != nil: result.obstacle?.hint()
    case .failed, .unreadableRef:
      "run '\(programName) doctor', which looks for what is wrong here and says what to do"
    case .unexpected:
      "try again; if it happens again, look which git is the first in PATH, and what it prints"
    case .noDirectory, .command: nil
    }
  }
}

extension SSHComplaint {
  var hint: String {
    switch reason {
    case .tooOpen: "have it be yours alone: chmod 600 \(SSHCommand.quoted(key))"
    case .notReadable: "give yourself permission to read it: chmod u+r \(SSHCommand.quoted(key))"
    case .noKey:
      "\(key) is no private key that ssh can read: name another one in WATERCOOLER_GIT_SSH_KEY"
    }
  }
}
