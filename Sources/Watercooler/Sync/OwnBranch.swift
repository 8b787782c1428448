internal import Foundation

/// Threads on a branch of their own in a code repository: a linked work tree whose branch shares no
/// commit with the code. The code's branch, index and stash are never touched.
package struct OwnBranch: Sendable {
  /// The root of the code's work tree.
  package let project: String
  /// Where the linked work tree is to be.
  package let root: String
  package let branch: String

  package init(project: String, root: String, branch: String) {
    (self.project, self.root, self.branch) = (project, root, branch)
  }

  package func make(_ git: Git, program: String, until deadline: Deadline) throws {
    func run(_ arguments: [String], input: Command.Input = .nothing) throws -> CommandResult {
      try git.run(arguments, in: project, input: input, until: deadline)
    }
    func must(_ arguments: [String], input: Command.Input = .nothing) throws -> String {
      let result = try run(arguments, input: input)
      guard result.succeeded else {
        throw GitError.failed("making the branch \(branch)", result)
      }
      return String(decoding: result.stdout, as: UTF8.self).filter { !$0.isNewline }
    }
    let remoteURL = try run(["remote", "get-url", Clone.remote])
    if !remoteURL.succeeded { throw OwnBranchError.noRemote(project) }
    let ref = "refs/heads/\(branch)"
    let tracking = "refs/remotes/\(Clone.remote)/\(branch)"
    let fetched = try run(["fetch", "--quiet", "--no-tags", Clone.remote, "\(ref):\(tracking)"])
    if !fetched.succeeded {
      let problem = RemoteProblem(stderr: fetched.stderr)
      if problem.kind != .noBranch { throw CloneError.failed(Clone.remote, problem) }
    }
    if try !run(["rev-parse", "--quiet", "--verify", ref]).succeeded {
      if fetched.succeeded {
        _ = try must(["update-ref", ref, tracking, ""])
      } else {
        // Attributes on that branch alone: the repository's own are the code's.
        let attributes = Array("*.md \(ThreadAttributes.line)\n".utf8)
        let blob = try must(
          ["hash-object", "-w", "--no-filters", "--stdin"], input: .bytes(attributes))
        let tree = try must(
          ["mktree"], input: .bytes(Array("100644 blob \(blob)\t.gitattributes\n".utf8)))
        let commit = try must(
          ["commit-tree", "-F", "-", tree], input: .bytes(Array("Threads\n".utf8)))
        _ = try must(["update-ref", ref, commit, ""])
      }
    }
    for (key, value) in [
      ("watercooler.threads", "true"), ("watercooler.git.branch", branch),
      ("merge.watercooler.name", "Watercooler threads"),
      ("merge.watercooler.driver", MergeDriver.command(program: program)),
    ] {
      _ = try must(["config", "--local", key, value])
    }
    rmdir(root)
    _ = try must(["worktree", "add", "--quiet", root, branch])
  }
}

/// Why a project cannot have such a branch.
package enum OwnBranchError: ExplainedError, Equatable {
  case noRemote(String)

  package var message: String {
    switch self {
    case .noRemote(let project):
      "\(project) has no remote '\(Clone.remote)' to share a branch through"
    }
  }
  package var hint: String? { "add one with 'git remote add origin URL'" }
}
