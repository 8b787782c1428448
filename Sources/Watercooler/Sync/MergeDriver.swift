internal import Platform

/// This program as git's merge driver for threads: `merge-driver BASE OURS THEIRS PATH`.
package enum MergeDriver {
  static let name = "merge-driver"

  /// The command that git runs. Without the program's file, git's own merge marks the conflict; a plain `||` would
  /// override a refusal of ours.
  /// - Parameter isShownFirst: Whether the first of the two commits that are merged is what the remote has shown;
  ///   else the program asks the repository.
  package static func command(program: String, isShownFirst: Bool = false) -> String {
    let shown = isShownFirst ? " shown-first" : ""
    return "\(SSHCommand.quoted(program)) \(name) %O %A %B %P\(shown); s=$?; "
      + "[ $s -lt 126 ] && exit $s; git merge-file --diff3 %A %O %B; exit 1"
  }

  /// The settings by which git knows it.
  static func configuration(program: String) -> [(key: String, value: String)] {
    [
      ("merge.watercooler.name", "Watercooler threads"),
      ("merge.watercooler.driver", command(program: program)),
    ]
  }

  /// Merges the three files into the second, or leaves it alone.
  /// - Parameter isShownFirst: Which of the two the remote has shown; nil asks the repository.
  /// - Returns: Whether they are merged.
  package static func run(
    base: String, ours: String, theirs: String, path: String, isShownFirst: Bool?, git: Git?
  ) throws -> Bool {
    let versions = try [base, ours, theirs].map { try AtomicFile.read($0) }
    guard let topic = Topic(fileName: path.lastName) else {
      return false
    }
    let isFirst = isShownFirst ?? !isShown(versions[2], at: path, git)
    let (shown, replayed) = isFirst ? (versions[1], versions[2]) : (versions[2], versions[1])
    guard let shownThread = ThreadParser.parse(shown[...]),
      let replayedThread = ThreadParser.parse(replayed[...]),
      // Empty: both sides made the file.
      versions[0].isEmpty || ThreadParser.parse(versions[0][...]) != nil,
      let merge = ThreadMerge(
        base: ThreadParser.parse(versions[0][...]), shown: shownThread, replayed: replayedThread,
        topic: topic)
    else { return false }
    // Git's temporary files are in the work tree. When the program that ran git was killed, this goes on
    // without its lock, and must not take away the temporary file of who holds it now.
    let name = ours.lastName
    try AtomicFile.replace(
      name, in: ours.parentPath, with: merge.thread.bytes,
      by: name + ".tmp")
    return true
  }

  /// Whether a version is the one that the remote has: in a plain `git pull` it is the other side's, in
  /// a rebase our own side is made of it.
  private static func isShown(_ bytes: [UInt8], at path: String, _ git: Git?) -> Bool {
    func printed(_ arguments: GitArguments) -> [UInt8]? {
      let result = try? git?.run(arguments.words, until: .after(.seconds(10)))
      return result.flatMap { $0.succeeded ? $0.stdout : nil }
    }
    // Not "@{upstream}": a branch may have been begun here. In a rebase HEAD names no branch.
    guard let branch = printed(.headBranch)?[...].trimmed.string.branchName else { return false }
    let tracking = Clone.trackingRef(of: branch)
    return printed(.blob("\(tracking):\(path)")) == bytes
  }
}
