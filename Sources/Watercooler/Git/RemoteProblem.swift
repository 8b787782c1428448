/// Why a remote did not do what it was asked to, told from git's own words.
package struct RemoteProblem: Error, Equatable {
  /// The causes that are told apart, by what is to be done about them.
  package enum Kind: String, Sendable {
    /// Nobody answered: later it may be otherwise.
    case unreachable
    /// It answered that it wants no request before a moment, which the detail begins with.
    case leftAlone
    /// Something answered, and it was no git: a network that wants a sign-in first, say.
    case notGit
    /// The connection ended in the middle: what was sent may have arrived.
    case cutOff
    /// The remote does not know us.
    case authentication
    /// The remote is not the one that it claims to be, or was never seen before.
    case hostKey
    /// The certificate of its host cannot be trusted.
    case certificate
    /// Its host and this one agree on no way to speak TLS, or it speaks none.
    case tls
    /// Its objects are of another format than those here.
    case objectFormat
    case noRepository
    /// The branch is not there any more.
    case noBranch
    /// The branch was never there, and others are.
    case otherBranches
    /// The history that the remote has is no continuation of the one that it had.
    case historyRewritten
    /// A hook, a protected branch or a quota says no.
    case policy
    /// It took none of our pushes in time, as others were faster, or as it holds a lock.
    case busy
    /// Another git is at work in this clone.
    case locked
    /// It is our own objects or refs that git cannot read.
    case damaged
    /// It is this machine that git cannot write on.
    case unwritable
    case other
  }

  package let kind: Kind
  /// Git's words in one line, with no secret in them.
  package let detail: String
  /// The clone and the remote where it was met, for a hint that can be typed as it stands.
  package var place: Place?

  /// The clone and the remote that a problem is about.
  package struct Place: Sendable, Equatable {
    /// Without secrets.
    package let url: String
    /// Without `refs/heads/`.
    package let branch: String
    /// The clone's root.
    package let root: String
    /// The commands that make the clone anew, with the branch `NAME`.
    package let renewal: String
    /// The path of the key that ssh is set to use; nil where none is set.
    package var key: String?
    /// The path of the file of host keys that ssh is set to use; nil where none is set.
    package var knownHosts: String?

    package init(url: String, branch: String, root: String, renewal: String) {
      (self.url, self.branch, self.root, self.renewal) = (url, branch, root, renewal)
    }
  }

  /// - Parameter detail: Without secrets: nothing is taken out of it here.
  package init(_ kind: Kind, detail: String) {
    (self.kind, self.detail) = (kind, detail)
  }

  /// Whether it goes away by itself.
  package var isPassing: Bool {
    [.unreachable, .leftAlone, .notGit, .cutOff, .busy, .locked].contains(kind)
  }

  package var message: String {
    let what =
      switch kind {
      case .unreachable: "the remote cannot be reached"
      case .leftAlone: "the remote asks to be left alone"
      case .notGit: "the remote cannot be reached (not git: a web page)"
      case .cutOff: "the connection to the remote was cut off"
      case .authentication where sshComplaint != nil: "ssh cannot use the key"
      case .authentication: "the remote does not let us in"
      case .hostKey: "the remote's host key cannot be verified"
      case .certificate: "the certificate of the remote's host cannot be trusted"
      case .tls: "the remote's host and this one cannot agree on TLS"
      case .objectFormat:
        "the remote names its objects otherwise (SHA-1 or SHA-256) than this clone"
      case .noRepository: "the remote has no such repository"
      case .noBranch: "the branch is gone from the remote"
      case .otherBranches: "the remote has not this branch, and has others"
      case .historyRewritten: "the remote's history was rewritten"
      case .policy: "the remote refuses the push"
      case .busy: "the remote did not take the push in time"
      case .locked: "the remote was not asked"
      case .damaged: "this clone is damaged"
      case .unwritable: (Obstacle(detail) ?? .unknown).message
      case .other: "git failed at the remote"
      }
    // Git's words add nothing to these.
    if let place, kind == .noBranch { return "the branch \(place.branch) is gone from the remote" }
    if let place, kind == .otherBranches {
      return "the remote has no branch \(place.branch), and has others: \(detail)"
    }
    if place != nil, kind == .historyRewritten { return what }
    if kind == .leftAlone, !detail.isEmpty { return "\(what) until \(detail)" }
    return detail.isEmpty ? what : "\(what): \(detail)"
  }
}

extension RemoteProblem {
  /// Tells a failure of `git fetch`, `clone` or `push` apart by what git printed.
  ///
  /// Git has one exit code for all of it, 128; with LC_MESSAGES=C its words have been the same for
  /// years, and those of ssh, libcurl and the large hosts are matched as they are.
  package init(stderr: [UInt8]) {
    let all = String(decoding: stderr, as: UTF8.self).split(whereSeparator: \.isNewline)
    // A file that cannot be written is not damaged, whatever git calls it.
    if let line = all.first(where: { Obstacle($0) != nil }) {
      let words = String(line).trimmingPrefix("fatal:").trimmingPrefix("error:")
      self.init(.unwritable, detail: String(Redaction.redact(words).prefix(400)))
      return
    }
    // Not what the remote says of its own.
    if let line = all.first(where: { line in
      !line.hasPrefix("remote:") && Self.damage.contains { line.contains($0) }
    }) {
      self.init(.damaged, detail: String(Redaction.redact(String(line)).prefix(400)))
      return
    }
    let lines =
      all.filter { !Self.isReport($0) }
      .map { String($0).trimmingPrefix("remote:").trimmingPrefix("fatal:") }
      .filter { line in !line.isEmpty && !Self.idleWords.contains { line.hasPrefix($0) } }
    let lowered = lines.joined(separator: "; ").lowercased()
    let text = lines.prefix { line in !Self.advice.contains { line.hasPrefix($0) } }
      .joined(separator: "; ")
    if lines.isEmpty, all.contains(where: { $0.contains("Could not read from remote repository") })
    {
      // Before it had heard anything: ssh, or what it ran over there, ended.
      self.init(.unreachable, detail: "it ended the connection without a word")
      return
    }
    let found = Self.signs.first { sign in sign.words.contains { lowered.contains($0) } }
    self.init(found?.kind ?? .other, detail: String(Redaction.redact(text).prefix(400)))
  }

