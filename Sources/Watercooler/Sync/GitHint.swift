/// What to do when git fails: in this program's own commands, where these help.
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
      "run 'wc doctor', which looks for what is wrong here and says what to do"
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
