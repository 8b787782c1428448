package import Platform

/// Threads on a branch of their own in a code repository: a linked work tree whose branch shares no
/// commit with the code. Nothing else of the repository is ever touched.
package struct OwnBranch: Sendable {
  /// The root of the code's work tree.
  package let project: String
  /// The place where the linked work tree is to be.
  package let root: String
  /// The branch's name, without `refs/heads/`.
  package let branch: String
  /// Whether it is noted that threads were shared at the place.
  private let isKnown: Bool
  /// In whose name the branch is begun.
  private let committer: Committer

  /// - Parameter settings: In whose name the branch is begun; nothing of it is signed.
  package init(
    project: String, root: String, branch: String, isKnown: Bool = false, settings: SyncSettings
  ) {
    (self.project, self.root, self.branch) = (project, root, branch)
    self.isKnown = isKnown
    committer = Committer(name: settings.author, email: settings.email, isSigning: false)
  }

  private var ref: String { "refs/heads/\(branch)" }
  private var tracking: String { Clone.trackingRef(of: branch) }
  /// The ref of the remote's branch until it is known to be one of threads.
  private var incoming: String { StateFile.incoming.path(with: branch) }

  /// For errors.
  private var doing: String { "making the branch \(branch)" }

  /// Makes the work tree, unless it is there.
  /// - Parameter takesLocal: Whether threads of this machine that are there are moved aside, to be imported.
  /// - Returns: Whether it was made now.
  /// - Throws: `OwnBranchError`, `CloneError`; then nothing was changed.
  @discardableResult
  package func make(
    _ git: Git, program: String, takesLocal: Bool = false, until deadline: Deadline,
    finish: () throws -> Void = {}
  ) throws -> Bool {
    let code = try Repository.at(project, git: git, deadline: deadline)
    let place = StorePlace(root)
    return try place.make(
      takesLocal: try takesLocal || isAbandoned, until: deadline,
      isThere: { try isThere(code, place) },
      fill: { draft in
        try check(code, place)
        try prepareBranch(code)
        try addWorkTree(draft, code, program)
      },
      finish: {
        guard let directory = try GitDirectory.at(root) else { throw GitError.notARepository(root) }
        try LostWorkTree(root: root, own: directory.own).connect()
        try finish()
      })
  }

  /// Whether what is here is a work tree whose repository is gone, or that git was cut off at making: nothing
  /// but its files is of use.
  private var isAbandoned: Bool {
    get throws {
      do {
        guard let directory = try GitDirectory.at(root), directory.isLinked else { return false }
        return try directory.head == nil && StoreMark.of(gitDirectory: directory.own) == nil
          && Self.isInitializing(directory.own)
      } catch is BrokenLink {
        // Others' work trees have such links, too.
        return isKnown || root.hasSuffix("/.watercooler")
      }
    }
  }

  /// Whether the work tree is here. One that an earlier version has made, or begun, becomes ours.
  private func isThere(_ code: Repository, _ place: StorePlace) throws -> Bool {
    guard try !isAbandoned, let directory = try GitDirectory.at(root) else { return false }
    if try StoreMark.of(gitDirectory: directory.own) != nil { return true }
    guard directory.isLinked, try GitDirectory.at(project)?.common == directory.common,
      try directory.head == ref
    else { throw CloneError.notEmpty(root) }
    if try !isOfThreads(ref, code) { throw OwnBranchError.checkedOut(branch, root) }
    // Files that are there stay; those that git had not yet put there come.
    if try Self.isInitializing(directory.own) { _ = try code.run(.unlockWorkTree(root)) }
    try code.output(.resetIndex, doing: doing, in: root)
    try code.output(.putFiles, doing: doing, in: root)
    try forgetApplied(in: directory.common)
    try StoreMark(branch: branch, at: root, of: directory).write(gitDirectory: directory.own)
    return true
  }

  /// Forgets how far what waits since an earlier work tree was in the branch of then: it says nothing of a new one.
  private func forgetApplied(in common: String) throws {
    let waiting = Clone.outboxDirectory(of: branch, in: common)
    let path = "\(waiting)/\(StateFile.applied.path())"
    if try FileStatus.exists(path) { try File.remove(path) }
  }

  // MARK: - What is there

  /// Refuses what is not ours to take, before anything is changed.
  private func check(_ code: Repository, _ place: StorePlace) throws {
    if try !code.run(.checkName(of: ref)).succeeded {
      throw OwnBranchError.badName(branch)
    }
    if try !code.run(.url(of: Clone.remote)).succeeded {
      throw OwnBranchError.noRemote(project)
    }
    guard let repository = try GitDirectory.at(project) else {
      throw GitError.notARepository(project)
    }
    let isGone = try isAbandoned || !FileStatus.exists(root + "/.git")
    for linked in try repository.linked {
      let isDraft = linked.root.isSamePath(as: place.draft)
      if try isDraft || isGone && linked.root.isSamePath(as: root) && isForgotten(linked) {
        try Directory.removeAll(linked.own)
      }
    }
    try removeStaleLocks(in: repository)
    let listed = try code.output(.workTrees, doing: doing)
    if let found = try WorkTreeList.records(listed).first(where: { $0.branch == ref }) {
      throw OwnBranchError.checkedOut(branch, found.root)
    }
  }

  /// Removes what a git that was killed has left of the refs that are ours alone. A git that is at work holds
  /// such a lock for a moment.
  private func removeStaleLocks(in repository: GitDirectory) throws {
    for name in [ref, tracking, incoming] {
      let path = "\(repository.common)/\(name).lock"
      guard let age = FileStatus.ifKnown(path)?.age else { continue }
      if age > .seconds(10) { try? File.remove(path) }
    }
  }

  /// Whether nothing of a work tree that is gone is anybody's: it was ours, or git was cut off at making it.
  private func isForgotten(_ linked: GitDirectory.Linked) throws -> Bool {
    if try StoreMark.of(gitDirectory: linked.own) != nil { return true }
    if try FileStatus.exists(linked.own + "/locked") { return try Self.isInitializing(linked.own) }
    return try GitDirectory.head(in: linked.own) == ref
  }

  /// Whether git is making a work tree, or was cut off at it: while it is, it keeps it locked.
  private static func isInitializing(_ own: String) throws -> Bool {
    try AtomicFile.readIfPresent(own + "/locked")?[...].trimmed.string == "initializing"
  }

  /// Fetches the branch, or begins it.
  private func prepareBranch(_ code: Repository) throws {
    defer { _ = try? code.refs.delete(incoming, doing: doing) }
    let answer = try code.fetchAside(ref, into: incoming, from: Clone.remote, until: code.deadline)
    let fetched = answer.result
    if !fetched.succeeded {
      let problem = RetryAfter(answer.trace)?.problem ?? RemoteProblem(stderr: fetched.stderr)
      if problem.kind != .noBranch { throw OwnBranchError.unreachable(branch, problem) }
      // Git says so of a web page, too.
      let branches = try RemoteBranches.ask(
        Clone.remote, code.git, in: project, until: code.deadline)
      if case .failure(let problem) = branches { throw OwnBranchError.unreachable(branch, problem) }
    }
    let isHere = try code.refs.commit(at: ref) != nil
    for found in [isHere ? ref : nil, fetched.succeeded ? incoming : nil].compactMap({ $0 }) {
      if try !isOfThreads(found, code) { throw OwnBranchError.ofCode(branch) }
    }
    if fetched.succeeded, try isContinued(code) {
      try code.refs.move(tracking, to: incoming, doing: doing)
    }
    if isHere { return }
    try forgetApplied(in: code.common)
    let first = fetched.succeeded ? incoming : try firstCommit(code)
    try code.refs.move(ref, to: first, from: "", doing: doing)
  }

  /// Whether what was fetched goes on what was seen of the branch: what was rewritten is for the first sync
  /// to notice.
  private func isContinued(_ code: Repository) throws -> Bool {
    if try code.refs.commit(at: tracking) == nil { return true }
    return try code.refs.isAncestor(tracking, of: incoming)
  }

  /// Whether a branch is one of threads: as `firstCommit` begins it, or with a write of ours in it.
  private func isOfThreads(_ ref: String, _ code: Repository) throws -> Bool {
    let attributes = try code.run(.blob("\(ref):.gitattributes"))
    if attributes.succeeded,
      String(decoding: attributes.stdout, as: UTF8.self).contains("merge=watercooler")
    {
      return true
    }
    return try code.history.newest(on: ref, withLine: "\(Trailer.topic): ") != nil
  }

  /// A commit with nothing but the attributes, which are of that branch alone: the repository's own are
  /// the code's.
  private func firstCommit(_ code: Repository) throws -> String {
    let attributes = Array("*.md \(ThreadAttributes.line)\n".utf8)
    let draft = CommitDraft(files: [".gitattributes": attributes], message: "Threads\n")
    return try code.commit(draft, by: committer).commit
  }

  // MARK: - The work tree

  private func addWorkTree(_ draft: String, _ code: Repository, _ program: String) throws {
    // For a person's own 'git pull' in it alone: where it cannot be written 'wc doctor' says so.
    for (key, value) in MergeDriver.configuration(program: program) {
      _ = try code.run(.set(key, to: value))
    }
    try code.output(.addWorkTree(draft, branch: branch), doing: doing)
    do {
      // On a full disk git may leave a file empty, and say nothing of it.
      try code.output(.compareFiles, doing: doing, in: draft)
      guard let directory = try GitDirectory.at(draft) else { throw GitError.notARepository(draft) }
      try StoreMark(branch: branch, at: root, of: directory).write(gitDirectory: directory.own)
    } catch {
      _ = try? code.run(.removeWorkTree(draft))
      throw error
    }
  }
}

