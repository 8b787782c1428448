internal import Platform

/// A git work tree that holds threads, and the remote branch that it follows.
package struct Clone: Sendable, Equatable {
  /// The root of the work tree.
  package let root: String
  /// The directory of the threads, from the root; empty where they are at the root.
  package let path: String
  /// The branch on both sides, without `refs/heads/`.
  package let branch: String
  /// The repository's own directory: the work tree's, and the one that all its work trees share.
  let gitDirectory: String
  let commonDirectory: String

  static let remote = "origin"

  /// Whether it is a work tree of somebody's repository, which has others.
  package var isLinked: Bool { gitDirectory != commonDirectory }

  /// The path of the threads' directory, the root included.
  package var threads: String { path.isEmpty ? root : root + "/" + path }
  var branchRef: String { "refs/heads/" + branch }
  var trackingRef: String { Self.trackingRef(of: branch) }

  /// The ref under which a clone has a branch of the remote as it was last seen.
  static func trackingRef(of branch: String) -> String { "refs/remotes/\(remote)/\(branch)" }

  /// The refs that are moved here.
  var refs: [String] { [branchRef, trackingRef] }
  /// The paths of the work tree at which git is to look; empty for all of it. In a sparse clone only the
  /// threads' path is in it.
  var paths: [String] { path.isEmpty ? [] : [path] }

  /// A topic's file as git names it: from the root.
  func name(of topic: Topic) -> String {
    path.isEmpty ? topic.fileName : path + "/" + topic.fileName
  }

  /// The topic of a file as git names it; nil for what is no thread of the clone.
  func topic(named name: String) -> Topic? {
    Topic(fileName: name.lastName).flatMap { self.name(of: $0) == name ? $0 : nil }
  }

  /// Of this work tree alone: a repository may have several branches of threads.
  var stateDirectory: String { gitDirectory + "/" + Self.stateName }

  /// The directory of what waits, and of how far that is in the branch. Not in a linked work tree's own git directory:
  /// git removes that when somebody has deleted the work tree, and what waits would go with it.
  var outboxDirectory: String {
    isLinked ? Self.outboxDirectory(of: branch, in: commonDirectory) : stateDirectory
  }

  /// - Parameter common: The directory that all work trees of the repository share.
  static func outboxDirectory(of branch: String, in common: String) -> String {
    "\(common)/\(stateName)/branches/\(branch)"
  }

  /// The directory of ours in a git directory.
  static let stateName = "watercooler"

  /// The clone at `root`.
  /// - Throws: `GitError.notARepository`, `.unexpected` for what is there and cannot be looked at.
  package static func open(
    _ root: String, path: String, branch: String
  ) throws(GitError) -> Clone {
    let directory: GitDirectory?
    do {
      directory = try GitDirectory.at(root)
    } catch {
      throw .unexpected("opening the clone", "\(error)")
    }
    guard let directory else { throw .notARepository(root) }
    return Clone(
      root: root, path: path, branch: branch, gitDirectory: directory.own,
      commonDirectory: directory.common)
  }
}

extension String {
  /// A path in a repository in the one form that several ways to write it have: from the root, which is empty.
  var normalizedInRepository: String {
    split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }
}
