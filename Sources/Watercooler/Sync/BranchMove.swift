internal import Foundation

/// One path that differs between two commits.
private struct ChangedPath {
  let isFile: Bool
  /// The blob before; nil for a new file.
  let old: String?
  /// The blob after; nil for a removed one.
  let new: String?
  let path: String
}

extension GitProcessSync {
  /// Moves the branch to `target`, and with it index and work tree. The caller holds the write lock.
  ///
  /// Files are replaced whole, so that somebody who reads them without a lock never sees half of one,
  /// which git's own checkout shows. A file that is not as the branch has it is somebody's edit, and
  /// left alone. Killed in between, the next operation goes on with it.
  ///
  /// - Parameters:
  ///   - from: The commit, or the empty tree, that the branch has; by default it is looked up.
  ///   - target: Nil for a branch without a commit.
  func moveBranch(
    from: String? = nil, to target: String?, _ lock: borrowing FileLock
  ) throws {
    clone.recentPushes.forget()
    let from = try from ?? branchTree()
    let changes = try changedPaths(from: from, to: try target ?? emptyTree())
    guard changes.allSatisfy(\.isFile) else {
      forgetSnapshot()
      try output(
        ["reset", "--quiet", "--keep"] + [target].compactMap { $0 },
        doing: "updating the work tree", input: .descriptor(lock.descriptor))
      return
    }
    let blobs = try self.blobs(changes.flatMap { [$0.old, $0.new].compactMap { $0 } })
    var seen = seen
    if let target { try clone.moving.set(from: from, to: target) }
    for change in changes {
      let path = clone.root + "/" + change.path
      let found = try? AtomicFile.read(path)
      let wanted = change.new.flatMap { blobs[$0] }
      guard found == change.old.flatMap({ blobs[$0] }) || found == wanted else {
        if let name = threadFile(change.path) { seen.forget(name) }
        continue
      }
      // As wanted already: a move that was cut off had got so far.
      if found != wanted, let bytes = wanted {
        let url = URL(fileURLWithPath: path)
        let directory = url.deletingLastPathComponent().path
        try FileManager.default.createDirectory(
          atPath: directory, withIntermediateDirectories: true)
        try AtomicFile.replace(url.lastPathComponent, in: directory, with: bytes)
      } else if found != wanted {
        unlink(path)
      }
      if let name = threadFile(change.path) { seen.look(at: name, in: clone.threads) }
    }
    if let target {
      try output(
        ["reset", "--quiet", target], doing: "moving the branch \(clone.branch)",
        input: .descriptor(lock.descriptor))
    } else {
      try output(
        ["update-ref", "-d", clone.branchRef], doing: "emptying the branch \(clone.branch)",
        input: .descriptor(lock.descriptor))
      try output(
        ["read-tree", "--empty"], doing: "emptying the index", input: .descriptor(lock.descriptor))
    }
    try save(seen)
    clone.moving.clear()
  }

  /// Goes on with a move of the branch whose process died: files may be here that the branch has not,
  /// and that nobody edited. Where somebody has moved the branch since, it is theirs.
  func finishMove(_ lock: borrowing FileLock) throws {
    guard clone.moving.isSet else { return }
    if let (from, target) = clone.moving.move, try branchTree() == from {
      try moveBranch(from: from, to: target, lock)
    }
    clone.moving.clear()
  }

  /// The branch's commit, else the empty tree.
  private func branchTree() throws -> String {
    try commit(at: clone.branchRef) ?? emptyTree()
  }

  /// The name of a thread file; nil for other paths.
  private func threadFile(_ path: String) -> String? {
    Topic(fileName: URL(fileURLWithPath: path).lastPathComponent)
      .flatMap { clone.name(of: $0) == path ? $0.fileName : nil }
  }

  private func changedPaths(from: String, to target: String) throws -> [ChangedPath] {
    // In a sparse clone only the threads' path is in the work tree.
    let paths = clone.path.isEmpty ? [] : [clone.path]
    let printed = try output(
      ["diff-tree", "-r", "-z", "--raw", "--no-renames", from, target, "--"] + paths,
      doing: "comparing with what was fetched")
    let fields = printed.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    return stride(from: 0, to: fields.count - 1, by: 2).map { index in
      // ":OLDMODE NEWMODE OLD NEW STATUS", then the path.
      let words = fields[index].dropFirst().split(separator: " ").map(String.init)
      let modes = words.prefix(2).filter { $0 != "000000" }
      return ChangedPath(
        isFile: words.count == 5 && modes.allSatisfy { $0.hasPrefix("100") },
        old: words[0] == "000000" ? nil : words[2], new: words[1] == "000000" ? nil : words[3],
        path: fields[index + 1])
    }
  }

  /// The contents of objects, by what names them; one that does not exist is left out.
  func blobs(_ names: [String]) throws -> [String: [UInt8]] {
    if names.isEmpty { return [:] }
    let input = names.joined(separator: "\n") + "\n"
    let printed = try output(
      ["cat-file", "--batch"], doing: "reading objects", input: .bytes(Array(input.utf8)))
    var found: [String: [UInt8]] = [:]
    var rest = printed[...]
    for name in names {
      guard let end = rest.firstIndex(of: .lineFeed) else { break }
      // "ID blob SIZE", or "NAME missing".
      let words = rest[..<end].string.split(separator: " ")
      rest = rest[(end + 1)...]
      guard words.count == 3, words[1] == "blob", let size = Int(words[2]), size <= rest.count
      else { continue }
      found[name] = Array(rest.prefix(size))
      rest = rest.dropFirst(size + 1)
    }
    return found
  }
}
