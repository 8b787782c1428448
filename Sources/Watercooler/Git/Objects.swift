internal import Platform

/// Objects: what a commit has, and making others. Nothing else changes.
struct Objects: OfRepository {
  let repository: Repository
}

extension Objects {
  // MARK: - Reading

  /// The contents of files, by what names them: `COMMIT:PATH`, or a blob's own name. One that does not
  /// exist is left out.
  /// - Throws: `GitError` also where it does exist, and cannot be read.
  func blobs(_ names: [String]) throws(GitError) -> [String: [UInt8]] {
    try named(names).filter { $0.value.type == "blob" }.mapValues(\.bytes)
  }

  /// The directory that a commit has at a path, or its root where that is empty; nil where there is none.
  func directory(_ path: String, at commit: String) throws(GitError) -> TreeObject? {
    guard let object = try directoryObject(path, at: commit) else { return nil }
    return try TreeObject(object)
  }

  private func directoryObject(
    _ path: String, at commit: String
  ) throws(GitError) -> CatFileOutput.Object? {
    let name = path.isEmpty ? commit + "^{tree}" : "\(commit):\(path)"
    let found = try cat([name])
    if let object = found.objects[name] { return object.type == "tree" ? object : nil }
    if !path.isEmpty {
      try checkAbsence(of: [name], found.complaint)
    } else if !(try isUnborn(commit)) {
      throw damaged(name, found.complaint)
    }
    return nil
  }

  /// The objects of these names, whatever their type; one that does not exist is left out.
  /// - Throws: `GitError` also where it does exist, and cannot be read.
  func named(_ names: [String]) throws(GitError) -> [String: CatFileOutput.Object] {
    let found = try cat(names)
    try checkAbsence(of: names.filter { found.objects[$0] == nil }, found.complaint)
    return found.objects
  }

  private func cat(_ names: [String]) throws(GitError) -> CatFileOutput {
    if names.isEmpty { return try CatFileOutput([], stderr: [], to: []) }
    // Git reads a name a line: this one would be two questions, and shift the answers to all others.
    if let name = names.first(where: { $0.utf8.contains(.lineFeed) }) {
      throw .unexpected("reading objects", "git cannot be asked for \(name.debugDescription)")
    }
    let input = names.joined(separator: "\n") + "\n"
    let result = try run(.objects, input: .bytes(Array(input.utf8)))
    guard result.succeeded, result.stdoutDiscarded == 0 else {
      throw repository.failure("reading objects", result)
    }
    return try CatFileOutput(result.stdout, stderr: result.stderr, to: names)
  }

  /// Whether it is a branch that has no commit yet.
  private func isUnborn(_ ref: String) throws(GitError) -> Bool {
    if ref.hasPrefix("refs/") { return try repository.refs.commit(at: ref) == nil }
    if ref != "HEAD" { return false }
    guard let branch = try repository.refs.branch() else { return false }
    return try repository.refs.commit(at: "refs/heads/\(branch)") == nil
  }

  /// Throws where git says that something is missing, and the directory that it would be in lists it: then
  /// it is the object that cannot be read. Each directory is looked at once, however much is missing in it.
  /// - Parameter complaint: What git said beside it.
  private func checkAbsence(of names: [String], _ complaint: String?) throws(GitError) {
    var missing: [String: [(name: String, last: String)]] = [:]
    var directories: [String: (commit: String, path: String)] = [:]
    for name in names {
      let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw damaged(name, complaint) }
      let steps = parts[1].split(separator: "/").map(String.init)
      guard let last = steps.last else { continue }
      let path = steps.dropLast().joined(separator: "/")
      missing["\(parts[0]):\(path)", default: []].append((name, last))
      directories["\(parts[0]):\(path)"] = (parts[0], path)
    }
    for (key, directory) in directories {
      guard let object = try directoryObject(directory.path, at: directory.commit) else { continue }
      let listed = try TreeObject.names(in: object)
      let found = missing[key]?.first { listed.contains(Array($0.last.utf8)[...]) }
      if let found { throw damaged(found.name, complaint) }
    }
  }

  private func damaged(_ name: String, _ complaint: String?) -> GitError {
    .unexpected(
      "reading objects", "\(name) is damaged or missing" + (complaint.map { ": \($0)" } ?? ""))
  }

  /// The files that differ between two commits, either of which may be a tree.
  /// - Parameter paths: Those to look at; none for all.
  func changes(
    from: String, to target: String, paths: [String] = []
  ) throws(GitError) -> [ChangedPath] {
    let doing = "comparing \(from) with \(target)"
    let trees = try output(.trees(from, target), doing: doing)
      .split(separator: .lineFeed, omittingEmptySubsequences: false)
    guard trees.count == 3, trees[0].isObjectName, trees[1].isObjectName, trees[2].isEmpty else {
      throw .unexpected(doing, "the names of two trees were expected")
    }
    let (old, new) = (trees[0].string, trees[1].string)
    let printed = try output(
      .changes(paths: paths), doing: doing,
      input: .bytes(DiffTreeOutput.input(from: old, to: new)))
    return try DiffTreeOutput(printed, from: old, to: new).changes
  }

  /// The tree of a commit.
  func tree(of commit: String) throws(GitError) -> String {
    let doing = "reading \(commit)"
    return try GitOutput.objectName(try output(.trees(commit), doing: doing), doing)
  }

  /// The tree with nothing in it.
  func emptyTree() throws(GitError) -> String {
    let doing = "making a tree"
    return try GitOutput.objectName(try output(.emptyTree, doing: doing), doing)
  }

  /// Merges two commits into a tree; nothing else changes.
  /// - Parameter drivers: The commands that merge files, by the names that the attributes give them.
  func merge(
    _ ours: String, _ theirs: String, drivers: [String: String], attributes: String, doing: String
  ) throws(GitError) -> MergeTreeOutput {
    let result = try run(.merge(ours, theirs, drivers: drivers, attributes: attributes))
    guard result.status == .exited(0) || result.status == .exited(1) else {
      throw .failed(doing, result)
    }
    return try MergeTreeOutput(result.stdout, hasConflicts: !result.succeeded)
  }
}
