package import Platform

/// A clone that is to be made: whole or not at all, by one process.
package struct ClonePlan: Sendable {
  /// The repository's URL as it was given; it may have secrets in it.
  package let url: String
  /// The place of the clone, an absolute path.
  package let root: String
  /// The directory of the threads in the repository, from its root; empty for the root. A path makes the clone
  /// sparse, and its history without contents.
  package let path: String
  /// Nil takes the remote's default branch.
  package let branch: String?
  /// Whether a branch that the remote does not have is begun.
  package let makesBranch: Bool

  package init(url: String, root: String, path: String, branch: String?, makesBranch: Bool) {
    (self.url, self.root, self.path) = (url, root, path)
    (self.branch, self.makesBranch) = (branch, makesBranch)
  }

  /// Clones, unless it is there. Somebody who asks for the same clone meanwhile waits and uses it.
  /// - Parameter takesLocal: Whether threads of this machine that are there are moved aside, to be imported.
  /// - Returns: Whether it was made now.
  @discardableResult
  package func make(
    _ git: Git, program: String, takesLocal: Bool = false, until deadline: Deadline,
    finish: () throws -> Void = {}
  ) throws -> Bool {
    if url.hasPrefix("-") { throw CloneError.badURL(url) }
    if path.split(separator: "/").contains(where: { [".", "..", ".git"].contains($0) }) {
      throw CloneError.badPath(path)
    }
    return try StorePlace(root).make(
      takesLocal: takesLocal, until: deadline,
      isThere: { try FileStatus.exists(root + "/.git") },
      fill: { draft in
        try fill(draft, git, program, until: deadline)
        try StoreMark().write(gitDirectory: draft + "/.git")
      }, finish: finish)
  }

  /// Makes the clone in a directory that is not there.
  private func fill(
    _ directory: String, _ git: Git, _ program: String, until deadline: Deadline
  ) throws {
    try clone(into: directory, git, until: deadline)
    let draft = try Repository.at(directory, git: git, deadline: deadline)
    let doing = "setting up the clone"
    // A remote may have checked out no branch: then it is chosen among them.
    let head = try draft.refs.branch()
    var (branch, isThere) = (branch ?? head ?? "", true)
    if try draft.refs.commit(at: Clone.trackingRef(of: branch)) == nil {
      let branches = try remoteBranches(Clone.remote, git, in: directory, until: deadline)
      let config = try git.config(in: directory, isRoot: true, until: deadline)
      if branches.names.isEmpty, branches.isSHA256, config.get("extensions.objectformat") == nil {
        // Git has not taken over the format of an empty remote: nothing could ever be pushed.
        try Directory.removeAll(directory)
        try clone(into: directory, git.adding(["GIT_DEFAULT_HASH": "sha256"]), until: deadline)
      }
      (branch, isThere) = try chosen(of: branches.names)
    }
    if branch != head { try draft.output(.head(names: "refs/heads/\(branch)"), doing: doing) }
    let settings = configuration(branch, program).filter { !$0.value.isEmpty }
    for (key, value) in settings { try draft.output(.set(key, to: value), doing: doing) }
    // Without one of them the threads would be looked for elsewhere.
    let kept = try git.config(in: directory, isRoot: true, until: deadline)
    if let missing = settings.first(where: { kept.get($0.key) != $0.value }) {
      throw GitError.unexpected(doing, "it did not keep \(missing.key)")
    }
    try ThreadAttributes.write(gitDirectory: directory + "/.git", path: path)
    if !path.isEmpty { try draft.output(.checkOutOnly(pattern), doing: doing) }
    if !isThere { return }
    let tracking = Clone.trackingRef(of: branch)
    if !path.isEmpty, try draft.run(.blob("\(tracking):\(path)")).succeeded {
      throw CloneError.badPath(path)
    }
    if try draft.refs.commit(at: tracking) == nil {
      let fetched = try draft.fetch(
        "refs/heads/\(branch)", into: tracking, from: Clone.remote, until: deadline)
      guard fetched.result.succeeded else { throw GitError.failed(doing, fetched.result) }
    }
    try draft.output(.checkOut(tracking), doing: doing)
    if !path.isEmpty { try checkIsWhole(draft) }
  }

  /// Throws where git left files of the path out: threads that it was not told of would be missing without a
  /// word.
  private func checkIsWhole(_ draft: Repository) throws {
    let doing = "checking \(path) out"
    let listed = try GitOutput.fields(
      try draft.output(.indexLetters(of: path), doing: doing), doing)
    if listed.contains(where: { $0.hasPrefix("S ") }) {
      throw GitError.unexpected(doing, "it left files out")
    }
  }

  /// Has git clone, with nothing checked out. A branch that the remote does not have is no reason to fail: it
  /// may have none at all.
  private func clone(into directory: String, _ git: Git, until deadline: Deadline) throws {
    func clone(isWhole: Bool) throws -> RemoteProblem? {
      let answer = try git.ask(
        .clone(
          url, into: directory, as: Clone.remote, branch: branch, isWhole: isWhole,
          hasContents: path.isEmpty), until: deadline)
      if answer.result.succeeded { return nil }
      return RetryAfter(answer.trace)?.problem ?? RemoteProblem(stderr: answer.result.stderr)
    }
    var problem = try clone(isWhole: path.isEmpty || makesBranch)
    if problem?.kind == .noBranch, let branch {
      // An empty remote has none of any name, and so has a web page.
      let names = try remoteBranches(url, git, in: nil, until: deadline).names
      if !names.isEmpty, !names.contains(branch) {
        throw CloneError.noBranch(branch, url: Redaction.redact(url))
      }
      problem = try clone(isWhole: true)
    }
    if let problem { throw CloneError.failed(Redaction.redact(url), problem) }
  }

  /// The settings of the clone's own configuration; an empty one is left out.
  private func configuration(_ branch: String, _ program: String) -> [(key: String, value: String)]
  {
    [
      (StoreMark.threadsKey, "true"), ("watercooler.git.branch", branch),
      ("watercooler.git.path", path), (StoreMark.begunKey, makesBranch ? branch : ""),
      // For a plain 'git pull': git sets it only of a branch that is there, and of the default one.
      ("branch.\(branch).remote", Clone.remote), ("branch.\(branch).merge", "refs/heads/\(branch)"),
      (
        "remote.\(Clone.remote).fetch",
        // No "+": what was rewritten there is noticed, also where somebody fetches by hand.
        path.isEmpty
          ? "refs/heads/*:\(Clone.trackingRef(of: "*"))"
          : "refs/heads/\(branch):\(Clone.trackingRef(of: branch))"
      ),
    ] + MergeDriver.configuration(program: program)
  }

  /// The branch to follow where what was cloned has not the one that was asked for, or that the remote's HEAD
  /// names, and whether the remote has it.
  private func chosen(of names: [String]) throws -> (branch: String, isThere: Bool) {
    // In an empty repository that is how all begins.
    if names.isEmpty { return (branch ?? RemoteBranches.first, false) }
    let url = Redaction.redact(url)
    guard let wanted = branch else {
      // The first to join a repository while it was empty began that one, whatever its HEAD names.
      let first = RemoteBranches.first
      if !names.contains(first) { throw CloneError.noDefault(names, url: url) }
      return (first, true)
    }
    let isThere = names.contains(wanted)
    if !isThere, !makesBranch { throw CloneError.noBranch(wanted, url: url) }
    return (wanted, isThere)
  }

  private func remoteBranches(
    _ remote: String, _ git: Git, in directory: String?, until deadline: Deadline
  ) throws -> RemoteBranches {
    switch try RemoteBranches.ask(remote, git, in: directory, until: deadline) {
    case .success(let branches): return branches
    case .failure(let problem): throw CloneError.failed(Redaction.redact(url), problem)
    }
  }

  /// The path as a pattern of sparse checkouts.
  private var pattern: String {
    "/" + path.flatMap { #"\*?["#.contains($0) ? "\\\($0)" : "\($0)" } + "/"
  }
}

/// A clone that cannot be made as asked.
package enum CloneError: ExplainedError, Equatable {
  case badURL(String)
  case notEmpty(String)
  /// A path that cannot be that of a directory in the repository.
  case badPath(String)
  /// Nothing can be put in its place.
  case mountPoint(String)
  /// Something of somebody's has a name that is needed to make it.
  case taken(String)
  case noBranch(String, url: String)
  /// The remote's HEAD names no branch that it has.
  case noDefault([String], url: String)
  case failed(String, RemoteProblem)

  package var message: String {
    switch self {
    case .badURL(let url): "'\(url)' is no URL of a repository"
    case .notEmpty(let root): "\(root) has files in it already"
    case .badPath(let path): "'\(path)' cannot be where threads are in the repository"
    case .taken(let path): "\(path) is there, and its name is needed to make the clone"
    case .mountPoint(let root): "\(root) is a mount point, and cannot be replaced by a clone"
    case .noBranch(let branch, let url): "\(url) has no branch '\(branch)'"
    case .noDefault(let names, let url):
      "the HEAD of \(url) names no branch, and there are some: \(RemoteBranches(names: names).list)"
    case .failed(let url, let problem):
      "cannot clone \(url), nothing was written: \(problem.message)"
    }
  }

  package var hint: String? {
    switch self {
    case .badURL: "give one such as git@example.org:team/threads.git"
    case .badPath: "give the path of a directory, such as notes/threads"
    case .taken: "move it away, or choose another place with --dir"
    case .mountPoint(let root):
      "name a directory in it: --dir \(SSHCommand.quoted(root + "/threads"))"
    case .notEmpty:
      "'\(programName) init URL --import' takes threads in that are there; else choose another --dir"
    case .noBranch(let branch, _): "'\(programName) init URL --branch \(branch)' begins it"
    case .failed(_, let problem) where problem.kind == .leftAlone: "try again after that"
    case .noDefault:
      "choose the one that the threads are on, or a new one, with '\(programName) init --branch' or WATERCOOLER_GIT_BRANCH"
    case .failed(_, let problem) where problem.kind == .notGit: problem.hint
    case .failed(_, let problem) where problem.isPassing: "try again when the remote can be reached"
    case .failed(_, let problem): problem.hint
    }
  }
}
