internal import Platform

/// A clone as one operation has it: where it is, how long there is time, and what is set.
struct OpenClone: Sendable {
  let clone: Clone
  /// The clone's repository, until the operation's deadline.
  let repository: Repository
  let settings: SyncSettings
  let store: ThreadStore

  init(_ clone: Clone, git: Git, settings: SyncSettings, deadline: Deadline) {
    (self.clone, self.settings) = (clone, settings)
    repository = Repository(
      root: clone.root, own: clone.gitDirectory, common: clone.commonDirectory, git: git,
      deadline: deadline)
    store = ThreadStore(directory: clone.threads)
  }

  private init(_ open: OpenClone, _ deadline: Deadline) {
    (clone, settings, store) = (open.clone, open.settings, open.store)
    repository = open.repository.before(deadline)
  }

  /// The same clone for another operation.
  func before(_ deadline: Deadline) -> OpenClone { OpenClone(self, deadline) }
}

/// One concern of an open clone: a value that works on it, and has no state of its own. Each reaches the others
/// through the clone.
protocol OnClone: Sendable {
  var open: OpenClone { get }

  init(open: OpenClone)
}

extension OnClone {
  var clone: Clone { open.clone }
  var repository: Repository { open.repository }
  var settings: SyncSettings { open.settings }
  var store: ThreadStore { open.store }
  /// When the operation that this is for has to be over.
  var deadline: Deadline { open.repository.deadline }

  var workTree: WorkTree { WorkTree(open: open) }
  var handEdits: HandEdits { HandEdits(open: open) }
  var recovery: Recovery { Recovery(open: open) }
  var branch: RecordBranch { RecordBranch(open: open) }
  var applying: Applying { Applying(open: open) }
  var remote: CloneRemote { CloneRemote(open: open) }
  var integration: Integration { Integration(open: open) }
  var sender: Sender { Sender(open: open) }
  var arrivals: Arrivals { Arrivals(open: open) }
  /// The writes that wait here to be sent.
  var outbox: Outbox { Outbox(open: open) }
  /// The threads as commits have them.
  var past: ThreadHistory { ThreadHistory(open: open) }

  /// This concern of the clone for another operation.
  func before(_ deadline: Deadline) -> Self { Self(open: open.before(deadline)) }

  /// This concern of the clone for a moment more, however the operation ended: to find out what became of it, and to
  /// take back what must not stay.
  var settling: Self { before(.after(settlingPatience)) }

  /// The end of the wait for whoever works here, of an operation that has more to do after it: half of its time,
  /// at most five seconds.
  var shortTurn: Deadline { deadline.limited(to: min(.seconds(5), deadline.remaining / 2)) }

  /// How the clone's branch and the remote's, as it was last seen, stand to each other.
  /// - Parameter isLevelLikely: Whether they are probably the same: then one child tells so.
  func state(isLevelLikely: Bool = false) throws(GitError) -> CloneState {
    try repository.refs.state(
      of: clone.branchRef, beside: clone.trackingRef, isLevelLikely: isLevelLikely)
  }

  /// The commit that the clone's branch names; nil while it has none.
  func head() throws(GitError) -> String? { try repository.refs.tip(of: clone.branchRef) }

  /// A file's contents as a commit has it; nil where it has none.
  /// - Parameter commit: Whatever names a commit.
  func file(of topic: Topic, at commit: String) throws(GitError) -> [UInt8]? {
    try files(of: [topic], at: commit)[topic]
  }

  /// The contents of several threads' files as a commit has them; those that it does not have are left out.
  func files(of topics: [Topic], at commit: String) throws(GitError) -> [Topic: [UInt8]] {
    let objects = topics.map { "\(commit):\(clone.name(of: $0))" }
    let blobs = try repository.objects.blobs(objects)
    let known = zip(topics, objects).compactMap { topic, object in
      blobs[object].map { (topic, $0) }
    }
    return Dictionary(known) { first, _ in first }
  }

  /// A commit of threads' bytes that is to be made.
  func draft(
    _ files: [Topic: [UInt8]], on parent: String?, _ message: CommitMessage
  ) -> CommitDraft {
    let named = files.map { (clone.name(of: $0.key), [UInt8]?.some($0.value)) }
    return CommitDraft(
      parent: parent, files: Dictionary(named) { first, _ in first },
      message: message.text(after: settings.subject))
  }
}

/// The time for what is left to be done when time is up: that takes some milliseconds, and so long only with a git
/// that hangs.
let settlingPatience = Duration.seconds(1)

/// An error as whoever asked for something is told of it: each has words, and what to do.
func explained(_ error: any Error) -> any ExplainedError {
  switch error {
  // Its hint says that nothing was written, which is so where it is thrown before that.
  case let error as LockError: RemoteProblem(.unreachable, detail: error.message)
  case let error as any ExplainedError: error
  case Interruption.cancelled:
    RemoteProblem(.unreachable, detail: "called off before it was sent")
  case is Interruption: RemoteProblem(.unreachable, detail: "time was up before it was sent")
  default: RemoteProblem(.other, detail: "\(error)")
  }
}
