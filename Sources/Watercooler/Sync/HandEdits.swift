internal import Platform

/// Thread files that somebody edits by hand: telling them, and taking them in.
///
/// Nothing is ever removed by it: a file is merged with what the branch has, missing entries are put back, and
/// the file as it was found is kept aside. What is still being written, does not parse, or has conflict
/// markers, is left for later.
struct HandEdits: OnClone {
  let open: OpenClone

  /// A thread file that is not as the branch has it, without us.
  struct Edit {
    let topic: Topic
    /// The bytes in the work tree; nil for a file that is gone, or could not be read.
    let found: [UInt8]?
    /// Why what is in the work tree could not be read; nil where it could, and where it is gone.
    let problem: (any ExplainedError)?
    /// The bytes that the branch has; nil for a new file.
    let known: [UInt8]?

    /// Whether nobody has edited the file: only the index has something else, of a commit that was cut
    /// off, say.
    var isOfIndex: Bool { found == known && problem == nil }
  }
}

extension HandEdits {
  /// The time that a file must have been still before somebody is taken to have finished saving it.
  static let stillness = Duration.seconds(2)

  /// Takes in what people edited. The caller holds the write lock, and has found the files otherwise than our
  /// last operation left them.
  /// - Parameters:
  ///   - now: How the files look, from before git looks: what is saved after that looks different, and
  ///     is found the next time. Nil where the directory cannot be listed.
  ///   - before: The commit that the branch named before what waited was committed.
  func takeIn(
    _ now: WorkTreeSnapshot?, before: String?, _ lock: borrowing WriteLock
  ) throws -> Prepared {
    guard let now = now ?? WorkTreeSnapshot(of: clone.threads) else {
      _ = try Directory.names(in: clone.threads)
      throw GitError.unexpected("looking for edits", "the threads could not be listed")
    }
    var taking = Taking(now)
    let (edits, head) = try listed()
    try checkAreListed(now.names(differingFrom: workTree.left), in: edits)
    let gone = edits.filter { !$0.isOfIndex && $0.found == nil && $0.problem == nil }
    for edit in gone { taking.restored[edit.topic] = Result { try restored(edit) } }
    try workTree.readIndex((edits.filter(\.isOfIndex) + gone).map(\.topic), lock)
    for edit in edits where !edit.isOfIndex {
      if try isBehind(edit, before, head) {
        renew(edit, &taking)
      } else {
        try take(edit, &taking)
      }
    }
    taking.prepared.head = head
    try commit(&taking, lock)
    let isBehind = taking.prepared.isBehind
    workTree.save(
      taking.prepared.left, at: isBehind ? workTree.kept?.head : taking.prepared.head)
    return taking.prepared
  }

  /// The edits that are being taken in, as far as that has come.
  private struct Taking {
    var prepared: Prepared
    /// The files that are to be committed, and the entries that are new in them.
    var files: [Topic: [UInt8]] = [:]
    var added: [EntryID] = []
    /// The files that were gone and are put back, as they were written; or why they could not be.
    var restored: [Topic: Result<FileStatus?, any Error>] = [:]

    init(_ now: WorkTreeSnapshot) { prepared = Prepared(left: now, now: now) }
  }

  /// Whether a file is no edit, and the branch has only got more since: it is as our last operation left it, or as
  /// the branch had it then, or before what waited was committed.
  private func isBehind(_ edit: Edit, _ before: String?, _ head: String?) throws -> Bool {
    guard let known = edit.known, let found = edit.found, let head else { return false }
    let kept = workTree.kept
    if let kept, kept.files.isCurrent(edit.topic.fileName, in: clone.threads),
      hasAllEntries(known, of: found), try isBehind(kept.head, head)
    {
      return true
    }
    let commits = Set([before, kept?.head].compactMap { $0 }).subtracting([head])
    return try commits.contains {
      try isBehind($0, head) && file(of: edit.topic, at: $0) == found
    }
  }

  private func isBehind(_ commit: String?, _ head: String) throws -> Bool {
    guard let commit, commit != head else { return true }
    return try repository.refs.isAncestor(commit, of: head)
  }

  /// Has a file be as the branch is. One that cannot be written stays, and is no edit the next time either.
  private func renew(_ edit: Edit, _ taking: inout Taking) {
    let name = edit.topic.fileName
    guard let known = edit.known else { return }
    do {
      taking.prepared.take(name, as: try AtomicFile.replace(name, in: clone.threads, with: known))
    } catch {
      leaveBehind(edit, error, &taking)
    }
  }

  private func leaveBehind(_ edit: Edit, _ error: any Error, _ taking: inout Taking) {
    taking.prepared.behind.insert(edit.topic)
    taking.prepared.unsettled[edit.topic] = edit
    taking.prepared.notes.append(
      "'\(edit.topic)' lacks what the branch has until its file can be written: "
        + explained(error).message)
  }

