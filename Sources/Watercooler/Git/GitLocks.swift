internal import Platform

/// Git's own locks, and what a git that was killed has left beside them.
struct GitLocks: OfRepository {
  let repository: Repository

  /// Git's locks that are there, and may stand in the way of what is done here.
  /// - Parameter refs: Those that are moved here.
  func all(of refs: [String]) throws -> [GitLock] {
    var shared = refs + ["packed-refs", "shallow"]
    // In a repository that has other work trees, somebody else sees to the housekeeping, and to the
    // configuration.
    if repository.own == repository.common { shared.append("objects/maintenance") }
    let paths = shared.map { "\(repository.common)/\($0).lock" } + tables
    let own = try names(in: repository.own) { $0.hasSuffix(".lock") }
    return Set(try paths.filter { try FileStatus.exists($0) } + own).sorted().map(lock(at:))
  }

  /// The locks of refs that are kept in tables: all that the repository shares, and those of the work tree.
  private var tables: [String] {
    [repository.common, repository.own].map { $0 + "/reftable/tables.list.lock" }
  }

  /// The lock of another git that was in the way of a command, if that is why it failed. What a remote says of
  /// its own locks is not ours to mend.
  func inTheWay(of result: CommandResult) -> GitLock? {
    let lines = String(decoding: result.stderr, as: UTF8.self).split(whereSeparator: \.isNewline)
      .filter { !$0.hasPrefix("remote:") }
    let named = /Unable to create '(.+\.lock)': File exists/
    if let path = lines.lazy.compactMap({ $0.firstMatch(of: named)?.1 }).first {
      return lock(at: String(path))
    }
    // It does not name that of a table.
    guard lines.contains(where: { $0.contains(/cannot lock references|data is locked/) }) else {
      return nil
    }
    return tables.first { FileStatus.ifKnown($0) != nil }.map(lock(at:))
  }

  /// Throws where a git has the index locked: somebody may be in the middle of a commit, whose index does not know
  /// what would be committed beside it.
  /// - Throws: `GitError.locked`.
  func checkIndexIsFree() throws(GitError) {
    let path = repository.own + "/index.lock"
    if FileStatus.ifKnown(path) != nil { throw .locked(lock(at: path)) }
  }

  /// The files that a merge has written into the work tree's root, and has left there when it was killed.
  func mergeFiles() throws -> [GitLock] {
    try names(in: repository.root) { $0.hasPrefix(".merge_file_") }.map(lock(at:))
  }

  private func names(
    in directory: String, where isWanted: (String) -> Bool
  ) throws -> [String] {
    try Directory.names(in: directory, where: isWanted).map { "\(directory)/\($0)" }
  }

  /// One that was there a moment ago; it may have gone.
  func lock(at path: String) -> GitLock {
    let status = FileStatus.ifKnown(path)
    return GitLock(
      path: path, age: status?.age ?? .zero, holder: status.flatMap { holder(owner: $0.owner) })
  }

  /// A git that is at work in this clone, and is none of ours: those that hold such a lock hold the
  /// write lock too, or are done in a moment. Somebody's `git commit -a` keeps one for as long as the
  /// editor is open, and has no descriptor for it: any git here may be the one.
  /// - Parameter owner: Whose lock it is.
  private func holder(owner: UInt32) -> GitLock.Holder? {
    guard let processes = ProcessList.ids, owner == ThisProcess.user || ProcessList.showsOthers
    else { return .unknown }
    // Of a linked work tree, the repository's other ones too.
    let project = repository.common.parentPath
    let places = Set([repository.root, project].compactMap(\.realPath))
    return processes.first { process in
      let directory = "/proc/\(process)"
      guard (try? AtomicFile.read(directory + "/comm"))?.starts(with: "git".utf8) == true,
        !Self.isOurs(directory)
      else { return false }
      guard let place = FileLink.target(of: directory + "/cwd") else {
        // It has ended by now, or is another user's.
        return owner != ThisProcess.user && FileStatus.ifKnown(directory)?.owner == owner
      }
      return places.contains { place == $0 || place.hasPrefix($0 + "/") }
    }.map { .process(Int($0)) }
  }

  /// Whether a process is one of ours, or has ended by now.
  private static func isOurs(_ process: String) -> Bool {
    let mark = "\(GitEnvironment.mark.name)=\(GitEnvironment.mark.value)"
    do {
      for _ in 0..<20 {
        let variables = try AtomicFile.read(process + "/environ")
        if !variables.isEmpty {
          return variables.split(separator: 0).contains { $0.elementsEqual(mark.utf8) }
        }
        // It has none for a moment while it begins.
        pauseThread(for: .microseconds(500))
      }
      return false
    } catch {
      // Of one that ends there is nothing more to read.
      let error = error as? SystemError
      return error?.isNotFound == true || error?.isNoProcess == true
    }
  }
}
