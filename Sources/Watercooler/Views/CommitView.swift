package import Platform

/// A commit of threads, as JSON and in a line.
package struct CommitView {
  private let commit: CloneCommit

  package init(_ commit: CloneCommit) { self.commit = commit }

  package var json: JSON {
    [
      "commit": commit.id.isEmpty ? .null : .string(commit.id),
      "time": .string(commit.time.description),
      "subject": .string(commit.subject),
      "author": .string(commit.author), "agents": .array(commit.agents.map { .string($0) }),
      "via": .array(commit.vias.map { .string($0) }),
      "entry_ids": .array(commit.entryIDs.map { .string($0.description) }),
      "topics": .array(commit.topics.map { .string($0) }),
    ]
  }

  /// Time, ID and subject, a line for each entry or change; the ID is what `outbox drop` takes.
  package var lines: String {
    let ids = commit.entryIDs.map(\.description)
    return (ids.isEmpty ? [String(commit.id.prefix(7))] : ids)
      .map { "\(commit.time)\t\($0)\t\(commit.subject.onOneLine)\n" }.joined()
  }
}