  private func take(_ edit: Edit, _ taking: inout Taking) throws {
    let name = edit.topic.fileName
    func leave(_ note: String?) {
      taking.prepared.left.forget(name)
      if edit.known != nil || edit.problem != nil { taking.prepared.unsettled[edit.topic] = edit }
      taking.prepared.notes += [note].compactMap { $0 }
    }
    if let problem = edit.problem {
      return leave("'\(edit.topic)' was left alone: \(problem.message)")
    }
    guard let found = edit.found else {
      do {
        if let status = try taking.restored[edit.topic]?.get() {
          taking.prepared.take(name, as: status)
        }
      } catch {
        return leaveBehind(edit, error, &taking)
      }
      taking.prepared.notes.append("'\(edit.topic)' was missing in the work tree: put back")
      return
    }
    if let secret = SecretScan.first(in: found, notIn: edit.known ?? []) {
      leave(
        "'\(edit.topic)' was left alone: line \(secret.line) has \(secret.words); take it out"
      )
      // A write would commit the whole of a file that the branch has not.
      if edit.known == nil {
        taking.prepared.unsettled[edit.topic] = Edit(
          topic: edit.topic, found: found,
          problem: SecretInFile(topic: edit.topic, secret: secret), known: nil
        )
      }
      return
    }
    guard isStill(edit.topic) else { return leave(nil) }
    if edit.known == nil, try isAllTakenBack(found) {
      do {
        try File.remove(store.path(of: edit.topic))
      } catch {
        leave(
          "'\(edit.topic)' was taken back, and its file cannot be removed: \(explained(error).message)"
        )
      }
      return
    }
    guard let merged = try merged(edit, found, &taking.prepared.notes) else {
      let path = store.path(of: edit.topic)
      return leave("\(unreadable(edit.topic, found)); mend \(path) in an editor")
    }
    if merged != found {
      let written = try AtomicFile.replace(name, in: clone.threads, with: merged)
      taking.prepared.take(name, as: written)
    }
    if merged != edit.known {
      taking.files[edit.topic] = merged
      let known = Set(Self.entryIDs(edit.known ?? []))
      taking.added += Self.entryIDs(merged).filter { !known.contains($0) }
    }
  }

  /// Commits what was edited.
  private func commit(_ taking: inout Taking, _ lock: borrowing WriteLock) throws {
    let topics = taking.files.keys.sorted()
    if topics.isEmpty { return }
    let more = topics.count > 5 ? " and \(topics.count - 5) more" : ""
    let names = topics.prefix(5).map(\.name).joined(separator: ", ") + more
    let message = CommitMessage(
      subject: "\(settings.author): edited by hand (\(names))",
      entryIDs: taking.added.isEmpty ? [.make()] : taking.added, topics: topics.map(\.name))
    let made = try workTree.commit(
      taking.files, on: taking.prepared.head, message, &taking.prepared, lock)
    // Somebody has moved it since git was asked: what is an edit then is for the next look.
    if made == nil {
      throw BranchMoved(branch: clone.branch, root: clone.root, notes: taking.prepared.notes)
    }
    taking.prepared.head = made?.commit
    // It is a person's commit, and what is below it is too.
    let applied = try clone.applied.states.last
    try branch.seal(at: made?.commit, applied ?? AppliedRecords(sealedAt: nil, number: 0))
    taking.prepared.notes.append("took in what was edited by hand: \(names)")
  }

  private static func entryIDs(_ file: [UInt8]) -> [EntryID] {
    ThreadParser.parse(file[...])?.entries.compactMap(\.id) ?? []
  }

  /// Throws if a file looks otherwise than our last operation left it, is not as the branch has it, and git
  /// does not list it among the edits without a reason: then the list is not whole, and nobody would look
  /// again.
  private func checkAreListed(_ changed: [String], in edits: [Edit]) throws {
    let listed = Set(edits.map(\.topic))
    let topics = changed.compactMap(Topic.init(fileName:)).filter { !listed.contains($0) }
    // Nothing is known of a clone whose files nobody has looked at.
    if topics.isEmpty || workTree.left == WorkTreeSnapshot() { return }
    guard let head = try head() else { return }
    let known = try files(of: topics, at: head)
    let others = try topics.filter { topic in
      guard let known = known[topic] else { return false }
      return try stored(store.path(of: topic)) != known
    }
    if others.isEmpty { return }
    // Somebody may have saved them since.
    let now = Set(try all().map(\.topic))
    if let topic = try unexplained(others.filter { !now.contains($0) }, at: head) {
      throw GitError.unexpected("looking for edits", "it does not list \(topic.fileName)")
    }
  }

  /// The bytes that git keeps of what is at a path, before any filter: of a link, where it leads. Nil where nothing
  /// is there.
  private func stored(_ path: String) throws -> [UInt8]? {
    guard try FileStatus.of(path, followingLinks: false)?.isLink == true else {
      return try AtomicFile.readIfPresent(path)
    }
    return try FileLink.words(of: path)
  }

