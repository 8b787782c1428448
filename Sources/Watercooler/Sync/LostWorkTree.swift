internal import Foundation

/// A linked work tree of ours that its repository does not find any more: it was moved or copied with it, or
/// removed by hand. The branch and the notes of it are in the repository; a link leads each way.
package struct LostWorkTree: Sendable, Equatable {
  package let root: String
  /// Where the repository keeps what is this work tree's own.
  let own: String
  /// The root of the repository's main work tree.
  let project: String

  package var message: String {
    "\(root) was moved or removed, and its repository \(project) does not find it"
  }

  /// Connects both again. What was removed is put back as the branch has it.
  /// - Returns: What people should know of it.
  func reconnect(_ git: Git, until deadline: Deadline) throws -> String {
    try StorePlace(root).withLock(until: deadline) {
      let isRemoved = try !FileStatus.exists(root + "/.git")
      try ThreadStore(directory: root).makeDirectory()
      try connect(git, until: deadline)
      if !isRemoved { return "\(root) had been moved: its repository has it again" }
      try must(git, ["checkout-index", "--quiet", "--all"], in: root, until: deadline)
      return "\(root) had been removed: it is there again, with what its branch has"
    }
  }

  /// Has each lead to the other.
  func connect(_ git: Git, until deadline: Deadline) throws {
    try AtomicFile.replace(".git", in: root, with: Array("gitdir: \(link)\n".utf8))
    try must(git, ["worktree", "repair", root], in: project, until: deadline)
  }

  /// Where the repository is from the work tree: a path that moves with both, and that a container which
  /// has them elsewhere finds, too.
  private var link: String {
    guard root.hasPrefix(project + "/"), own.hasPrefix(project + "/") else { return own }
    let depth = root.dropFirst(project.count).split(separator: "/").count
    return String(repeating: "../", count: depth) + own.dropFirst(project.count + 1)
  }

  private func must(
    _ git: Git, _ arguments: [String], in directory: String, until deadline: Deadline
  ) throws(GitError) {
    let result = try git.run(arguments, in: directory, until: deadline)
    if !result.succeeded { throw .failed("connecting \(root) with its repository", result) }
  }
}