  private static let damage = [
    "inflate: data stream error", "unable to unpack", "loose object", "is corrupt",
    "unable to resolve reference", "bad object refs/", "not a git repository (or any",
  ]

  /// Whether it is what a verbose git reports of its work: the requests that it sends, and what became of a
  /// ref, unless that was refused.
  private static func isReport(_ line: Substring) -> Bool {
    if line.hasPrefix("POST git-") { return true }
    return line.hasPrefix(" ") && !line.hasPrefix(" ! ") && line.contains(" -> ")
  }

  /// The beginnings of lines in which git says nothing to the point.
  private static let idleWords = [
    // Ssh's, of a shared connection that it does without.
    "ControlSocket ", "mux_client_",
    // Of a key that others may read: what it comes to follows.
    "@@@@", "@         WARNING: UNPROTECTED", "It is required that your private key",
    "This private key will be ignored",
    "hint:", "To ", "From ", "Could not read from remote repository", "Please make sure you have",
    "and the repository exists", "error: failed to push some refs", "Everything up-to-date",
  ]

  /// From there on git says what to do on the machine where it is said, which is not this one.
  private static let advice = [
    "Another git process seems to be running", "error: By default, updating the current branch",
  ]

  /// The first that matches decides: a cause stands before what follows from it.
  private static let signs: [(kind: Kind, words: [String])] = [
    (.hostKey, ["host key verification failed", "remote host identification has changed"]),
    (
      .authentication,
      [
        "permission denied (", "authentication failed", "could not read username",
        "could not read password", "terminal prompts disabled", "invalid username or",
        // Not the bare number, which a port may have in it.
        "error: 401", "error: 403", "http 401", "http 403", "access denied", "permission to ",
        "too many authentication failures",
      ]
    ),
    (
      .certificate,
      [
        "ssl certificate problem", "certificate verification failed", "certificate has expired",
        "certificate is not trusted", "error in the certificate verification", "unknown ca",
        "no alternative certificate subject name", "certificate subject name",
        "does not match target host name",
      ]
    ),
    (
      .objectFormat,
      [
        "mismatched algorithms", "hash algorithm", "unknown object format",
        "different object format",
      ]
    ),
    // A push that is too large stays so, however its connection ends: these go before what is said of that.
    (
      .policy,
      [
        "http 413", "error: 413", "request entity too large", "pack exceeds maximum",
        "exceeds the maximum", "file size limit", "larger than the limit", "too large",
      ]
    ),
    // An answer without a line feed is taken for an empty repository; see `RemoteBranches`.
    (
      .notGit,
      ["not valid: is this a git repository", "unable to update url base from redirection"]
    ),
    (.noBranch, ["couldn't find remote ref", "remote branch"]),
    (.historyRewritten, ["(non-fast-forward)"]),
    // Nothing of the request was taken. The words are those of git 2.54.
    (.unreachable, ["http 429", "error: 429", "rate limited by"]),
    // Whatever the reason, the request had been sent.
    (.cutOff, ["rpc failed"]),
    (
      .tls,
      [
        "unsupported protocol", "alert protocol version", "wrong version number",
        "handshake failure",
        "handshake failed", "unexpected tls packet", "tls fatal alert",
        "unsupported version was received",
        "alert certificate required",
      ]
    ),
    (
      .unreachable,
      [
        "could not resolve", "connection refused", "connection timed out", "no route to host",
        "network is unreachable", "operation timed out", "failed to connect", "unable to connect",
        "couldn't connect", "temporary failure in name resolution", "connection closed by",
        "kex_exchange_identification", "unable to look up", "empty reply from server",
        // A server that is overloaded, or a gateway without one behind it.
        "returned error: 5",
      ]
    ),
    (
      .cutOff,
      [
        "hung up unexpectedly", "early eof", "broken pipe", "connection reset",
        "unexpected disconnect", "transfer closed", "timed out", "lost connection",
        "operation too slow", "closed by remote host", "non-properly terminated",
        "error in the pull function", "ssl_error_syscall", "unexpected eof",
      ]
    ),
    (
      .noRepository,
      [
        "repository not found", "does not appear to be a git repository", "does not exist",
        "not found", "has been moved", "was moved", "repository moved",
      ]
    ),
    (.policy, ["pre-receive hook declined", "remote rejected", "protected branch", "quota"]),
  ]
}

extension String {
  /// Without the prefix, and without blanks around the rest: git fills up what a remote says.
  fileprivate func trimmingPrefix(_ prefix: String) -> String {
    Bytes(hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self).trimmed.string
  }
}
