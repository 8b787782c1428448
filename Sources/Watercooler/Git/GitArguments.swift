/// The arguments of one git: pure functions build them, each flag with its reason beside it, in this folder
/// alone. `Git.command` puts before them what holds for every call.
struct GitArguments: Sendable, Equatable {
  let words: [String]

  init(_ words: String...) { self.words = words }

  init(words: [String]) { self.words = words }

  func appending(_ more: [String]) -> GitArguments { GitArguments(words: words + more) }
}

// MARK: - Refs

extension GitArguments {
  /// Prints the commit that a ref names. It exits with 1, and says nothing, where there is none.
  static func commit(at ref: String) -> GitArguments {
    GitArguments("rev-parse", "--quiet", "--verify", "\(ref)^{commit}")
  }

  /// Prints the commits of two refs, and the tree of the first: a git that gives one name to everything is
  /// found out by that.
  static func tips(_ ours: String, _ theirs: String) -> GitArguments {
    GitArguments("rev-parse", "\(ours)^{commit}", "\(theirs)^{commit}", "\(ours)^{tree}")
  }

  /// Prints the trees of commits.
  static func trees(_ commits: String...) -> GitArguments {
    GitArguments("rev-parse").appending(commits.map { "\($0)^{tree}" })
  }

  /// Moves a ref.
  /// - Parameter old: Where it must be, or nothing is moved; empty where there must be none; nil for wherever
  ///   it is.
  static func move(_ ref: String, to commit: String, from old: String?) -> GitArguments {
    GitArguments("update-ref", ref, commit).appending(old.map { [$0] } ?? [])
  }

  /// Deletes a ref.
  /// - Parameter old: Where it must be, or it stays; nil for wherever it is.
  static func delete(_ ref: String, from old: String?) -> GitArguments {
    GitArguments("update-ref", "-d", ref).appending(old.map { [$0] } ?? [])
  }

  /// Prints the messages of the newest hundred commits.
  static func newestMessages(of ref: String) -> GitArguments {
    GitArguments("log", "-100", "--format=%B", ref, "--")
  }

  /// Prints the newest commit of a ref that another one has not; nothing for none.
  static func newest(of ref: String, notIn other: String) -> GitArguments {
    GitArguments("rev-list", "--max-count=1", ref, "^\(other)", "--")
  }

  /// Has HEAD name a branch; nothing else changes.
  static func head(names branch: String) -> GitArguments {
    GitArguments("symbolic-ref", "HEAD", branch)
  }

  /// Prints the full name of the branch that HEAD names. It exits with 1 where HEAD names none.
  static let headBranch = GitArguments("symbolic-ref", "--quiet", "HEAD")

  /// Exits with 2 where there is no such ref, whatever it names. Of git 2.43, as each git that keeps refs in tables.
  static func exists(_ ref: String) -> GitArguments { GitArguments("show-ref", "--exists", ref) }

  /// Prints those of some refs that are there.
  static func present(_ refs: [String]) -> GitArguments {
    GitArguments("for-each-ref", "--format=%(refname)").appending(refs)
  }

  static func mergeBase(_ one: String, _ other: String) -> GitArguments {
    GitArguments("merge-base", one, other)
  }

  /// Exits with 1 where the first is no ancestor of the second.
  static func isAncestor(_ one: String, of other: String) -> GitArguments {
    GitArguments("merge-base", "--is-ancestor", one, other)
  }

  /// Exits otherwise than with 0 where it can be no ref's name.
  static func checkName(of ref: String) -> GitArguments { GitArguments("check-ref-format", ref) }
}

// MARK: - Commits

extension GitArguments {
  /// Lists commits so that `CloneState` can read them.
  /// - Parameters:
  ///   - what: Options and revisions.
  ///   - paths: Those that the commits are to have changed; none for all commits.
  static func log(_ what: [String], paths: [String] = []) -> GitArguments {
    GitArguments("log", "-z", "--date=raw", CloneState.format)
      .appending(what + ["--"] + paths)
  }

  /// Lists the commits of a branch that another one does not have, those of the other, and the border between
  /// what both have and what they have not.
  static func difference(_ ours: String, _ theirs: String) -> GitArguments {
    log([
      "--topo-order", "--left-right", "--boundary",
      // Only the ref that is asked for is told, by its full name.
      "--decorate=full", "--decorate-refs=\(theirs)", "\(ours)...\(theirs)",
    ])
  }

