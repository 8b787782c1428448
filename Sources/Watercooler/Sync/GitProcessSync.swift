internal import Foundation

/// Threads kept in step with a remote branch, through the system's git.
///
/// A write is a commit here first, then one push; a read is one fetch. What others pushed meanwhile is
/// merged by the rules of `ThreadMerge`, and nothing is ever taken from what the remote has shown.
package struct GitProcessSync: Sendable {
  package let clone: Clone
  /// The clone's repository, until the operation's deadline.
  let repository: Repository
  let settings: SyncSettings
  let store: ThreadStore
  /// Sentences for people about how it was opened.
  let notes: [String]

  /// When the operation that this is for has to be over.
  var deadline: Deadline { repository.deadline }
  var signer: CommitSigner { CommitSigner(isSigning: settings.isSigning) }

  package init(
    _ clone: Clone, git: Git, settings: SyncSettings, deadline: Deadline, notes: [String] = []
  ) {
    (self.clone, self.settings, self.notes) = (clone, settings, notes)
    repository = Repository(
      root: clone.root, own: clone.gitDirectory, common: clone.commonDirectory, git: git,
      deadline: deadline)
    store = ThreadStore(directory: clone.threads)
  }

  private init(_ sync: GitProcessSync, deadline: Deadline, notes: [String]) {
    (clone, settings, store) = (sync.clone, sync.settings, sync.store)
    (repository, self.notes) = (sync.repository.before(deadline), notes)
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

  /// What is left to be done when time is up takes some milliseconds; with a git that hangs, so long.
  static let settlingPatience = Duration.seconds(1)

  /// How the clone's branch and the remote's, as it was last seen, stand to each other.
  /// - Parameter isLevelLikely: Whether they are probably the same: then one child tells so.
  func state(isLevelLikely: Bool = false) throws(GitError) -> CloneState {
    try repository.state(
      of: clone.branchRef, beside: clone.trackingRef, isLevelLikely: isLevelLikely)
  }

  /// A file's contents as a commit has it; nil where it has none.
  /// - Parameter commit: Whatever names a commit.
  func file(of topic: Topic, at commit: String) throws(GitError) -> [UInt8]? {
    let object = "\(commit):\(clone.name(of: topic))"
    return try repository.blobs([object])[object]
  }

  /// The same of several threads; those that have none are left out.
  func files(of topics: [Topic], at commit: String) throws(GitError) -> [Topic: [UInt8]] {
    let objects = topics.map { "\(commit):\(clone.name(of: $0))" }
    let blobs = try repository.blobs(objects)
    let known = zip(topics, objects).compactMap { topic, object in
      blobs[object].map { (topic, $0) }
    }
    return Dictionary(known) { first, _ in first }
  }

  /// Removes the stale ones of git's locks, and what a merge that was killed has left. The caller holds the
  /// write lock, so that nobody else of ours removes what is new by then.
  /// - Returns: Whether there was a lock.
  @discardableResult
  func removeStaleLocks() throws -> Bool {
    let stale = try repository.locks(of: clone.refs).filter(\.isStale)
    for file in try stale + repository.mergeFiles().filter(\.isStale) { unlink(file.path) }
    return !stale.isEmpty
  }
}
