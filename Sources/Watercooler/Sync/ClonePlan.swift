internal import Foundation

/// A clone that is to be made: whole or not at all, by one process.
package struct ClonePlan: Sendable {
  package let url: String
  package let root: String
  /// Where the threads are in the repository; empty for the root. A path makes the clone sparse, and
  /// its history without contents.
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
    _ git: Git, program: String, takesLocal: Bool = false, until deadline: Deadline
  ) throws -> Bool {
    if url.hasPrefix("-") { throw CloneError.badURL(url) }
    return try StorePlace(root).make(
      takesLocal: takesLocal, until: deadline,
      isThere: { try FileStatus.exists(root + "/.git") },
      fill: { draft in
        try fill(draft, git, program, until: deadline)
        try StoreMark().write(gitDirectory: draft + "/.git")
      })
  }

  private func fill(
    _ directory: String, _ git: Git, _ program: String, until deadline: Deadline
  ) throws {
    let hasPath = !path.isEmpty
    let only = branch.map { ["--single-branch", "--branch", $0] } ?? ["--single-branch"]
    let sparse = hasPath ? ["--filter=blob:none", "--sparse"] + (makesBranch ? [] : only) : []
    let (cloned, trace) = try git.runTraced(
      ["clone", "--quiet", "--no-checkout", "--no-tags", "--origin", Clone.remote] + sparse
        + ["--", url, directory], until: deadline)
    if !cloned.succeeded {
      let problem = RetryAfter(trace)?.problem ?? RemoteProblem(stderr: cloned.stderr)
      throw CloneError.failed(Redaction.redact(url), problem)
    }
    func run(_ arguments: [String]) throws -> CommandResult {
      try git.run(arguments, in: directory, until: deadline)
    }
    func must(_ arguments: [String]) throws -> String {
      let result = try run(arguments)
      guard result.succeeded else { throw GitError.failed("setting up the clone", result) }
      return String(decoding: result.stdout, as: UTF8.self).filter { !$0.isNewline }
    }
    let head = try must(["symbolic-ref", "--short", "HEAD"])
    let branch = branch ?? head
    if branch != head { _ = try must(["symbolic-ref", "HEAD", "refs/heads/\(branch)"]) }
    for (key, value) in [
      ("watercooler.threads", "true"), ("watercooler.git.branch", branch),
      ("watercooler.git.path", path), ("merge.watercooler.name", "Watercooler threads"),
      ("merge.watercooler.driver", MergeDriver.command(program: program)),
      // For a plain 'git pull': git sets it only of a branch that is there, and of the default one.
      ("branch.\(branch).remote", Clone.remote), ("branch.\(branch).merge", "refs/heads/\(branch)"),
      (
        "remote.\(Clone.remote).fetch",
        // No "+": what was rewritten there is noticed, also where somebody fetches by hand.
        hasPath
          ? "refs/heads/\(branch):refs/remotes/\(Clone.remote)/\(branch)"
          : "refs/heads/*:refs/remotes/\(Clone.remote)/*"
      ),
    ] where !value.isEmpty {
      _ = try must(["config", "--local", key, value])
    }
    try ThreadAttributes.write(gitDirectory: directory + "/.git", path: path)
    // Not by cones: those have all files of the directories above it too.
    if hasPath { _ = try must(["sparse-checkout", "set", "--no-cone", pattern]) }
    let tracking = "refs/remotes/\(Clone.remote)/\(branch)"
    if try run(["rev-parse", "--quiet", "--verify", tracking]).succeeded {
      _ = try must(["reset", "--quiet", "--hard", tracking])
      return
    }
    // The branch is not there. In an empty repository that is how all begins.
    let isEmpty =
      try run(["rev-parse", "--quiet", "--verify", "--all"]).stdout.isEmpty
      && must(["for-each-ref", "--count=1", "refs/remotes"]).isEmpty
    if !isEmpty, !makesBranch { throw CloneError.noBranch(branch, url: Redaction.redact(url)) }
  }

  /// The path as a pattern of sparse checkouts.
  private var pattern: String {
    "/" + path.flatMap { #"\*?["#.contains($0) ? "\\\($0)" : "\($0)" } + "/"
  }
}

/// What git is told about thread files in a clone of ours, outside the tracked tree.
enum ThreadAttributes {
  /// Bytes, merged by us.
  static let line = "merge=watercooler -text -filter -ident -working-tree-encoding"

  /// A pattern as git reads it from a file of attributes: a space would end it.
  private static func quoted(_ pattern: String) -> String {
    let escaped =
      pattern.dropLast(4).map { "[]?*\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "*.md"
    if !escaped.contains(where: { $0.isWhitespace || $0 == "\"" || $0 == "\\" }) { return escaped }
    let inside = escaped.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(inside)\""
  }

  static func write(gitDirectory: String, path: String) throws {
    let info = gitDirectory + "/info"
    try ThreadStore(directory: info).makeDirectory()
    let pattern = path.isEmpty ? "/*.md" : "/\(path)/*.md"
    let text = "\(quoted(pattern)) \(line)\n"
    try AtomicFile.replace("attributes", in: info, with: Array(text.utf8))
    try AtomicFile.replace(
      "exclude", in: info, with: Array("\(AtomicFile.temporaryName)\n".utf8))
  }
}

/// A clone that cannot be made as asked.
package enum CloneError: ExplainedError, Equatable {
  case badURL(String)
  case notEmpty(String)
  case noBranch(String, url: String)
  case failed(String, RemoteProblem)

  package var message: String {
    switch self {
    case .badURL(let url): "'\(url)' is no URL of a repository"
    case .notEmpty(let root): "\(root) has files in it already"
    case .noBranch(let branch, let url): "\(url) has no branch '\(branch)'"
    case .failed(let url, let problem):
      "cannot clone \(url), nothing was written: \(problem.message)"
    }
  }

  package var hint: String? {
    switch self {
    case .badURL: "give one such as git@example.org:team/threads.git"
    case .notEmpty:
      "'wc init URL --import' takes threads in that are there; else choose another --dir"
    case .noBranch(let branch, _): "'wc init URL --branch \(branch)' begins it"
    case .failed(_, let problem) where problem.kind == .leftAlone: "try again after that"
    case .failed(_, let problem) where problem.kind == .notGit: problem.hint
    case .failed(_, let problem) where problem.isPassing: "try again when the remote can be reached"
    case .failed(_, let problem): problem.hint
    }
  }
}