  /// Lists the commits of a branch as `difference` does, where there is nothing to compare it with.
  static func commits(of ref: String) -> GitArguments {
    log([
      "--topo-order", "--left-right", "--boundary", "--decorate=full", "--decorate-refs=refs/none",
      ref,
    ])
  }

  /// Prints `NAME <ADDRESS>` of whoever moved a ref last, a tab, and what for; nothing where git keeps no record.
  static func lastMove(of ref: String) -> GitArguments {
    GitArguments("log", "-1", "--walk-reflogs", "--format=%gn <%ge>%x09%gs", ref, "--")
  }

  /// Prints the newest commit of a branch whose message has a line that begins with a text; nothing where none
  /// has.
  static func newest(on ref: String, withLine text: String) -> GitArguments {
    GitArguments(
      "log", "-1", "--format=%H", "--basic-regexp", "--grep=^\(literal(text))", ref, "--")
  }

  /// A text as a basic regular expression that is nothing but it.
  private static func literal(_ text: String) -> String {
    text.map { #"\.[]*^$"#.contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }

  /// Exits with 0 where a file of a branch has a line that begins with a text, with 1 where none has.
  static func lines(beginningWith text: String, at ref: String, paths: [String]) -> GitArguments {
    GitArguments("grep", "--quiet", "--basic-regexp", "-e", "^\(literal(text))", ref, "--")
      .appending(paths)
  }
}

// MARK: - Objects

extension GitArguments {
  /// Prints the objects that are named on standard input, a name a line.
  static let objects = GitArguments("cat-file", "--batch")
  /// Prints of each of them whether it is there.
  static let presence = GitArguments("cat-file", "--batch-check")

  static func blob(_ name: String) -> GitArguments { GitArguments("cat-file", "blob", name) }

  /// Compares the pairs of trees on standard input. A thread that was renamed is two files: what it was
  /// called before is not to be guessed.
  static func changes(paths: [String]) -> GitArguments {
    GitArguments("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--")
      .appending(paths)
  }

  /// Makes the tree with nothing in it.
  static let emptyTree = GitArguments("mktree")

  /// Makes commits of a stream, which ends with a word: of one that is cut off nothing is made. Fewer than a
  /// hundred objects are loose ones, whatever the user's configuration says: a pack for each entry would be
  /// a burden on every other command.
  static func makeCommit(dates: FastImport.Dates) -> GitArguments {
    GitArguments(
      "-c", "fastimport.unpackLimit=100", "fast-import", "--quiet", "--done",
      "--date-format=\(dates.rawValue)")
  }

  /// Makes a signed commit of a tree, with the message on standard input.
  static func sign(_ tree: String, parent: String?) -> GitArguments {
    GitArguments("commit-tree", "-S").appending(
      (parent.map { ["-p", $0] } ?? []) + ["-F", "-", tree])
  }

  /// Merges two commits into a tree; nothing else changes. Two repositories that were begun apart have no
  /// commit in common.
  /// - Parameters:
  ///   - drivers: The commands that merge files, by the names that the attributes give them.
  ///   - attributes: A file of attributes, for what the repository says nothing of.
  static func merge(
    _ ours: String, _ theirs: String, drivers: [String: String], attributes: String
  ) -> GitArguments {
    let options =
      ["-c", "core.attributesFile=\(attributes)"]
      + drivers.sorted { $0.key < $1.key }
      .flatMap { ["-c", "merge.\($0.key).driver=\($0.value)"] }
    return GitArguments(words: options).appending([
      "merge-tree", "--write-tree", "-z", "--messages", "--allow-unrelated-histories", ours, theirs,
    ])
  }

  /// Checks every object, files' contents too. Commits that nothing names are no damage.
  static let check = GitArguments("fsck", "--no-dangling", "--no-progress")

  /// Does what git thinks is due about loose objects and packs, and is done when it ends.
  static let maintenance = GitArguments(
    "-c", "gc.autoDetach=false", "maintenance", "run", "--auto", "--quiet")
}