  /// The first of some files that git has no reason not to list: it is not told to leave it alone, and
  /// would store it otherwise than the branch has it.
  private func unexplained(_ topics: [Topic], at head: String) throws -> Topic? {
    if topics.isEmpty { return nil }
    let leftAlone = try repository.files.leftAlone(under: clone.threads)
    let others = topics.filter { !leftAlone.contains($0.fileName) }
    for topic in others where try !FileStatus.exists(store.path(of: topic)) { return topic }
    if others.isEmpty { return nil }
    let names = others.map { clone.name(of: $0) }
    let made = try repository.files.blobNames(ofFiles: names)
    let known = try repository.objects.named(names.map { "\(head):\($0)" })
    return zip(others, made).first { known["\(head):\(clone.name(of: $0))"]?.name != $1 }?.0
  }

  /// The files that are not as the branch has them, or not as the index has them.
  func all() throws -> [Edit] { try listed().edits }

  /// The files that are not as the branch or the index has them, and the commit that the branch names then, with
  /// which they are compared; nil where it has none.
  private func listed() throws -> (edits: [Edit], head: String?) {
    // First: from where somebody moves it meanwhile, nothing is committed.
    let head = try head()
    let changed = try repository.files.changedPaths(under: clone.threads)
      .compactMap(clone.topic(named:))
    if changed.isEmpty { return ([], head) }
    let known = try head.map { try files(of: changed, at: $0) } ?? [:]
    let edits = changed.map { topic in
      var found: [UInt8]?
      var problem: (any ExplainedError)?
      do {
        found = try AtomicFile.readIfPresent(store.path(of: topic))
      } catch {
        problem = explained(error)
      }
      return Edit(topic: topic, found: found, problem: problem, known: known[topic])
    }
    return (edits, head)
  }

  /// A file that is gone from the work tree comes back as the branch has it: removing a thread takes a
  /// commit made by hand. The index is mended for all of them at once.
  /// - Returns: As of `AtomicFile.replace`; nil where the branch has none.
  private func restored(_ edit: Edit) throws -> FileStatus? {
    try edit.known.map {
      try AtomicFile.replace(edit.topic.fileName, in: clone.threads, with: $0)
    }
  }

  func unreadable(_ topic: Topic, _ found: [UInt8]) -> String {
    "an edit of '\(topic)' by hand cannot be taken in: it "
      + (found[...].conflictMarkers > 0 ? "has conflict markers" : "does not read as a thread")
  }

  /// Sentences for people about files that were saved too late for an operation that has looked.
  var savedJustNow: [String] {
    if workTree.isAsLeft { return [] }
    do {
      if try beside.trouble != nil { return [] }
      return try all().filter { !$0.isOfIndex && $0.found != nil && !isStill($0.topic) }.map {
        "'\($0.topic)' was saved just now, and is taken in once its file is still for 2 seconds"
      }
    } catch {
      return ["whether a file was saved just now is not known: \(explained(error).message)"]
    }
  }

  func isStill(_ topic: Topic) -> Bool {
    // Ours, of a writer that was killed: it is whole.
    if takingOver.wasWriting(topic) { return true }
    let age = FileStatus.ifKnown(store.path(of: topic))?.age
    return age.map { $0 > Self.stillness || $0 < .zero } ?? false
  }

  /// The bytes that an edited file is to become: all that the branch has, with what was edited. Nil where it cannot
  /// be read as a thread.
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
    let kept = try withoutTakenBack(thread, known: before)
    guard let merged = before.takingIn(kept, topic: edit.topic) else { return nil }
    if kept.entries.count < thread.entries.count {
      let copy = try keepAside(found, of: edit.topic)
      notes.append("'\(edit.topic)' had what was taken back: left out; as found: \(copy)")
    } else if merged != found {
      let copy = try keepAside(found, of: edit.topic)
      notes.append("'\(edit.topic)' lacked entries after an edit: put back; as found: \(copy)")
    }
    return merged
  }

  /// Whether a file is of a thread that was begun by what was taken back, and has nothing else.
  func isAllTakenBack(_ file: [UInt8]) throws -> Bool {
    guard let thread = ThreadParser.parse(file[...]), !thread.entries.isEmpty else { return false }
    return try thread.entries.allSatisfy(isTakenBack)
  }

  /// Keeps what was found, outside the tracked tree.
  @discardableResult
  func keepAside(_ bytes: [UInt8], of topic: Topic) throws -> String {
    let directory = clone.path(of: .found)
    try Directory.make(directory)
    let name = "\(topic)-\(EntryID.make()).md"
    try AtomicFile.replace(name, in: directory, with: bytes)
    return directory + "/" + name
  }
}
