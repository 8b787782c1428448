internal import Foundation

/// A thread file that is not as the branch has it, without us.
struct Edit {
  let topic: Topic
  /// The two letters of `git status --porcelain`.
  let status: String
  /// What is in the work tree; nil for a file that is gone.
  let found: [UInt8]?
  /// Why what is in the work tree could not be read; nil where it could, and where it is gone.
  let problem: (any ExplainedError)?
  /// What the branch has; nil for a new file.
  let known: [UInt8]?

  /// Whether nobody has edited the file: only the index has something else, of a commit that was cut
  /// off, say.
  var isOfIndex: Bool { found == known && problem == nil }
}

extension GitProcessSync {
  /// How long a file must have been still before somebody is taken to have finished saving it.
  static let stillness = Duration.seconds(2)

  /// Takes in what people edited by hand. The caller holds the write lock.
  ///
  /// Nothing is ever removed by it: the file is merged with what the branch has, missing entries are
  /// put back, and the file as it was found is kept aside. What is still being written, does not parse,
  /// or has conflict markers, is left for later.
  /// - Returns: What people should know of it.
  func takeInEdits(_ lock: borrowing WriteLock) throws -> [String] {
    if isAsLeft { return [] }
    var notes: [String] = []
    var changed: [Topic] = []
    var added: [EntryID] = []
    // From before git looks: what is saved after that looks different, and is found the next time.
    var seen = WorkTreeSnapshot(of: clone.threads)
    let edits = try edits()
    if let seen { try checkAreListed(seen.names(differingFrom: try self.seen), in: edits) }
    let gone = edits.filter { !$0.isOfIndex && $0.found == nil && $0.problem == nil }
    try gone.forEach(restore)
    try mendIndex(edits.filter(\.isOfIndex) + gone, lock)
    for edit in edits where !edit.isOfIndex {
      if let problem = edit.problem {
        seen?.forget(edit.topic.fileName)
        notes.append("'\(edit.topic)' was left alone: \(problem.message)")
        continue
      }
      guard let found = edit.found else {
        seen?.look(at: edit.topic.fileName, in: clone.threads)
        notes.append("'\(edit.topic)' was missing in the work tree: put back")
        continue
      }
      guard isStill(edit.topic) else {
        seen?.forget(edit.topic.fileName)
        continue
      }
      guard let merged = try merged(edit, found, &notes) else {
        seen?.forget(edit.topic.fileName)
        notes.append(
          "\(unreadable(edit.topic, found)); mend \(store.path(of: edit.topic)) in an editor")
        continue
      }
      if merged != found {
        try AtomicFile.replace(edit.topic.fileName, in: clone.threads, with: merged)
        seen?.look(at: edit.topic.fileName, in: clone.threads)
      }
      if merged != edit.known {
        changed.append(edit.topic)
        let known = Set(Self.entryIDs(edit.known ?? []))
        added += Self.entryIDs(merged).filter { !known.contains($0) }
      }
    }
    if !changed.isEmpty {
      let more = changed.count > 5 ? " and \(changed.count - 5) more" : ""
      let names = changed.prefix(5).map(\.name).joined(separator: ", ") + more
      let message = CommitMessage(
        subject: "\(settings.author): edited by hand (\(names))",
        entryIDs: added.isEmpty ? [.make()] : added, topics: changed.map(\.name))
      try commit(changed, message, areNew: true, lock)
      notes.append("took in what was edited by hand: \(names)")
    }
    if let seen { try save(seen) } else { try forgetSnapshot() }
    return notes
  }

  /// Has the index as the branch is: a commit of somebody's would take entries back otherwise.
  private func mendIndex(_ edits: [Edit], _ lock: borrowing WriteLock) throws {
    if edits.isEmpty { return }
    try repository.output(
      .resetIndex(listedIn: try clone.list(of: edits.map(\.topic))), doing: "mending the index",
      input: lock.held)
  }

  private static func entryIDs(_ file: [UInt8]) -> [EntryID] {
    ThreadParser.parse(file[...])?.entries.compactMap(\.id) ?? []
  }

  /// What the branch has of a thread whose file in the work tree is another one; nil where it is not.
  func unsettled(_ topic: Topic) throws -> [UInt8]? {
    let edit = try edits().first { $0.topic.isSame(as: topic) && !$0.isOfIndex }
    if let problem = edit?.problem { throw problem }
    return edit?.found == nil ? nil : edit?.known
  }