/// A work tree as `git worktree list --porcelain -z` tells of it.
struct WorkTreeList {
  let root: String
  /// The full name of the branch that is checked out; nil for none.
  let branch: String?

  /// - Throws: `GitError.unexpected` for what is cut off.
  static func records(_ output: [UInt8]) throws(GitError) -> [WorkTreeList] {
    let lines = try GitOutput.fields(output, "listing the work trees")
    var records: [WorkTreeList] = []
    for record in lines.split(separator: "") {
      guard let first = record.first, first.hasPrefix("worktree ") else {
        throw .unexpected("listing the work trees", "'\(record.first ?? "")' begins no record")
      }
      let branch = record.first { $0.hasPrefix("branch ") }?.dropFirst("branch ".count)
      records.append(
        WorkTreeList(
          root: String(first.dropFirst("worktree ".count)), branch: branch.map(String.init)))
    }
    return records
  }
}

/// Why a project cannot have such a branch.
package enum OwnBranchError: ExplainedError, Equatable {
  case noRemote(String)
  case badName(String)
  /// It is checked out in a work tree of somebody's.
  case checkedOut(String, String)
  /// It is there, and has no threads.
  case ofCode(String)
  case unreachable(String, RemoteProblem)

  package var message: String {
    switch self {
    case .noRemote(let project):
      "\(project) has no remote '\(Clone.remote)' to share a branch through"
    case .badName(let branch): "'\(branch)' is no name of a branch"
    case .checkedOut(let branch, let root): "the branch '\(branch)' is checked out in \(root)"
    case .ofCode(let branch): "the branch '\(branch)' is there already, and holds no threads"
    case .unreachable(let branch, let problem):
      "'\(Clone.remote)' cannot be asked for the branch '\(branch)', nothing was changed: \(problem.message)"
    }
  }
  package var hint: String? {
    switch self {
    case .noRemote: "add one with 'git remote add origin URL'"
    case .badName: "choose another one, such as watercooler"
    case .checkedOut, .ofCode:
      "choose another name: threads have a branch of their own, such as watercooler"
    case .unreachable(_, let problem) where problem.isPassing:
      "try again when the remote can be reached"
    case .unreachable(_, let problem): problem.hint
    }
  }
}
