internal import Foundation

/// Threads kept in step with a remote branch, through the system's git.
///
/// A write is a commit here first, then one push; a read is one fetch. What others pushed meanwhile is
/// merged by the rules of `ThreadMerge`, and nothing is ever taken from what the remote has shown.
package struct GitProcessSync: Sendable {
  package let clone: Clone
  let git: Git
  let settings: SyncSettings
  let store: ThreadStore

  package init(_ clone: Clone, git: Git, settings: SyncSettings) {
    // A clone that is damaged is none to git, which would go on with the repository around it.
    let root = Self.realPath(clone.root) ?? clone.root
    let parent = URL(fileURLWithPath: root).deletingLastPathComponent().path
    self.git = git.adding(["GIT_CEILING_DIRECTORIES": parent])
    (self.clone, self.settings) = (clone, settings)
    store = ThreadStore(directory: clone.threads)
  }

  // MARK: - Running git

  /// How long a local command may take. Far more than it needs: one that is cut off has to be mended.
  static let localPatience = Duration.seconds(60)
  static let signingPatience = Duration.seconds(5)

  /// Runs a local command in the clone. Its exit code is the caller's to judge.
  /// - Parameter directory: The work tree's root by default.
  func run(
    _ arguments: [String], input: Command.Input = .nothing,
    adding variables: [String: String] = [:],
    in directory: String? = nil
  ) throws(GitError) -> CommandResult {
    // A signature that asks for a passphrase would wait for ever.
    let patience = arguments.contains("-S") ? Self.signingPatience : Self.localPatience
    return try git.adding(variables).run(
      arguments, in: directory ?? clone.root, input: input, until: .after(patience))
  }

  /// What a local command prints, which must succeed.
  @discardableResult
  func output(
    _ arguments: [String], doing what: String, input: Command.Input = .nothing,
    adding variables: [String: String] = [:], in directory: String? = nil
  ) throws(GitError) -> [UInt8] {
    let result = try run(arguments, input: input, adding: variables, in: directory)
    guard result.succeeded, result.stdoutDiscarded == 0 else { throw failure(what, result) }
    return result.stdout
  }

  /// What a command that failed says: of git's own locks we know more than git does.
  func failure(_ doing: String, _ result: CommandResult) -> GitError {
    result.heldLock.map { .locked(lock(at: $0)) } ?? .failed(doing, result)
  }

  /// The same as text in one line.
  func line(_ arguments: [String], doing what: String) throws(GitError) -> String {
    String(decoding: try output(arguments, doing: what), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  // MARK: - Where things stand

  /// How the clone's branch and the remote's, as it was last seen, stand to each other: one child,
  /// but for a clone or a remote without a commit.
  func state() throws(GitError) -> CloneState {
    let both = CloneState.arguments(clone.branchRef, tracking: clone.trackingRef)
    let result = try run(both)
    if result.succeeded { return CloneState(output: result.stdout, tracking: clone.trackingRef) }
    switch (try commit(at: clone.branchRef), try commit(at: clone.trackingRef)) {
    case (.some, .some):
      // The first commit of either may have come in between.
      let again = try run(both)
      if again.succeeded { return CloneState(output: again.stdout, tracking: clone.trackingRef) }
      throw .failed("comparing the clone with its remote", again)
    case (nil, nil): return CloneState()
    case (.some, nil):
      let ours = CloneState.arguments(clone.branchRef, tracking: nil)
      let output = try output(ours, doing: "listing what is not pushed yet")
      return CloneState(output: output, tracking: nil)
    case (nil, let tip?):
      let theirs = CloneState.arguments(clone.trackingRef, tracking: nil)
      let output = try output(theirs, doing: "listing what the remote has")
      var state = CloneState()
      state.behind = CloneState(output: output, tracking: nil).ahead
      (state.tip, state.isUnborn) = (tip, true)
      return state
    }
  }

  /// The commit that a ref names; nil if there is none.
  func commit(at ref: String) throws(GitError) -> String? {
    if let commit = try readCommit(at: ref) { return commit }
    guard hasRef(ref) else { return nil }
    // Another process may have made it in between.
    if let commit = try readCommit(at: ref) { return commit }
    // Whoever takes damage for a branch without a commit would begin it anew.
    throw .unreadableRef(ref, clone.root)
  }

  private func readCommit(at ref: String) throws(GitError) -> String? {
    let result = try run(["rev-parse", "--quiet", "--verify", "\(ref)^{commit}"])
    if result.status == .exited(1) { return nil }
    guard result.succeeded else { throw .failed("reading \(ref)", result) }
    return String(decoding: result.stdout, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
