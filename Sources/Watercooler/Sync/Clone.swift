internal import Foundation

/// A git work tree that holds threads, and the remote branch that it follows.
package struct Clone: Sendable, Equatable {
  /// The root of the work tree.
  package let root: String
  /// Where the threads are in it, from the root; empty where they are at the root.
  package let path: String
  /// The branch on both sides, without `refs/heads/`.
  package let branch: String
  /// The repository's own directory: the work tree's, and the one that all its work trees share.
  let gitDirectory: String
  let commonDirectory: String

  static let remote = "origin"

  /// A path in a repository in the one form that several ways to write it have: from the root, which is empty.
  static func normalized(_ path: String) -> String {
    path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  /// Whether it is a work tree of somebody's repository, which has others.
  package var isLinked: Bool { gitDirectory != commonDirectory }

  package var threads: String { path.isEmpty ? root : root + "/" + path }
  var branchRef: String { "refs/heads/" + branch }
  var trackingRef: String { "refs/remotes/\(Self.remote)/" + branch }

  /// A topic's file as git names it: from the root.
  func name(of topic: Topic) -> String {
    path.isEmpty ? topic.fileName : path + "/" + topic.fileName
  }

  /// A file of ours beside git's own, outside the tracked tree.
  func file(_ name: String) -> String { stateDirectory + "/" + name }

  func note(_ name: String) -> NoteFile { NoteFile(path: file(name)) }

  /// Of this work tree alone: a repository may have several branches of threads.
  var stateDirectory: String { gitDirectory + "/" + Self.stateName }

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

/// The locks of a clone, always taken in this order: a push is one process's at a time, so is a fetch;
/// the work tree, the index and the branch change under the write lock alone, which is held for local
/// work only and never across the network.
enum SyncLock: String {
  case push, fetch, write
}

extension Clone {
  func withLock<T>(
    _ lock: SyncLock, deadline: Deadline, _ body: (borrowing FileLock) throws -> T
  ) throws -> T {
    if mkdir(stateDirectory, 0o777) != 0, errno != EEXIST {
      throw SystemError("make the directory", stateDirectory)
    }
    return try FileLock.withLock(
      on: file(of: lock), flags: O_CREAT | O_RDWR, deadline: deadline, body)
  }

  /// Whether some process is sending this moment.
  var isPushing: Bool { FileLock.isHeld(on: file(of: .push)) }

  private func file(of lock: SyncLock) -> String { file("\(lock.rawValue).lock") }
}

/// A moment that all processes of a clone share: the modification time of an empty file.
struct SharedMoment: Sendable {
  let path: String

  /// Makes it now.
  func touch() {
    if utimes(path, nil) == 0 { return }
    _ = try? FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT)
  }

  /// Makes it a moment that is some time ago.
  func touch(ago duration: Duration) {
    touch()
    var moment = timespec()
    clock_gettime(CLOCK_REALTIME, &moment)
    let nanoseconds =
      Int64(moment.tv_sec) * 1_000_000_000 + Int64(moment.tv_nsec)
      - Int64(duration / .nanoseconds(1))
    moment.tv_sec = Int(nanoseconds / 1_000_000_000)
    moment.tv_nsec = Int(nanoseconds % 1_000_000_000)
    utimensat(AT_FDCWD, path, [moment, moment], 0)
  }

  func forget() { unlink(path) }

  /// When it was, in whole seconds; nil if never.
  var time: Timestamp? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return Timestamp(seconds: Int64(info.modificationTime.tv_sec))
  }

  /// How long ago it was; nil if never.
  var age: Duration? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let modified = info.modificationTime
    let seconds = now.tv_sec - modified.tv_sec
    return .seconds(seconds) + .nanoseconds(now.tv_nsec - modified.tv_nsec)
  }

  /// Whether it was within the last `duration`. A clock that was set back does not make it so for
  /// longer.
  func isWithin(_ duration: Duration) -> Bool {
    age.map { $0 >= .zero && $0 < duration } ?? false
  }
}

extension Clone {
  /// The last time that the remote answered.
  var contact: SharedMoment { SharedMoment(path: file("contact")) }
  /// The last time that somebody else pushed first.
  var contention: SharedMoment { SharedMoment(path: file("contention")) }
  /// The last time that the remote refused a push for good.
  var refusal: SharedMoment { SharedMoment(path: file("refusal")) }
}
