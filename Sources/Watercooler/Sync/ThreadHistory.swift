/// The threads as commits have them: what the remote had shown at some time is named by a commit, and the threads
/// at that commit tell what has come since.
struct ThreadHistory: OnClone {
  let open: OpenClone
}

extension ThreadHistory {
  /// The commits of a thread, or of all, the newest first.
  func commits(of topic: Topic?, limit: Int) throws -> [CloneCommit] {
    try repository.history.newest(
      of: clone.branchRef, limit: limit, paths: topic.map { [clone.name(of: $0)] } ?? clone.paths)
  }

  /// The newest commit of the remote whose threads are in the files here; nil while it has none.
  func cursor() throws(GitError) -> String? {
    // A commit that was fetched and is not merged yet is not in the files.
    try repository.refs.mergeBase(shownRef, clone.trackingRef)
  }

  /// The topics that what is shown, or another commit, has a file of.
  func topics(at commit: String? = nil) throws -> [Topic] {
    let entries =
      try repository.objects.directory(clone.path, at: commit ?? shownRef)?.entries ?? [:]
    return entries.keys.compactMap { Topic(fileName: String(decoding: $0, as: UTF8.self)) }
  }

  /// Whether git says of a commit that it is not here: that it does not say so may have other reasons.
  func isUnknown(_ commit: String) throws(GitError) -> Bool {
    try repository.refs.isUnknown(commit)
  }

  /// The threads that have changed since a commit, by the names of their files, as they were then: nil
  /// for one that was none yet.
  /// - Parameters:
  ///   - commit: Hexadecimal digits.
  ///   - others: Threads that may have changed since, whatever the branch says.
  /// - Returns: Nil for a commit that is not known here.
  func threads(changedSince commit: String, and others: [Topic]) throws -> [String: Thread?]? {
    guard let commit = try repository.refs.commit(at: commit) else { return nil }
    let changed = Set(try changedFiles(from: commit, to: shownRef)).union(others.map(clone.name))
    return try threads(changed.sorted(), at: commit)
  }

  /// The files that differ between two commits, as git names them.
  func changedFiles(from: String, to target: String) throws -> [String] {
    try repository.objects.changes(from: from, to: target, paths: clone.paths).map(\.path)
  }

  /// The threads in files, by the names that these have in the threads directory; nil for what is no
  /// thread. A file whose name is no thread's is left out, and not read.
  func threads(_ files: [String], at commit: String) throws -> [String: Thread?] {
    let prefix = clone.path.isEmpty ? 0 : clone.path.count + 1
    let names = files.map { String($0.dropFirst(prefix)) }.filter { Topic(fileName: $0) != nil }
    let objects = names.map { "\(commit):\(clone.path.isEmpty ? $0 : "\(clone.path)/\($0)")" }
    let blobs = try repository.objects.blobs(objects)
    let threads = zip(names, objects).map { name, object in
      (name, blobs[object].flatMap { ThreadParser.parse($0[...]) })
    }
    return Dictionary(threads) { first, _ in first }
  }
}

extension UInt8 {
  var isHexadecimal: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
}
