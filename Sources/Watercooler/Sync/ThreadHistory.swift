internal import Platform

/// The threads as commits have them: what the remote had shown at some time is named by a commit, and the threads
/// at that commit tell what has come since.
struct ThreadHistory: OnClone {
  let open: OpenClone
}

extension ThreadHistory {
  /// The commits of a thread, or of all, the newest first.
  /// - Parameter isShown: Whether those are wanted that readers see the threads of, and not the branch's.
  func commits(of topic: Topic?, limit: Int, isShown: Bool = false) throws -> [CloneCommit] {
    try repository.history.newest(
      of: isShown && showing.isPast ? clone.trackingRef : clone.branchRef, limit: limit,
      paths: topic.map { [clone.name(of: $0)] } ?? clone.paths)
  }

  /// The newest commit of the remote whose threads are shown; nil while it has none.
  /// - Parameter shown: What is shown otherwise than from the files.
  func cursor(_ shown: ShownThreads?) throws(GitError) -> String? {
    if let shown, shown.isAll { return shown.tip }
    // A commit that was fetched and is not merged yet is not in the files.
    return try repository.refs.mergeBase(clone.branchRef, clone.trackingRef)
  }

  /// The topics that the branch, or another commit, has a file of.
  func topics(at commit: String? = nil) throws -> [Topic] {
    try named(at: commit ?? clone.branchRef).map(\.topic)
  }

  /// The files, links and directories of a commit or a tree that have the names of threads' files.
  func named(at commit: String) throws -> [(topic: Topic, entry: TreeObject.Entry)] {
    let entries = try repository.objects.directory(clone.path, at: commit)?.entries ?? [:]
    return entries.compactMap { name, entry in
      Topic(fileName: String(decoding: name, as: UTF8.self)).map { ($0, entry) }
    }
  }

  /// The files of threads that a commit or a tree has; a link to another one has what is in that.
  func files(
    at commit: String, where isWanted: (Topic) -> Bool
  ) throws -> [Topic: [UInt8]] {
    let named = try named(at: commit)
    let links = Set(named.filter(\.entry.isLink).map(\.topic))
    let there = named.filter { $0.entry.mode.hasPrefix("100") }.map(\.topic)
    var files = try files(
      of: (links.isEmpty ? there : there + Array(links)).filter(isWanted), at: commit)
    for (link, words) in files where links.contains(link) {
      let target = Topic(fileName: words[...].string).flatMap { there.contains($0) ? $0 : nil }
      files[link] = try target.flatMap { try files[$0] ?? file(of: $0, at: commit) }
    }
    return files
  }

  /// A thread as a commit has it, by a name in any case, for a change of it; nil where it has none.
  /// - Throws: `StoreError`, also for a link, and `UnwritableThread`.
  func stored(_ topic: Topic, at tip: String) throws -> ThreadStore.Stored? {
    let named = try named(at: tip)
    let found = named.filter { $0.topic.isSame(as: topic) }
    if found.count > 1 { throw StoreError.sameButForCase(found.map(\.topic.fileName).sorted()) }
    guard let (spelled, entry) = found.first else { return nil }
    let name = clone.name(of: spelled)
    guard let bytes = try file(of: spelled, at: tip) else { return nil }
    if entry.isLink {
      let target = bytes[...].string
      let other = named.first { $0.topic.fileName == target }?.topic
      throw StoreError.link(path: store.path(of: spelled), target: target, topic: other)
    }
    guard let thread = ThreadParser.parse(bytes[...]) else {
      throw StoreError.notAThread(name)
    }
    try thread.checkWritable(file: name)
    return ThreadStore.Stored(topic: spelled, path: store.path(of: spelled), thread: thread)
  }

  /// Whether git says of a commit that it is not here: that it does not say so may have other reasons.
  func isUnknown(_ commit: String) throws(GitError) -> Bool {
    try repository.refs.isUnknown(commit)
  }

  /// The threads that have changed since a commit, by the names of their files, as they were then: nil
  /// for one that was none yet.
  /// - Parameters:
  ///   - commit: Hexadecimal digits.
  ///   - shown: What is shown otherwise than from the files: it may have changed since, whatever the branch says.
  /// - Returns: Nil for a commit that is not known here.
  func threads(
    changedSince commit: String, _ shown: ShownThreads? = nil
  ) throws -> [String: Thread?]? {
    guard let commit = try repository.refs.commit(at: commit) else { return nil }
    let target = shown?.isAll == true ? shown?.tip : nil
    let changed = Set(try changedFiles(from: commit, to: target ?? clone.branchRef))
      .union((shown?.files ?? [:]).keys.map(clone.name))
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
