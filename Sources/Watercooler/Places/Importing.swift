internal import Platform

extension GitProcessSync {
  /// Takes the threads of a directory of this machine into the clone, and sends them.
  func importThreads(
    from directory: String, until deadline: Deadline
  ) throws -> (count: Int, delivery: Delivery) {
    sent(try takeIn(directory), until: deadline)
  }

  /// Sends what was taken in.
  func sent(
    _ imported: (count: Int, notes: [String]), until deadline: Deadline
  ) -> (count: Int, delivery: Delivery) {
    var delivery = sender.deliver(until: deadline)
    delivery.notes += imported.notes
    return (imported.count, delivery)
  }

  /// Commits the threads of a directory of this machine: new topics as they are, others merged, what the
  /// branch has first. What is done is moved beside the clone's own state, so that whoever goes on after a cut
  /// begins there. Done again, nothing is doubled.
  /// - Returns: How many threads that were, and what people should know of it.
  func takeIn(_ directory: String) throws -> (count: Int, notes: [String]) {
    let source = ThreadStore(directory: directory)
    let kept = clone.path(of: .imported, with: "\(EntryID.make())")
    var count = 0
    var skipped: [String] = []
    try clone.withLock(WriteLock.self, deadline: deadline) { lock in
      _ = try workTree.prepare(lock)
      try Directory.make(kept)
      let topics = try source.topics()
      count = topics.count
      for start in stride(from: 0, to: topics.count, by: Self.importedAtOnce) {
        let some = Array(topics[start...].prefix(Self.importedAtOnce))
        skipped += try takeIn(some, of: source, lock)
        for topic in some {
          try? File.move(source.path(of: topic), to: "\(kept)/\(topic.fileName)")
        }
      }
    }
    let notes =
      ["the files as they were are in \(try putAway(directory, in: kept))"]
      + skipped.map { "\($0) cannot be read as a thread, and was not imported" }
    return (count - skipped.count, notes)
  }

  /// Has nobody import a directory again.
  /// - Returns: Where what was in it is.
  private func putAway(_ directory: String, in kept: String) throws -> String {
    for name in try Directory.names(in: directory) {
      try? File.move("\(directory)/\(name)", to: "\(kept)/\(name)")
    }
    if (try? Directory.removeEmpty(directory)) != nil { return kept }
    try? Directory.removeEmpty(kept)
    // A directory that may not be written to can still get another name.
    let suffix = StateFile.importing.path()
    let place = directory.hasSuffix(suffix) ? directory.dropLast(suffix.count) : directory[...]
    let beside = "\(place).imported-\(EntryID.make())"
    try File.move(directory, to: beside, called: "move away")
    return beside
  }

  /// The most threads that go into one commit: what was committed stays when time is up.
  private static let importedAtOnce = 500

  /// - Returns: The files that cannot be read, or not as threads, here or in the branch.
  private func takeIn(
    _ topics: [Topic], of source: ThreadStore, _ lock: borrowing WriteLock
  ) throws -> [String] {
    // The branch, not the files: somebody may be saving one this moment.
    let head = try head()
    let targets = try topics.map { try store.spelling(of: $0) ?? $0 }
    let known = try head.map { try self.files(of: targets, at: $0) } ?? [:]
    var skipped: [String] = []
    var files: [Topic: [UInt8]] = [:]
    for (topic, target) in zip(topics, targets) {
      guard let bytes = try readable(source.path(of: topic)) else {
        skipped.append(topic.fileName)
        continue
      }
      let present = known[target]
      guard let merged = ThreadMerge.merging(bytes, into: files[target] ?? present, topic: target)
      else {
        skipped.append(topic.fileName)
        continue
      }
      if merged != present { files[target] = merged }
    }
    if files.isEmpty { return skipped }
    let message = CommitMessage(
      subject: "\(settings.author): \(files.count) threads imported",
      entryIDs: [.make()], topics: files.keys.sorted().map(\.name))
    let made = try repository.commit(draft(files, on: head, message), by: settings.committer)
    try workTree.moveBranch(from: head, to: made.commit, lock)
    _ = try branch.state(lock)
    return skipped
  }
}

extension GitProcessSync {
  /// A file's bytes; nil for what nobody here can read: no file, or one of somebody else's.
  /// - Throws: `SystemError` for what may be read another time. What was not read is not imported, and would be
  ///   put away with what was.
  private func readable(_ path: String) throws -> [UInt8]? {
    do {
      return try AtomicFile.read(path)
    } catch let error as SystemError {
      if error.isAbsence || error.isDenied { return nil }
      throw error
    } catch is StoreError {
      return nil
    }
  }
}

extension ThreadMerge {
  /// A file with another file of the same topic merged in, what is there first.
  /// - Parameter present: What is there; nil for nothing.
  /// - Returns: Nil where one of them cannot be read as a thread.
  static func merging(_ bytes: [UInt8], into present: [UInt8]?, topic: Topic) -> [UInt8]? {
    guard let thread = ThreadParser.parse(bytes[...]), thread.problems.isEmpty else { return nil }
    guard let present else { return bytes }
    guard let shown = ThreadParser.parse(present[...]) else { return nil }
    return ThreadMerge(base: nil, shown: shown, replayed: thread, topic: topic)?.thread.bytes
  }
}
