internal import Platform

/// A linked work tree of ours that its repository does not find any more: it was moved or copied with it, or
/// removed by hand. The branch and the notes of it are in the repository; a link leads each way.
package struct LostWorkTree: Sendable, Equatable {
  /// The place where it is or belongs, an absolute path.
  package let root: String
  /// The directory in which the repository keeps what is this work tree's own.
  let own: String

  /// The state of the work tree, in a line for people; it is no error, as the next command connects it.
  package var message: String {
    "\(root) was moved, copied or removed, and its repository does not find it"
  }

  /// Connects both again. What was removed is put back as the branch has it.
  /// - Returns: What people should know of it; nil where it can be used as it is, and nothing can be written.
  func reconnect(_ git: Git, until deadline: Deadline) throws -> String? {
    let isUsable = GitDirectory.isRoot(root, of: own)
    do {
      return try StorePlace(root).withLock(until: deadline) {
        if try isConnected { return nil }
        let isRemoved = try !FileStatus.exists(root + "/.git")
        try ThreadStore(directory: root).makeDirectory()
        try connect()
        if !isRemoved { return "\(root) had been moved or copied: its repository has it again" }
        try checkOut(git, until: deadline)
        return "\(root) had been removed: it is there again, with what its branch has"
      }
    } catch let error as SystemError where isUsable && error.isRefusal {
      return nil
    }
  }

  /// Whether each leads to the other: somebody else may have seen to it.
  private var isConnected: Bool {
    get throws {
      try GitDirectory.isRoot(root, of: own)
        && GitDirectory.notedRoot(of: own)?.isSamePath(as: root) == true
    }
  }

  /// Has each lead to the other. By hand: 'git worktree repair' goes on to all work trees of the
  /// repository, those of the one that it is a copy of among them.
  func connect() throws {
    try AtomicFile.replace(".git", in: root, with: Array("gitdir: \(link)\n".utf8))
    try AtomicFile.replace("gitdir", in: own, with: Array("\(root)/.git\n".utf8))
  }

  /// The path to `own` that is written into the work tree: in its own project one that moves with both, and that a
  /// container which has them elsewhere finds, too; else an absolute one.
  private var link: String {
    let (root, own) = (root.resolved, own.resolved)
    guard let end = own.ranges(of: "/.git/worktrees/").last else { return own }
    let project = own[..<end.lowerBound]
    guard root.hasPrefix(project + "/") else { return own }
    let depth = root.dropFirst(project.count).split(separator: "/").count
    return String(repeating: "../", count: depth) + own.dropFirst(project.count + 1)
  }

  private func checkOut(_ git: Git, until deadline: Deadline) throws(GitError) {
    let result = try git.run(
      GitArguments.putFiles.words, in: root, until: deadline)
    if !result.succeeded { throw .failed("putting the files of \(root) back", result) }
  }
}
