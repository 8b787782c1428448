internal import Platform

/// The result of a git that asked a remote, and what the remote's host said beside it over HTTP.
struct RemoteAnswer: Sendable {
  let result: CommandResult
  let trace: HTTPTrace
}

/// A remote of the repository: each call is a round trip. Whether it was taken is in what git printed:
/// `PushOutcome` and `RemoteProblem` read it.
extension Repository {
  /// Fetches one branch into another ref, as far as it goes on what that has.
  func fetch(
    _ branch: String, into ref: String, from remote: String, until end: Deadline
  ) throws(GitError) -> RemoteAnswer {
    try ask(.fetch(branch, into: ref, from: remote), until: end)
  }

  /// Fetches a branch into a ref whatever that has; no other ref is touched.
  func fetchAside(
    _ branch: String, into ref: String, from remote: String, until end: Deadline
  ) throws(GitError) -> RemoteAnswer {
    try ask(.fetchAside(branch, into: ref, from: remote), until: end)
  }

  /// Pushes a commit to a branch that must be at another one there, which the commit has among its ancestors.
  /// - Parameter parent: Nil where the branch must not be there.
  func push(
    _ commit: String, over parent: String?, to branch: String, at remote: String,
    until end: Deadline
  ) throws(GitError) -> RemoteAnswer {
    try ask(.push(commit, over: parent, to: branch, at: remote), until: end)
  }

  /// Asks whether a push would be taken.
  func tryPush(
    _ commit: String, to branch: String, at remote: String, until end: Deadline
  ) throws(GitError) -> RemoteAnswer {
    try ask(.tryPush(commit, to: branch, at: remote), until: end)
  }

  private func ask(
    _ arguments: GitArguments, until end: Deadline
  ) throws(GitError) -> RemoteAnswer {
    try git.ask(arguments, in: root, until: end)
  }
}
