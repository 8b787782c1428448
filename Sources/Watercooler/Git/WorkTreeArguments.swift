/// The arguments of a git that looks at a work tree and its index, or changes them.
extension GitArguments {
  /// A path is a name, and never a pattern.
  private static let literally = "--literal-pathspecs"

  // MARK: - Looking

  /// Lists what is not as the branch has it, under a directory; the branch comes first, where nothing differs
  /// too. A thread that was renamed is two files.
  static let status = GitArguments(
    "status", "--porcelain=v1", "-z", "--branch", "--untracked-files=all", "--no-renames", "--", "."
  )

  /// Lists the files of the index under a directory, each after a letter: `S` for one that is skipped, as in a
  /// sparse checkout, a small one for what is assumed to be unchanged.
  static let indexLetters = GitArguments("ls-files", "-v", "-z")

  /// The same of a path.
  static func indexLetters(of path: String) -> GitArguments {
    GitArguments("ls-files", "-t", "-z", "--", path)
  }

  /// Reads the index, and exits otherwise than with 0 where that cannot be read.
  static let readIndex = GitArguments("ls-files", "--", ".")

  /// Prints the blob that each file on standard input would be, with the filters of its path: line ends, say.
  static let blobsOfFiles = GitArguments("hash-object", "--stdin-paths")

  static func attributes(_ names: [String], of path: String) -> GitArguments {
    GitArguments("check-attr", "-z").appending(names + ["--", path])
  }

  /// Exits otherwise than with 0 where a file is not as the index has it.
  static let compareFiles = GitArguments("diff-files", "--quiet")

  /// Prints where a file of the git directory is.
  static func gitPath(_ name: String) -> GitArguments {
    GitArguments("rev-parse", "--path-format=absolute", "--git-path", name)
  }

  // MARK: - The index

  /// Has the index be as the branch is; files stay as they are.
  static let resetIndex = GitArguments("reset", "--quiet")

  /// The same of the paths that a file lists, each before a NUL: an argument has 128 KiB at most. How files look
  /// is noted in it, too: 'git reset --keep' and plumbing would take them for edited otherwise.
  static func resetIndex(listedIn file: String) -> GitArguments {
    GitArguments(
      literally, "reset", "--quiet", "--refresh", "--pathspec-from-file=\(file)",
      "--pathspec-file-nul")
  }

  /// Takes some files into the index as they are, also where somebody has them ignored. No other file is looked
  /// at.
  static func takeFiles(_ paths: [String]) -> GitArguments {
    GitArguments("update-index", "--add", "--").appending(paths)
  }

  static let emptyIndex = GitArguments("read-tree", "--empty")

  // MARK: - Branch and files

  /// Moves branch, index and files; a file that somebody changed stays, or stops it.
  static func moveAll(to commit: String?) -> GitArguments {
    GitArguments("reset", "--quiet", "--keep").appending([commit].compactMap { $0 })
  }

  /// Moves branch, index and files of a clone that is being made.
  static func checkOut(_ commit: String) -> GitArguments {
    GitArguments("reset", "--quiet", "--hard", commit)
  }

  /// Puts the files of the index where none is.
  static let putFiles = GitArguments("checkout-index", "--quiet", "--all")

  /// Takes back what a person's `rebase` or the like began.
  static func abort(_ command: String) -> GitArguments { GitArguments(command, "--abort") }

  static func applyStash(_ commit: String) -> GitArguments {
    GitArguments("stash", "apply", "--quiet", commit)
  }

  // MARK: - Work trees

  static let workTrees = GitArguments("worktree", "list", "--porcelain", "-z")

  /// Makes a work tree of a branch. Where the branch is not there (a git that said it had made it lied), git
  /// makes it of the remote's of that name: `branch.autoSetupMerge` keeps a section about it out of the
  /// person's configuration, which `--no-track` would, too, were it not an error where the branch is there.
  static func addWorkTree(_ root: String, branch: String) -> GitArguments {
    GitArguments("-c", "branch.autoSetupMerge=false", "worktree", "add", "--quiet", root, branch)
  }

  /// Twice forced: also where it is locked.
  static func removeWorkTree(_ root: String) -> GitArguments {
    GitArguments("worktree", "remove", "--force", "--force", root)
  }

  static func unlockWorkTree(_ root: String) -> GitArguments {
    GitArguments("worktree", "unlock", root)
  }

  /// Has only the files that a pattern names checked out. Not by cones: those have all files of the
  /// directories above it too.
  static func checkOutOnly(_ pattern: String) -> GitArguments {
    GitArguments("sparse-checkout", "set", "--no-cone", pattern)
  }

  // MARK: - Configuration

  /// Prints a value as it holds here. It exits with 1 where it is not set.
  static func setting(_ key: String) -> GitArguments { GitArguments("config", "--get", key) }

  /// The same of the repository's own configuration.
  static func ownSetting(_ key: String) -> GitArguments {
    GitArguments("config", "--local", "--get", key)
  }

  static func set(_ key: String, to value: String) -> GitArguments {
    GitArguments("config", "--local", key, value)
  }
}