  /// Throws if a file looks otherwise than our last operation left it, is not as the branch has it, and git
  /// does not list it among the edits without a reason: then the list is not whole, and nobody would look
  /// again.
  private func checkAreListed(_ changed: [String], in edits: [Edit]) throws {
    let listed = Set(edits.map(\.topic))
    let topics = changed.compactMap(Topic.init(fileName:)).filter { !listed.contains($0) }
    // Nothing is known of a clone whose files nobody has looked at.
    if try topics.isEmpty || seen == WorkTreeSnapshot(bytes: []) { return }
    let known = try files(of: topics, at: "HEAD")
    let others = try topics.filter { topic in
      guard let known = known[topic] else { return false }
      return try stored(store.path(of: topic)) != known
    }
    if others.isEmpty { return }
    // Somebody may have saved them since.
    let now = Set(try self.edits().map(\.topic))
    if let topic = try unexplained(others.filter { !now.contains($0) }) {
      throw GitError.unexpected("looking for edits", "it does not list \(topic.fileName)")
    }
  }

  /// What git keeps of what is at a path, before any filter: of a link, where it leads.
  private func stored(_ path: String) throws -> [UInt8]? {
    guard try FileStatus.of(path, followingLinks: false)?.isLink == true else {
      return try AtomicFile.readIfPresent(path)
    }
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &target, target.count)
    if count < 0 { throw SystemError("read the link", path) }
    return target[..<count].map { UInt8(bitPattern: $0) }
  }

  /// The first of some files that git has no reason not to list: it is not told to leave it alone, and
  /// would store it otherwise than the branch has it.
  private func unexplained(_ topics: [Topic]) throws -> Topic? {
    if topics.isEmpty { return nil }
    let leftAlone = try repository.leftAlone(under: clone.threads)
    let others = topics.filter { !leftAlone.contains($0.fileName) }
    for topic in others where try !FileStatus.exists(store.path(of: topic)) { return topic }
    if others.isEmpty { return nil }
    let names = others.map { clone.name(of: $0) }
    let made = try repository.blobNames(ofFiles: names)
    let known = try repository.objects(names.map { "HEAD:" + $0 })
    return zip(others, made).first { known["HEAD:" + clone.name(of: $0)]?.name != $1 }?.0
  }

  func edits() throws -> [Edit] {
    let prefix = clone.path.isEmpty ? "" : clone.path + "/"
    let changed: [(Topic, String)] = try repository.status(under: clone.threads).compactMap {
      guard $0.path.hasPrefix(prefix),
        let topic = Topic(fileName: String($0.path.dropFirst(prefix.count)))
      else { return nil }
      return (topic, $0.letters)
    }
    let known = try files(of: changed.map(\.0), at: "HEAD")
    return changed.map { topic, status in
      var found: [UInt8]?
      var problem: (any ExplainedError)?
      do {
        found = try AtomicFile.readIfPresent(store.path(of: topic))
      } catch {
        problem = Self.explained(error)
      }
      return Edit(
        topic: topic, status: status, found: found, problem: problem,
        known: known[topic])
    }
  }

  /// A file that is gone from the work tree comes back as the branch has it: removing a thread takes a
  /// commit made by hand. The index is mended for all of them at once.
  private func restore(_ edit: Edit) throws {
    if let known = edit.known {
      try AtomicFile.replace(edit.topic.fileName, in: clone.threads, with: known)
    }
  }

  func unreadable(_ topic: Topic, _ found: [UInt8]) -> String {
    "an edit of '\(topic)' by hand cannot be taken in: it "
      + (found[...].conflictMarkers > 0 ? "has conflict markers" : "does not read as a thread")
  }

  /// The threads whose files lack entries that the branch has: they are being edited, and get them once the
  /// edit is taken in.
  func heldBack() throws -> [Topic] {
    if isAsLeft { return [] }
    return try edits().filter { edit in
      guard !edit.isOfIndex, edit.problem == nil, let found = edit.found else { return false }
      return !Set(Self.entryIDs(edit.known ?? [])).isSubset(of: Self.entryIDs(found))
    }.map(\.topic)
  }

  /// What was saved too late for an operation that has looked.
  var savedJustNow: [String] {
    if isAsLeft { return [] }
    do {
      return try edits().filter { !$0.isOfIndex && $0.found != nil && !isStill($0.topic) }.map {
        "'\($0.topic)' was saved just now, and is taken in once its file is still for 2 seconds"
      }
    } catch {
      return ["whether a file was saved just now is not known: \(Self.explained(error).message)"]
    }
  }

  func isStill(_ topic: Topic) -> Bool {
    // Ours, of a writer that was killed: it is whole.
    if (try? clone.writing.holds(topic)) == true { return true }
    let age = FileStatus.age(of: store.path(of: topic))
    return age.map { $0 > Self.stillness || $0 < .zero } ?? false
  }

  /// What a file is to become: all that the branch has, with what was edited. Nil where it cannot be
  /// read as a thread.
  private func merged(_ edit: Edit, _ found: [UInt8], _ notes: inout [String]) throws -> [UInt8]? {
    if let known = edit.known, known.count > found.count, known.starts(with: found) {
      let copy = try keepAside(found, of: edit.topic)
      notes.append("'\(edit.topic)' was cut short: put back; as found: \(copy)")
      return known
    }
    // A body may quote markers; those of an unresolved merge are new.
    guard found[...].conflictMarkers <= (edit.known ?? [])[...].conflictMarkers,
      let thread = ThreadParser.parse(found[...]), thread.problems.isEmpty
    else { return nil }
    guard let known = edit.known, let before = ThreadParser.parse(known[...]) else { return found }
    guard let merged = before.takingIn(thread, topic: edit.topic) else { return nil }
    if merged != found {
      let copy = try keepAside(found, of: edit.topic)
      notes.append("'\(edit.topic)' lacked entries after an edit: put back; as found: \(copy)")
    }
    return merged
  }

  /// Keeps what was found, outside the tracked tree.
  @discardableResult
  func keepAside(_ bytes: [UInt8], of topic: Topic) throws -> String {
    let directory = clone.path(of: .found)
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let name = "\(topic)-\(EntryID.make()).md"
    try AtomicFile.replace(name, in: directory, with: bytes)
    return directory + "/" + name
  }
}

