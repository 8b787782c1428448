internal import Platform

/// The message of a commit of ours: `agent: what (topic)`, and trailers that a program can read.
package struct CommitMessage: Sendable, Equatable {
  package var subject: String
  /// The entries that the commit carries; a change that is no entry has an ID of its own here.
  package var entryIDs: [EntryID]
  /// The names of the threads that the commit changes.
  package var topics: [String]
  /// The agents that signed what it carries, and the configured ones of calls that named another.
  package var agents: [String] = []
  package var vias: [String] = []
  /// The condition that a conditional write was made under, in words; nil for other commits.
  package var condition: String?

  package init(
    subject: String, entryIDs: [EntryID], topics: [String], condition: String? = nil
  ) {
    (self.subject, self.entryIDs) = (subject, entryIDs)
    (self.topics, self.condition) = (topics, condition)
  }

  var trailers: String {
    var lines = entryIDs.map { "\(Trailer.entryID): \($0)" }
    lines += topics.map { "\(Trailer.topic): \($0)" }
    lines += agents.map { "\(Trailer.agent): \($0)" } + vias.map { "\(Trailer.via): \($0)" }
    if let condition { lines.append("\(Trailer.condition): \(condition)") }
    return lines.joined(separator: "\n")
  }

  var text: String { text(after: "") }

  /// - Parameter words: What the subject begins with.
  func text(after words: String) -> String {
    "\(words.isEmpty ? "" : words + " ")\(subject)\n\n\(trailers)\n"
  }
}

extension CommitMessage {
  /// Of one change of a thread. What is no entry carries an ID of its own, so that it too can be
  /// found again after a rebase has changed the commit.
  init(_ change: ThreadChange.Written, topic: Topic, by agent: Agent, condition: String?) {
    let what =
      switch change.action {
      case .added: change.entry?.title?.text ?? "an entry"
      case .created: "thread made"
      case .changed, .alreadyThere, .unchanged:
        "status \(change.thread.status), ball \(change.thread.ball?.description ?? "nobody")"
      }
    let author = change.entry?.agent ?? agent
    self.init(
      subject: "\(author): \(what) (\(topic))", entryIDs: [change.id], topics: [topic.name],
      condition: condition)
    agents = [author.description.onOneLine]
    vias = [change.via?.description.onOneLine].compactMap { $0 }
  }

  /// Of records that are committed in one.
  init(joining records: [OutboxRecord]) {
    let topics = records.map(\.topic.name).unique
    self.init(
      subject: records.count == 1
        ? records[0].subject : "\(records.count) entries (\(topics.joined(separator: ", ")))",
      entryIDs: records.map(\.id), topics: topics,
      condition: records.count == 1 ? records[0].condition : nil)
    (agents, vias) = (records.compactMap(\.agent).unique, records.compactMap(\.via).unique)
  }

  /// The message of what stands for these commits elsewhere: their own, or one for all of them.
  static func text(replaying commits: [CloneCommit]) -> String {
    commits.count == 1 ? commits[0].message : CommitMessage(joining: commits).text
  }

  /// Of several commits that become one.
  init(joining commits: [CloneCommit]) {
    self.init(
      subject: commits.count == 1 ? commits[0].subject : "\(commits.count) commits joined",
      entryIDs: commits.flatMap(\.entryIDs), topics: commits.flatMap(\.topics).unique)
    (agents, vias) = (commits.flatMap(\.agents).unique, commits.flatMap(\.vias).unique)
  }
}

/// The names of the trailers that a commit of ours ends with.
enum Trailer {
  static let entryID = "Watercooler-Entry-ID"
  static let topic = "Watercooler-Topic"
  /// The agent that signed.
  static let agent = "Watercooler-Agent"
  /// The configured agent, where the call named another one to sign.
  static let via = "Watercooler-Via"
  /// The condition that a conditional write was made under.
  static let condition = "Watercooler-Condition"
}

extension CloneCommit {
  /// The person in whose name it was made.
  package var author: String { authorName }

  /// The entries and other changes that it carries; none for a commit made by hand.
  package var entryIDs: [EntryID] { values(ofTrailer: Trailer.entryID).compactMap { EntryID($0) } }

  /// The threads that it changes; none for a commit made by hand.
  package var topics: [String] { values(ofTrailer: Trailer.topic) }

  /// The agents that signed, and the configured ones of calls that named another.
  package var agents: [String] { values(ofTrailer: Trailer.agent) }
  package var vias: [String] { values(ofTrailer: Trailer.via) }

  /// The author and the time, which a commit keeps where it is made anew.
  var authorship: Authorship {
    Authorship(name: authorName, email: authorEmail, date: authorDate)
  }

  /// Whether it carries this; every commit carries nothing in particular.
  func has(_ id: EntryID?) -> Bool { id.map { entryIDs.contains($0) } ?? true }
}

extension [CloneCommit] {
  /// The number of entries and other changes that the commits carry: under load one has several, and one made by
  /// hand counts as one.
  package var changeCount: Int { reduce(0) { $0 + Swift.max(1, $1.entryIDs.count) } }
}

extension [String] {
  /// Each once, in the order in which they come first.
  fileprivate var unique: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
