/// The complaint of ssh about a private key that it does not use.
struct SSHComplaint: Sendable, Equatable {
  let key: String
  let reason: Reason

  enum Reason: Sendable {
    /// Others may read it.
    case tooOpen
    /// We may not.
    case notReadable
    /// It is no key, or of a kind that this ssh does not know.
    case noKey
  }

  init?(_ words: String) {
    if let match = words.firstMatch(of: /Permissions 0[0-7]+ for '(.+?)' are too open/) {
      (key, reason) = (String(match.1), .tooOpen)
    } else if let match = words.firstMatch(of: /Load key "(.+?)": ([^;]+)/) {
      key = String(match.1)
      switch match.2 {
      case "bad permissions": reason = .tooOpen
      case "Permission denied": reason = .notReadable
      case "invalid format", "error in libcrypto", "unknown or unsupported key type":
        reason = .noKey
      default: return nil
      }
    } else {
      return nil
    }
  }
}

extension RemoteProblem {
  /// Why ssh did not use a key, where it had no other that was let in.
  var sshComplaint: SSHComplaint? {
    guard kind == .authentication else { return nil }
    return SSHComplaint(detail)
  }

  /// The file of host keys that ssh may not read; to ssh no host is known then.
  var unreadableHosts: String? {
    detail.firstMatch(of: /hostkeys_foreach failed for (.+?): Permission denied/)
      .map { String($0.1) }
  }
}