extension Thread {
  /// This thread with what somebody edited in a copy of it, perhaps an old one: no entry goes, and
  /// what the copy does not know stays as it is.
  /// - Returns: The file; nil if either cannot be merged.
  func takingIn(_ edited: Thread, topic: Topic) -> [UInt8]? {
    let edited = edited.withoutCutOffEnd(of: self)
    // Where everything stands in its order, and what is new after it, the edited bytes stay as they are.
    let order = edited.entries.prefix(entries.count).map(\.identity)
    if order == entries.map(\.identity) { return edited.bytes }
    // An entry that the copy lacks was never in it, for all that a work tree can tell.
    let known = Set(edited.entries.map(\.identity))
    var base = self
    base.entries.removeAll { !known.contains($0.identity) }
    // Nor is a ball or a status that such an entry set taken back by a copy from before it.
    for (key, value) in [
      ("ball", { $0.ball?.description }), ("status", { $0.status?.text }),
    ] as [(String, (Entry) -> String?)] {
      guard let setter = entries.last(where: { value($0) != nil }), value(setter) == self[key],
        !known.contains(setter.identity)
      else { continue }
      let before = base.entries.last { value($0) != nil }.flatMap(value) ?? edited[key]
      if let before { base.setHead(key, before) }
    }
    let merge = ThreadMerge(base: base, shown: self, replayed: edited, topic: topic)
    return merge?.thread.bytes
  }
}

extension Thread {
  /// This copy of a thread without a last entry whose saving was cut off: it is no new one.
  fileprivate func withoutCutOffEnd(of whole: Thread) -> Thread {
    guard let last = entries.last else { return self }
    let others = Set(entries.dropLast().compactMap(\.id))
    let isCutOff: Bool
    if let id = last.id {
      // The next one's first line, not whole yet, reads as this one's text.
      let rest = whole.entries.drop { $0.id != id }.reduce(into: Bytes()) { $0 += $1.raw + $1.gap }
      isCutOff = rest.starts(with: last.raw) && whole.entries.allSatisfy { $0.raw != last.raw }
    } else {
      isCutOff = whole.entries.contains { entry in
        entry.id.map { !others.contains($0) } ?? false
          && entry.agent == last.agent && entry.time == last.time
      }
    }
    var result = self
    if isCutOff { result.entries.removeLast() }
    return result
  }
}

extension Bytes {
  /// How many lines mark a conflict, in a merge that was not resolved or in a text about one.
  var conflictMarkers: Int {
    let marks = ["<<<<<<< ", ">>>>>>> "]
    return lines.count { line in marks.contains { line.starts(with: $0.utf8) } }
  }

  var hasConflictMarkers: Bool { conflictMarkers > 0 }
}
