internal import Platform

/// The work tree and its index: what git says of them, and changing them.
///
/// Whatever changes them is given a lock of the caller's, which lives as long as the child.
struct WorkTreeFiles: OfRepository {
  let repository: Repository
}

extension WorkTreeFiles {
  // MARK: - Looking

  /// The paths, from the root, that are not as the branch has them, or not as the index has them, under a
  /// directory. Looking changes nothing, not even git's own notes about the files.
  func changedPaths(under directory: String) throws(GitError) -> [String] {
    let doing = "looking for edits"
    let printed = try output(
      .status, doing: doing, adding: ["GIT_OPTIONAL_LOCKS": "0"], in: directory)
    let lines = try GitOutput.fields(printed, doing)
    // The branch comes first, where nothing is edited too.
    guard let first = lines.first, first.hasPrefix("## ") else {
      throw .unexpected(doing, "the list has no beginning")
    }
    // Two letters and a space before each.
    return lines.dropFirst().filter { $0.count > 3 }.map { String($0.dropFirst(3)) }
  }

  /// The files under a directory, from there, that git is told not to look at: they are skipped, or assumed
  /// to be unchanged.
  func leftAlone(under directory: String) throws(GitError) -> Set<String> {
    let doing = "looking for what git does not look at"
    let lines = try GitOutput.fields(
      try output(.indexLetters, doing: doing, in: directory), doing)
    return Set(
      lines.filter { $0.hasPrefix("S ") || $0.first?.isLowercase == true }
        .map { String($0.dropFirst(2)) })
  }

  /// The blobs that files would be, in their order.
  /// - Parameter paths: From the root.
  func blobNames(ofFiles paths: [String]) throws(GitError) -> [String] {
    let doing = "looking at files as git would store them"
    let printed = try output(
      .blobsOfFiles, doing: doing, input: .bytes(Array(paths.map { $0 + "\n" }.joined().utf8)))
    let names = printed.split(separator: .lineFeed).map(\.string)
    guard names.count == paths.count, names.allSatisfy(\.isObjectName) else {
      throw .unexpected(doing, "there is not one name for each file")
    }
    return names
  }

  /// The values of attributes of a path, in their order.
  func attributes(_ names: [String], of path: String) throws(GitError) -> [String] {
    let doing = "reading the attributes"
    let fields = try GitOutput.fields(try output(.attributes(names, of: path), doing: doing), doing)
    // A path, a name and a value each.
    return stride(from: 2, to: fields.count, by: 3).map { fields[$0] }
  }

  /// The absolute path of a file of the git directory.
  func path(of name: String) throws(GitError) -> String {
    let doing = "looking for \(name)"
    return try GitOutput.line(try output(.gitPath(name), doing: doing), doing)
  }

  // MARK: - The index

  /// Has the index be as the branch is; files stay as they are.
  /// - Parameters:
  ///   - list: A file that lists the paths that this is for, each before a NUL; nil for all of them.
  ///   - hasFiles: Whether the branch is known to have some.
  /// - Throws: `GitError`, also where git says that it was done, and the index is the file that it was, or has no
  ///   file in it.
  func resetIndex(
    listedIn list: String? = nil, hasFiles: Bool = false, doing: String,
    holding lock: Command.Input
  ) throws(GitError) {
    try changeIndex(
      list.map { .resetIndex(listedIn: $0) } ?? .resetIndex, doing: doing, holding: lock)
    // The smallest one of a file is 94 bytes long.
    let size = FileStatus.ifKnown(repository.own + "/index")?.size ?? 0
    if hasFiles, size < 94 { throw .unexpected(doing, "the index is empty") }
  }

  /// Takes some files into the index as they are; no other one is looked at.
  /// - Throws: As `resetIndex`.
  func takeFiles(
    _ paths: [String], doing: String, holding lock: Command.Input
  ) throws(GitError) {
    try changeIndex(.takeFiles(paths), doing: doing, holding: lock)
  }

  private func changeIndex(
    _ arguments: GitArguments, doing: String, holding lock: Command.Input
  ) throws(GitError) {
    let before = FileStatus.ifKnown(repository.own + "/index")
    try output(arguments, doing: doing, input: lock)
    if FileStatus.ifKnown(repository.own + "/index") == before {
      throw .unexpected(doing, "the index is as it was")
    }
  }

  // MARK: - Branch and files

  /// Moves branch, index and files by git's own means: a file that somebody changed stays, or stops it.
  func moveAll(
    to commit: String?, doing: String, holding lock: Command.Input
  ) throws(GitError) {
    try output(.moveAll(to: commit), doing: doing, input: lock)
  }

  /// Takes back what a person's `rebase`, `merge` or the like began.
  /// - Returns: Whether there was one that could be taken back.
  func abort(_ command: String, holding lock: Command.Input) throws(GitError) -> Bool {
    try run(.abort(command), input: lock).succeeded
  }
}
