internal import Platform

/// The writes that were made here and are not pushed yet.
struct Outbox: OnClone {
  let open: OpenClone
}

extension Outbox {
  /// All of it, the oldest first; what waits for its commit last. Nothing changes.
  /// - Parameter isLevelLikely: As of `state`; by default where nothing waits for its commit.
  func waiting(isLevelLikely: Bool? = nil) throws -> [CloneCommit] {
    // In this order: what is committed in between is in both, and not in neither.
    let uncommitted = try clone.uncommitted.all
    let ahead = try state(isLevelLikely: isLevelLikely ?? uncommitted.isEmpty).ahead
    return Self.joined(ahead, uncommitted)
  }

  /// The commits that wait, and after them the entries that wait for theirs.
  static func joined(_ ahead: [CloneCommit], _ uncommitted: [UncommittedEntry]) -> [CloneCommit] {
    let committed = Set(ahead.flatMap(\.entryIDs))
    return ahead + uncommitted.filter { !committed.contains($0.id) }.map(CloneCommit.init)
  }

  /// Takes back what is not pushed yet, as if it had never been said: it stays in git's reflog.
  /// - Returns: What was taken back; nil if nothing in the outbox has this ID.
  func drop(_ id: EntryID, until deadline: Deadline) throws -> CloneCommit? {
    // The push lock: what is being sent this moment cannot be taken back.
    try clone.withLock(PushLock.self, deadline: deadline) { _ in
      try clone.withLock(WriteLock.self, deadline: deadline) { lock -> CloneCommit? in
        let prepared = try workTree.prepare(lock)
        let state = try state()
        guard let index = state.ahead.firstIndex(where: { $0.has(id) }) else { return nil }
        let dropped = state.ahead[index]
        guard state.ahead[index...].allSatisfy({ $0.parents.count < 2 }) else {
          throw DropError.mergedByHand
        }
        let removal = try Removal(of: id, in: dropped, self)
        for topic in dropped.topics.compactMap({ try? Topic($0) }) {
          guard let edit = prepared.unsettled[topic] else { continue }
          throw edit.problem ?? DropError.beingEdited(topic)
        }
        let parent = try remake(state.ahead[index...], without: id, removal)
        // A writer that is about to send the entry, and finds it gone, is told so.
        try clone.failures.add(.takenBack, of: [id])
        clone.contacts.recordDrop(of: id, isDone: false)
        do {
          try workTree.moveBranch(from: state.head, to: parent, lock)
        } catch {
          // With the mark of the move set, the next operation goes on with it.
          if (try? clone.moving.isSet) != false {
            throw DropError.unfinished(explained(error).message)
          }
          throw error
        }
        clone.contacts.recordDrop(of: id, isDone: true)
        return dropped
      }
    }
  }

  /// Makes commits anew, each file as it would be had the change not been made.
  /// - Returns: The last of them; nil for a branch without a commit.
  private func remake(
    _ commits: ArraySlice<CloneCommit>, without id: EntryID, _ removal: Removal
  ) throws -> String? {
    var parent = commits.first?.parents.first
    for commit in commits {
      // Another one may have brought it back, with other things.
      let isDropped = commit.id == commits.first?.id
      if isDropped, commit.entryIDs.count < 2 { continue }
      let draft = CommitDraft(
        parent: parent, tree: try repository.objects.tree(of: commit.id),
        files: try removal.files(in: commit.id, self),
        message: isDropped ? commit.message(without: id) : commit.message,
        author: commit.authorship)
      parent = try repository.commit(draft, by: settings.committer).commit
    }
    return parent
  }
}

/// The taking out of a change: the files of its commit as they are with it, and as they would be without.
private struct Removal {
  private struct File {
    let name: String
    let topic: Topic
    /// With the change, and as it would be without it; nil where there would be no file.
    let made: Thread
    let without: Thread?
  }

  private var files: [File] = []

