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
  /// When the operation that this is for has to be over.
  let deadline: Deadline
  /// Sentences for people about how it was opened.
  let notes: [String]

  package init(
    _ clone: Clone, git: Git, settings: SyncSettings, deadline: Deadline, notes: [String] = []
  ) {
    // A clone that is damaged is none to git, which would go on with the repository around it.
    self.git = git.adding(git.ceiling(of: clone.root))
    (self.clone, self.settings, self.deadline, self.notes) = (clone, settings, deadline, notes)
    store = ThreadStore(directory: clone.threads)
  }

  private init(_ sync: GitProcessSync, deadline: Deadline, notes: [String]) {
    (clone, git, settings, store) = (sync.clone, sync.git, sync.settings, sync.store)
    (self.deadline, self.notes) = (deadline, notes)
  }

  /// The same clone with more to know of how it was opened.
  package func noting(_ notes: [String]) -> GitProcessSync {
    GitProcessSync(self, deadline: deadline, notes: self.notes + notes)
  }

  /// The same clone for another operation.
  package func before(_ deadline: Deadline) -> GitProcessSync {
    GitProcessSync(self, deadline: deadline, notes: notes)
  }

  /// The same clone for a moment more, however the operation ended: to find out what became of it, and to
  /// take back what must not stay.
  var settling: GitProcessSync { before(.after(Self.settlingPatience)) }

  // MARK: - Running git

  static let signingPatience = Duration.seconds(5)
  /// What is left to be done when time is up takes some milliseconds; with a git that hangs, so long.
  static let settlingPatience = Duration.seconds(1)

  /// Runs a local command in the clone, until the operation's deadline. Its exit code is the caller's to
  /// judge.
  /// - Parameter directory: The work tree's root by default.
  func run(
    _ arguments: [String], input: Command.Input = .nothing,
    adding variables: [String: String] = [:],
    in directory: String? = nil
  ) throws(GitError) -> CommandResult {
    // A signature that asks for a passphrase would wait for ever.
    let end = arguments.contains("-S") ? deadline.limited(to: Self.signingPatience) : deadline
    return try git.adding(variables).run(
      arguments, in: directory ?? clone.root, input: input, until: end)
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

  /// The one object that a local command names.
  func objectName(_ arguments: [String], doing what: String) throws(GitError) -> String {
    try GitOutput.objectName(try output(arguments, doing: what), what)
  }

  // MARK: - Where things stand

  /// How the clone's branch and the remote's, as it was last seen, stand to each other.
  ///
  /// Git reads the refs more than once for one answer, and others commit and fetch meanwhile: it is asked
  /// again until its answer can be, or cannot and nothing has moved.
  /// - Parameter isLevelLikely: Whether they are probably the same: then one child tells so. Otherwise one
  ///   child lists the difference, and none is believed only if a second one confirms it.
  func state(isLevelLikely: Bool = false) throws(GitError) -> CloneState {
    if isLevelLikely, let tips = try tips(), tips.isLevel { return CloneState() }
    var before: Tips?
    while true {
      var problem = GitError.unexpected(
        CloneState.comparing, "the list of commits is empty, and there are some")
      do {
        if let state = try difference() { return state }
      } catch {
        guard case .unexpected = error else { throw error }
        problem = error
      }
      guard let tips = try tips() else { throw problem }
      if tips.isLevel { return CloneState() }
      if tips == before { throw problem }
      before = tips
    }
  }

  /// The same as git lists it, once; nil where it lists nothing.
  private func difference() throws(GitError) -> CloneState? {
    let both = CloneState.arguments(clone.branchRef, tracking: clone.trackingRef)
    var result = try run(both)
    if !result.succeeded {
      switch (try commit(at: clone.branchRef), try commit(at: clone.trackingRef)) {
      case (nil, nil): return CloneState()
      case (let head?, nil): return CloneState(ahead: try all(of: head))
      case (nil, let tip?): return CloneState(behind: try all(of: tip), tip: tip, isUnborn: true)
      case (.some, .some):
        // The first commit of either may have come in between.
        result = try run(both)
      }
    }
    guard result.succeeded, result.stdoutDiscarded == 0 else {
      throw .failed(CloneState.comparing, result)
    }
    if result.stdout.isEmpty { return nil }
    return try CloneState(output: result.stdout, tracking: clone.trackingRef)
  }

  /// The commits of the clone's branch and of the remote's.
  private struct Tips: Equatable {
    let head: String
    let tip: String

    var isLevel: Bool { head == tip }
  }

  /// Nil unless both sides have a commit.
  private func tips() throws(GitError) -> Tips? {
    // The third is no commit: a git that gives one name to everything is not believed.
    let questions = [
      "\(clone.branchRef)^{commit}", "\(clone.trackingRef)^{commit}", "\(clone.branchRef)^{tree}",
    ]
    let result = try run(["rev-parse"] + questions)
    if !result.succeeded { return nil }
    let names = result.stdout.split(separator: .lineFeed, omittingEmptySubsequences: false)
    guard names.count == 4, names[..<3].allSatisfy(\.isObjectName), names[3].isEmpty,
      names[0] != names[2]
    else {
      throw .unexpected("reading \(clone.branchRef)", "the names of two commits were expected")
    }
    return Tips(head: names[0].string, tip: names[1].string)
  }

  /// The commits of a branch, the oldest first.
  private func all(of ref: String) throws(GitError) -> [CloneCommit] {
    let printed = try output(
      CloneState.arguments(ref, tracking: nil), doing: "listing the commits of \(ref)")
    return try CloneState(output: printed, tracking: nil).ahead
  }

  /// The commit that a ref names; nil if there is none.
  func commit(at ref: String) throws(GitError) -> String? {
    if let commit = try readCommit(at: ref) { return commit }
    do {
      if try !hasRef(ref) { return nil }
    } catch {
      throw .unexpected("reading \(ref)", "\(error)")
    }
    // Another process may have made it in between.
    if let commit = try readCommit(at: ref) { return commit }
    // Whoever takes damage for a branch without a commit would begin it anew.
    throw .unreadableRef(ref, clone.root)
  }

  private func readCommit(at ref: String) throws(GitError) -> String? {
    let result = try run(["rev-parse", "--quiet", "--verify", "\(ref)^{commit}"])
    if result.status == .exited(1) { return nil }
    guard result.succeeded else { throw .failed("reading \(ref)", result) }
    return try GitOutput.objectName(result.stdout, "reading \(ref)")
  }

  /// Whether there is such a ref, for all that git says of it.
  func hasRef(_ ref: String) throws -> Bool {
    if try FileStatus.exists("\(clone.commonDirectory)/\(ref)") { return true }
    let packed = try AtomicFile.readIfPresent(clone.commonDirectory + "/packed-refs") ?? []
    return packed.split(separator: .lineFeed).contains { $0.ends(with: " \(ref)".utf8) }
  }
}

extension Sequence where Element == UInt8 {
  fileprivate func ends(with suffix: some Sequence<UInt8>) -> Bool {
    reversed().starts(with: suffix.reversed())
  }
}
