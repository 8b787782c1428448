/// What the remote had shown at some time is named by a commit: the threads at that commit tell what
/// has come since.
extension GitProcessSync {
  /// The newest commit of the remote whose threads are in the files here; nil while it has none.
  func cursor() throws(GitError) -> String? {
    // What was fetched and is not merged yet is not in the files.
    let result = try run(["merge-base", clone.branchRef, clone.trackingRef])
    let text = String(decoding: result.stdout, as: UTF8.self).filter { !$0.isNewline }
    return result.succeeded && !text.isEmpty ? text : nil
  }

  /// The threads that have changed since a commit, by the names of their files, as they were then: nil
  /// for one that was none yet.
  /// - Parameter commit: Hexadecimal digits.
  /// - Returns: Nil for a commit that is not known here.
  func threads(changedSince commit: String) throws -> [String: Thread?]? {
    guard let commit = try self.commit(at: commit) else { return nil }
    return try threads(try changedFiles(from: commit, to: clone.branchRef), at: commit)
  }

  /// The files that differ between two commits, as git names them.
  func changedFiles(from: String, to target: String) throws -> [String] {
    try changes(from: from, to: target).map(\.path)
  }

  /// The threads in files, by the names that these have in the threads directory; nil for what is no
  /// thread.
  func threads(_ files: [String], at commit: String) throws -> [String: Thread?] {
    let blobs = try blobs(files.map { "\(commit):\($0)" })
    let prefix = clone.path.isEmpty ? 0 : clone.path.count + 1
    let threads = files.map { file in
      (
        String(file.dropFirst(prefix)),
        blobs["\(commit):\(file)"].flatMap { ThreadParser.parse($0[...]) }
      )
    }
    return Dictionary(threads) { first, _ in first }
  }
}
