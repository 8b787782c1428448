/// The outcome of a push, as `git push --porcelain` tells it.
package enum PushOutcome: Sendable, Equatable {
  case accepted
  /// Others pushed first: fetch, and try again. `isVague` where the remote gave no reason, and it may
  /// as well be refused for good.
  case othersPushed(isVague: Bool)
  case failed(RemoteProblem)

  /// - Parameter branch: The branch's full name, `refs/heads/…`.
  package init(_ result: CommandResult, branch: String) {
    let lines = String(decoding: result.stdout, as: UTF8.self).split(whereSeparator: \.isNewline)
    // FLAG TAB from:to TAB summary (reason)
    for line in lines {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count >= 3, fields[1].hasSuffix(":\(branch)") else { continue }
      if fields[0] != "!" {
        self = .accepted
      } else {
        self = Self.rejected(String(fields[2]), stderr: result.stderr)
      }
      return
    }
    // Only its own report of the push tells that git has pushed.
    self = .failed(
      result.succeeded
        ? RemoteProblem(.cutOff, detail: "git did not say what became of the push")
        : RemoteProblem(stderr: result.stderr))
  }

  /// The reasons that mean "others pushed": git's own, and those that servers send.
  private static let raceReasons = [
    "fetch first", "non-fast-forward", "stale info", "cannot lock ref", "reference already exists",
    "incorrect old value", "failed to update ref", "needs force", "failed to lock",
  ]

  private static func rejected(_ summary: String, stderr: [UInt8]) -> PushOutcome {
    let reason = summary.lowercased()
    // The name is below one that is there, or above it: no waiting makes room for it.
    let words = RemoteProblem(stderr: stderr).detail
    if words.contains("exists; cannot create") {
      return .failed(RemoteProblem(.policy, detail: words))
    }
    if raceReasons.contains(where: { reason.contains($0) }) { return .othersPushed(isVague: false) }
    if reason.contains("(failed)") { return .othersPushed(isVague: true) }
    // The words of a hook say more than "pre-receive hook declined".
    let detail = Redaction.redact(words.isEmpty ? summary : "\(summary); \(words)")
    return .failed(RemoteProblem(.policy, detail: String(detail.prefix(400))))
  }
}

extension PushOutcome {
  /// Whether the remote has certainly not taken it.
  var isRefusal: Bool {
    switch self {
    case .accepted: false
    case .othersPushed(let isVague): !isVague
    case .failed(let problem): ![.cutOff, .other].contains(problem.kind)
    }
  }
}
