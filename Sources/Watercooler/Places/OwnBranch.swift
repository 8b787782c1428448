internal import Foundation

/// Threads on a branch of their own in a code repository: a linked work tree whose branch shares no
/// commit with the code. Nothing else of the repository is ever touched.
package struct OwnBranch: Sendable {
  /// The root of the code's work tree.
  package let project: String
  /// Where the linked work tree is to be.
  package let root: String
  package let branch: String
  /// Whether it is noted that threads were shared at the place.
  private let isKnown: Bool

  package init(project: String, root: String, branch: String, isKnown: Bool = false) {
    (self.project, self.root, self.branch) = (project, root, branch)
    self.isKnown = isKnown
  }

  private var ref: String { "refs/heads/\(branch)" }
  private var tracking: String { "refs/remotes/\(Clone.remote)/\(branch)" }
  /// Where the remote's is until it is known to be one of threads.
  private var incoming: String { "refs/watercooler/incoming/\(branch)" }

  /// Makes the work tree, unless it is there.
  /// - Parameter takesLocal: Whether threads of this machine that are there are moved aside, to be imported.
  /// - Returns: Whether it was made now.
  /// - Throws: `OwnBranchError`, `CloneError`; then nothing was changed.
  @discardableResult
  package func make(
    _ git: Git, program: String, takesLocal: Bool = false, until deadline: Deadline,
    finish: () throws -> Void = {}
  ) throws -> Bool {
    let call = Call(git: git, project: project, branch: branch, deadline: deadline)
    let place = StorePlace(root)
    return try place.make(
      takesLocal: try takesLocal || isAbandoned, until: deadline,
      isThere: { try isThere(call, place) },
      fill: { draft in
        try check(call, place)
        try prepareBranch(call)
        try addWorkTree(draft, call, program)
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
  private func isThere(_ call: Call, _ place: StorePlace) throws -> Bool {
    guard try !isAbandoned, let directory = try GitDirectory.at(root) else { return false }
    if try StoreMark.of(gitDirectory: directory.own) != nil { return true }
    guard directory.isLinked, try GitDirectory.at(project)?.common == directory.common,
      try directory.head == ref
    else { throw CloneError.notEmpty(root) }
    if try !isOfThreads(ref, call) { throw OwnBranchError.checkedOut(branch, root) }
    // Files that are there stay; those that git had not yet put there come.
    if try Self.isInitializing(directory.own) { _ = try call.run(["worktree", "unlock", root]) }
    try call.must(["reset", "--quiet"], in: root)
    try call.must(["checkout-index", "--quiet", "--all"], in: root)
    try StoreMark(branch: branch, at: root, of: directory).write(gitDirectory: directory.own)
    return true
  }

  // MARK: - What is there

  /// Refuses what is not ours to take, before anything is changed.
  private func check(_ call: Call, _ place: StorePlace) throws {
    if try !call.run(["check-ref-format", ref]).succeeded {
      throw OwnBranchError.badName(branch)
    }
    if try !call.run(["remote", "get-url", Clone.remote]).succeeded {
      throw OwnBranchError.noRemote(project)
    }
    guard let repository = try GitDirectory.at(project) else {
      throw GitError.notARepository(project)
    }
    let isGone = try isAbandoned || !FileStatus.exists(root + "/.git")
    for linked in try repository.linked {
      let isDraft = linked.root.isSamePath(as: place.draft)
      if try isDraft || isGone && linked.root.isSamePath(as: root) && isForgotten(linked) {
        try FileManager.default.removeItem(atPath: linked.own)
      }
    }
    try removeStaleLocks(in: repository)
    let listed = try call.must(["worktree", "list", "--porcelain", "-z"])
    if let found = try WorkTreeList.records(listed).first(where: { $0.branch == ref }) {
      throw OwnBranchError.checkedOut(branch, found.root)
    }
  }

  /// Removes what a git that was killed has left of the refs that are ours alone. A git that is at work holds
  /// such a lock for a moment.
  private func removeStaleLocks(in repository: GitDirectory) throws {
    for name in [ref, tracking, incoming] {
      let path = "\(repository.common)/\(name).lock"
      guard let age = SharedMoment(path: path).age else { continue }
      if age > .seconds(10) { unlink(path) }
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
  private func prepareBranch(_ call: Call) throws {
    defer { _ = try? call.run(["update-ref", "-d", incoming]) }
    let (fetched, trace) = try call.git.runTraced(
      [
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
        // Without a refmap git would also move what the person has seen of the branch.
        "--refmap=", Clone.remote, "+\(ref):\(incoming)",
      ], in: project, until: call.deadline)
    if !fetched.succeeded {
      let problem = RetryAfter(trace)?.problem ?? RemoteProblem(stderr: fetched.stderr)
      if problem.kind != .noBranch { throw OwnBranchError.unreachable(branch, problem) }
      // Git says so of a web page, too.
      let branches = try RemoteBranches.ask(
        Clone.remote, call.git, in: project, until: call.deadline)
      if case .failure(let problem) = branches { throw OwnBranchError.unreachable(branch, problem) }
    }
    let isHere = try call.has(ref)
    for found in [isHere ? ref : nil, fetched.succeeded ? incoming : nil].compactMap({ $0 }) {
      if try !isOfThreads(found, call) { throw OwnBranchError.ofCode(branch) }
    }
    if fetched.succeeded, try isContinued(call) {
      try call.must(["update-ref", tracking, incoming])
    }
    if isHere { return }
    let first = fetched.succeeded ? incoming : try firstCommit(call)
    try call.must(["update-ref", ref, first, ""])
  }

  /// Whether what was fetched goes on what was seen of the branch: what was rewritten is for the first sync
  /// to notice.
  private func isContinued(_ call: Call) throws -> Bool {
    if try !call.has(tracking) { return true }
    return try call.run(["merge-base", "--is-ancestor", tracking, incoming]).succeeded
  }

  /// Whether a branch is one of threads: as `firstCommit` begins it, or with a write of ours in it.
  private func isOfThreads(_ ref: String, _ call: Call) throws -> Bool {
    let attributes = try call.run(["cat-file", "blob", "\(ref):.gitattributes"])
    if attributes.succeeded,
      String(decoding: attributes.stdout, as: UTF8.self).contains("merge=watercooler")
    {
      return true
    }
    let written = try call.must([
      "log", "-1", "--format=%H", "--grep=^\(Trailer.topic): ", ref, "--",
    ])
    return !written.isEmpty
  }

  /// A commit with nothing but the attributes, which are of that branch alone: the repository's own are
  /// the code's.
  private func firstCommit(_ call: Call) throws -> String {
    let doing = "making the branch \(branch)"
    let attributes = Array("*.md \(ThreadAttributes.line)\n".utf8)
    let blob = try call.name(
      ["hash-object", "-w", "--no-filters", "--stdin"], input: attributes, doing)
    let tree = try call.name(
      ["mktree"], input: Array("100644 blob \(blob)\t.gitattributes\n".utf8), doing)
    return try call.name(["commit-tree", "-F", "-", tree], input: Array("Threads\n".utf8), doing)
  }

  // MARK: - The work tree

  private func addWorkTree(_ draft: String, _ call: Call, _ program: String) throws {
    // For a person's own 'git pull' in it alone: where it cannot be written 'wc doctor' says so.
    for (key, value) in MergeDriver.configuration(program: program) {
      _ = try call.run(["config", "--local", key, value])
    }
    try call.must(["worktree", "add", "--quiet", draft, branch])
    do {
      // Where the disk is full git may leave a file empty, and say nothing of it.
      try call.must(["diff-files", "--quiet"], in: draft)
      guard let directory = try GitDirectory.at(draft) else { throw GitError.notARepository(draft) }
      try StoreMark(branch: branch, at: root, of: directory).write(gitDirectory: directory.own)
    } catch {
      _ = try? call.run(["worktree", "remove", "--force", "--force", draft])
      throw error
    }
  }
}

extension OwnBranch {
  /// Git in the project, for one operation.
  private struct Call {
    let git: Git
    let project: String
    let branch: String
    let deadline: Deadline

    func run(
      _ arguments: [String], input: Command.Input = .nothing, in directory: String? = nil
    ) throws(GitError) -> CommandResult {
      try git.run(arguments, in: directory ?? project, input: input, until: deadline)
    }

    @discardableResult
    func must(_ arguments: [String], in directory: String? = nil) throws(GitError) -> [UInt8] {
      let result = try run(arguments, in: directory)
      guard result.succeeded else { throw .failed("making the branch \(branch)", result) }
      return result.stdout
    }

    func name(_ arguments: [String], input: [UInt8], _ doing: String) throws(GitError) -> String {
      let result = try run(arguments, input: .bytes(input))
      guard result.succeeded else { throw .failed(doing, result) }
      return try GitOutput.objectName(result.stdout, doing)
    }

    func has(_ ref: String) throws(GitError) -> Bool {
      let result = try run(["rev-parse", "--quiet", "--verify", "\(ref)^{commit}"])
      if result.status == .exited(1) { return false }
      guard result.succeeded else { throw .failed("reading \(ref)", result) }
      return true
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
