internal import Platform

/// Applying records to what a commit has: the commits that are made of them, and those that need none.
struct Applying: OnClone {
  let open: OpenClone
}

extension Applying {
  /// Consecutive records of one author: they share a commit, so that it names the right person.
  struct Step {
    var records: [OutboxRecord]
    /// The files that they change, as they are after it.
    var files: [Topic: [UInt8]] = [:]

    var message: CommitMessage { CommitMessage(joining: records) }
    var ids: [EntryID] { records.map(\.id) }
  }

  /// The outcome of applying records to a commit.
  struct Outcome {
    var steps: [Step] = []
    /// The entries that the commit has already.
    var present: [OutboxRecord] = []
    /// The records that wait, as their threads cannot be written to, and why.
    var held: [(record: OutboxRecord, cause: any ExplainedError)] = []
    /// Sentences for people about threads that came back.
    var notes: [String] = []
    /// The files of all steps, as they are in the end.
    var files: [Topic: [UInt8]] {
      steps.reduce(into: [:]) { $0.merge($1.files) { _, last in last } }
    }
  }

  /// - Parameter commit: Nil for no commit.
  func apply(_ records: [OutboxRecord], to commit: String?) throws -> Outcome {
    var threads = try Threads(records.map(\.topic), at: commit, self)
    let offers = try clone.offered.offers
    var outcome = Outcome()
    var stopped: [Topic: any ExplainedError] = [:]
    for record in records {
      let topic = threads.spelling(of: record.topic)
      let isOffered = offers.contains { $0.has(record.name) }
      let cause = try stopped[topic] ?? apply(record, topic, isOffered, &threads, &outcome)
      guard let cause else { continue }
      // Later ones may be about what it says.
      stopped[topic] = cause
      outcome.held.append((record, cause))
    }
    return outcome
  }

  /// - Returns: Why it cannot be applied; nil where it is.
  private func apply(
    _ record: OutboxRecord, _ topic: Topic, _ isOffered: Bool, _ threads: inout Threads,
    _ outcome: inout Outcome
  ) throws -> (any ExplainedError)? {
    if let cause = threads.unusable[topic] { return cause }
    let thread = try threads.known[topic] ?? restored(record, &outcome)
    var file: [UInt8]?
    do throws(OutboxRecord.Unappliable) {
      switch try record.applied(to: thread, as: topic, isOffered: isOffered) {
      case .present:
        outcome.present.append(record)
        return nil
      case .unchanged: break
      case .changed(let changed):
        threads.known[topic] = changed
        file = changed.bytes
      }
    } catch {
      return error.cause
    }
    if outcome.steps.last?.records.last?.author.isSame(as: record.author) != true {
      outcome.steps.append(Step(records: []))
    }
    outcome.steps[outcome.steps.count - 1].records.append(record)
    if let file { outcome.steps[outcome.steps.count - 1].files[topic] = file }
    return nil
  }

  /// A thread that is gone where a record is applied, as it was where the record was made.
  private func restored(_ record: OutboxRecord, _ outcome: inout Outcome) throws -> Thread? {
    if case .thread = record.change { return nil }
    guard let base = record.base, let bytes = try file(of: record.topic, at: base),
      let thread = ThreadParser.parse(bytes[...])
    else { return nil }
    let name = clone.name(of: record.topic)
    outcome.notes.append("'\(name)' was deleted on one side and written to on the other: kept")
    return thread
  }

  /// The threads of a commit, as far as they are asked for.
  private struct Threads {
    var known: [Topic: Thread] = [:]
    /// Those in whose place is no file of a thread, and what is there.
    private(set) var unusable: [Topic: StoreError] = [:]
    /// The topics as their files are spelled, where that is otherwise.
    private var spellings: [Topic: Topic] = [:]

    init(_ topics: [Topic], at commit: String?, _ applying: Applying) throws {
      guard let commit else { return }
      let wanted = Array(Set(topics))
      var files = try applying.files(of: wanted, at: commit)
      for (topic, bytes) in files { known[topic] = ThreadParser.parse(bytes[...]) }
      if wanted.allSatisfy({ known[$0] != nil }) { return }
      let named = try applying.past.named(at: commit)
      for topic in wanted where files[topic] == nil {
        spellings[topic] = named.first { $0.topic.isSame(as: topic) }?.topic
      }
      let others = try applying.files(of: Array(spellings.values), at: commit)
      files.merge(others) { one, _ in one }
      for (topic, bytes) in others { known[topic] = ThreadParser.parse(bytes[...]) }
      for topic in Set(wanted.map(spelling)) where known[topic] == nil {
        guard let entry = named.first(where: { $0.topic == topic })?.entry else { continue }
        unusable[topic] = applying.error(of: topic, entry, files[topic] ?? [])
      }
    }

    func spelling(of topic: Topic) -> Topic { spellings[topic] ?? topic }
  }
}

extension Applying {
  /// Why what a commit has in the place of a thread is none.
  private func error(of topic: Topic, _ entry: TreeObject.Entry, _ words: [UInt8]) -> StoreError {
    let name = clone.name(of: topic)
    if entry.isLink {
      return .link(path: name, target: words[...].string, topic: Topic(fileName: words[...].string))
    }
    return entry.mode.hasPrefix("100") ? .notAThread(name) : .notAFile(name)
  }

  /// Makes the commits of some steps, one on the other; no branch moves.
  /// - Returns: The last of them, or `parent` where there is none.
  func commits(
    of steps: some Collection<Step>, on parent: String?
  ) throws -> (head: String?, commits: [(commit: String, ids: [EntryID])]) {
    var head = parent
    var commits: [(commit: String, ids: [EntryID])] = []
    for step in steps {
      var draft = draft(step.files, on: head, step.message)
      draft.author = step.author
      let made = try repository.commit(draft, by: settings.committer).commit
      commits.append((made, step.ids))
      head = made
    }
    return (head, commits)
  }
}

extension Applying.Step {
  /// The author of all, and the time of the last.
  var author: Authorship? { records.last?.author }
}

extension Authorship {
  func isSame(as other: Authorship) -> Bool { name == other.name && email == other.email }
}
