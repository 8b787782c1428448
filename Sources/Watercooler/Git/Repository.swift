internal import Platform

/// A repository with a work tree, asked and changed through the system's git: running it, making commits, and
/// its remotes; all else by what it is of. It knows nothing of what the files are about.
struct Repository: Sendable {
  /// The root of the work tree.
  let root: String
  /// The work tree's own git directory: index, HEAD.
  let own: String
  /// The one that all work trees of the repository share; the same as `own` in the main one.
  let common: String
  let git: Git
  /// When a local command has to be over.
  let deadline: Deadline

  init(_ directory: GitDirectory, git: Git, deadline: Deadline) {
    self.init(
      root: directory.root, own: directory.own, common: directory.common, git: git,
      deadline: deadline)
  }

  init(root: String, own: String, common: String, git: Git, deadline: Deadline) {
    // A repository that is damaged is none to git, which would go on with the one around it.
    self.git = git.adding(git.ceiling(of: root))
    (self.root, self.own, self.common, self.deadline) = (root, own, common, deadline)
  }

  /// The same repository for another operation.
  func before(_ deadline: Deadline) -> Repository {
    Repository(root: root, own: own, common: common, git: git, deadline: deadline)
  }

  /// The repository at the root of a work tree.
  /// - Throws: `GitError.notARepository`, `BrokenLink`, `SystemError`.
  static func at(_ root: String, git: Git, deadline: Deadline) throws -> Repository {
    guard let directory = try GitDirectory.at(root) else { throw GitError.notARepository(root) }
    return Repository(directory, git: git, deadline: deadline)
  }

  // MARK: - Running git

  /// Runs a local command until the deadline. Its exit code is the caller's to judge.
  /// - Parameters:
  ///   - input: What the child reads; a lock whose descriptor it has lives as long as the child.
  ///   - directory: Where it runs; the work tree's root by default.
  ///   - end: When it has to be over, where that is before the deadline.
  func run(
    _ arguments: GitArguments, input: Command.Input = .nothing,
    adding variables: [String: String] = [:], in directory: String? = nil,
    until end: Deadline? = nil
  ) throws(GitError) -> CommandResult {
    try git.adding(variables).run(
      arguments.words, in: directory ?? root, input: input, until: end ?? deadline)
  }

  /// The output of a local command, which must succeed, and be printed whole.
  /// - Parameter doing: What it is for, in the words of an error: "reading the branch".
  @discardableResult
  func output(
    _ arguments: GitArguments, doing: String, input: Command.Input = .nothing,
    adding variables: [String: String] = [:], in directory: String? = nil,
    until end: Deadline? = nil
  ) throws(GitError) -> [UInt8] {
    let result = try run(
      arguments, input: input, adding: variables, in: directory, until: end)
    guard result.succeeded, result.stdoutDiscarded == 0 else { throw failure(doing, result) }
    return result.stdout
  }

  /// The error of a command that failed: of git's own locks we know more than git does.
  func failure(_ doing: String, _ result: CommandResult) -> GitError {
    locks.inTheWay(of: result).map { .locked($0) } ?? .failed(doing, result)
  }

  // MARK: - What git is asked of

  var refs: Refs { Refs(repository: self) }
  var objects: Objects { Objects(repository: self) }
  var history: History { History(repository: self) }
  var files: WorkTreeFiles { WorkTreeFiles(repository: self) }
  var locks: GitLocks { GitLocks(repository: self) }

  /// Does what git thinks is due about its own files. Cut off by the deadline it is begun again by the next.
  func maintain() {
    _ = try? git.run(
      GitArguments.maintenance.words, in: root, configuration: .asIs, until: deadline)
  }
}

/// One concern of a repository, and the calls of git that belong to it.
protocol OfRepository: Sendable {
  var repository: Repository { get }
}

extension OfRepository {
  /// As `Repository.run`.
  func run(
    _ arguments: GitArguments, input: Command.Input = .nothing
  ) throws(GitError) -> CommandResult {
    try repository.run(arguments, input: input)
  }

  /// As `Repository.output`.
  @discardableResult
  func output(
    _ arguments: GitArguments, doing: String, input: Command.Input = .nothing,
    adding variables: [String: String] = [:], in directory: String? = nil
  ) throws(GitError) -> [UInt8] {
    try repository.output(
      arguments, doing: doing, input: input, adding: variables, in: directory)
  }
}