  /// - Parameter commit: Carries the change, and perhaps others.
  init(of id: EntryID, in commit: CloneCommit, _ outbox: Outbox) throws {
    for topic in commit.topics.compactMap({ try? Topic($0) }) {
      let name = outbox.clone.name(of: topic)
      guard let made = try outbox.thread(name, at: commit.id) else { continue }
      let before = try commit.parents.first.flatMap { try outbox.thread(name, at: $0) }
      if commit.entryIDs.count < 2 {
        files.append(File(name: name, topic: topic, made: made, without: before))
      } else if made.entries.contains(where: { $0.id == id }) {
        files.append(File(name: name, topic: topic, made: made, without: made.removing([id])))
      }
    }
    if files.isEmpty { throw DropError.joined }
  }

  /// The files of a later commit that differ without the change, and how; nil for none.
  func files(in commit: String, _ outbox: Outbox) throws -> [String: [UInt8]?] {
    var result: [String: [UInt8]?] = [:]
    for file in files {
      guard let later = try outbox.thread(file.name, at: commit) else { continue }
      if let without = file.without {
        let merge = ThreadMerge(
          base: file.made, shown: without, replayed: later, topic: file.topic)
        guard let merge else { throw DropError.unreadable(file.name) }
        result[file.name] = merge.thread.bytes
      } else if later == file.made {
        result[file.name] = .some(nil)
      } else {
        // Somebody went on with the thread that it had begun.
        result[file.name] = later.removing(file.made.entries.compactMap(\.id)).bytes
      }
    }
    return result
  }
}

extension CloneCommit {
  /// An entry that has no commit yet, and so no commit's name.
  fileprivate init(_ entry: UncommittedEntry) {
    let message = CommitMessage(joining: [entry])
    self.init(
      id: "", parents: [], time: Timestamp(seconds: Int64(entry.id.milliseconds / 1000)),
      authorName: "", authorEmail: "", authorDate: "",
      trailers: message.trailers.split(separator: "\n").map(String.init), message: message.text)
  }

  /// The message of a commit that carries several changes, without one of them.
  fileprivate func message(without id: EntryID) -> String {
    let line = "\(Trailer.entryID): \(id)"
    return message.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { $0 != line }.joined(separator: "\n")
  }
}

extension OnClone {
  /// A thread as a commit has it; nil where it has none.
  fileprivate func thread(_ name: String, at commit: String) throws -> Thread? {
    let object = "\(commit):\(name)"
    return try repository.objects.blobs([object])[object].flatMap { ThreadParser.parse($0[...]) }
  }
}

/// Why something in the outbox cannot be taken back.
package enum DropError: ExplainedError, Equatable {
  /// It was joined with others in one commit, and is no entry that could be told from them.
  case joined
  case mergedByHand
  case unreadable(String)
  /// Somebody is saving the file this moment: what is in it would come back as an edit.
  case beingEdited(Topic)
  /// It was begun and could not be finished, for this reason.
  case unfinished(String)

  package var isUnknown: Bool {
    if case .unfinished = self { true } else { false }
  }

  package var message: String {
    switch self {
    case .joined: "it waits in one commit with others, and cannot be told from them"
    case .mergedByHand: "what waits was merged by hand, and cannot be made anew without one part"
    case .unreadable(let name): "\(name) cannot be read as a thread"
    case .beingEdited(let topic): "nothing was taken back: the file of '\(topic)' is being edited"
    case .unfinished(let cause):
      "nobody knows yet whether it is taken back, only that it was begun: \(cause)"
    }
  }
  package var hint: String? {
    switch self {
    case .joined, .mergedByHand, .unreadable: "nothing was changed: undo it with git, by hand"
    case .beingEdited: "try again when it has been saved for two seconds"
    case .unfinished:
      "the next command goes on with it, if nothing is in its way; then look at 'wc outbox'"
    }
  }
}
