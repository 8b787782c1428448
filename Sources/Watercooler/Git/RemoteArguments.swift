/// The arguments of a git that asks a remote.
extension GitArguments {
  /// Fetches one branch into another ref. No `+`: a branch that was rewritten is not taken over, but reported.
  static func fetch(_ branch: String, into ref: String, from remote: String) -> GitArguments {
    GitArguments(
      // Git says of the branch what became of it, also where it is as it was, or was rewritten.
      "fetch", "--verbose", "--no-progress", "--no-tags",
      // FETCH_HEAD is for people.
      "--no-write-fetch-head", "--no-recurse-submodules", "--end-of-options", remote,
      "\(branch):\(ref)")
  }

  /// Fetches a branch into a ref whatever that has, beside all else: without a refmap git would also move the
  /// branch as it was last seen.
  static func fetchAside(_ branch: String, into ref: String, from remote: String) -> GitArguments {
    GitArguments(
      "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
      "--refmap=", remote, "+\(branch):\(ref)")
  }

  /// Pushes a commit to a branch.
  /// - Parameter parent: The commit that the branch must have there, which the commit has among its ancestors:
  ///   nothing is overwritten by it, and a branch that was deleted is not made again. Nil where the branch
  ///   must not be there.
  static func push(
    _ commit: String, over parent: String?, to branch: String, at remote: String
  ) -> GitArguments {
    GitArguments(
      "push", "--porcelain",
      // A person's hooks are for the person's pushes, tags and submodules are not ours.
      "--no-verify", "--no-follow-tags", "--no-recurse-submodules",
      "--force-with-lease=\(branch):\(parent ?? "")", remote, "\(commit):\(branch)")
  }

  /// Asks whether a push would be taken.
  static func tryPush(_ commit: String, to branch: String, at remote: String) -> GitArguments {
    GitArguments(
      "push", "--dry-run", "--porcelain", "--no-verify", remote, "\(commit):\(branch)")
  }

  static func branches(of remote: String) -> GitArguments {
    GitArguments("ls-remote", "--heads", "--end-of-options", remote)
  }

  static func url(of remote: String) -> GitArguments { GitArguments("remote", "get-url", remote) }

  /// Clones, with nothing checked out.
  /// - Parameters:
  ///   - branch: The one branch to take; nil takes the one that the remote's HEAD names.
  ///   - isWhole: Whether all branches are taken.
  ///   - hasContents: Whether files come with the history; else they come when they are checked out, and only
  ///     those at the root, until a path is named.
  static func clone(
    _ url: String, into directory: String, as remote: String, branch: String?, isWhole: Bool,
    hasContents: Bool
  ) -> GitArguments {
    let part = isWhole ? [] : ["--single-branch"] + (branch.map { ["--branch", $0] } ?? [])
    return GitArguments("clone", "--quiet", "--no-checkout", "--no-tags", "--origin", remote)
      .appending(hasContents ? [] : ["--filter=blob:none", "--sparse"])
      .appending(part + ["--", url, directory])
  }
}
