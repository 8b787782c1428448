/// One thread in a list.
package struct ThreadSummary: Sendable {
  package let topic: Topic
  package let path: String
  package let title: String
  package let status: String
  package let isClosed: Bool
  package let ball: Agent?
  package let updated: Timestamp?
  package let entryCount: Int
  package let lastAgent: Agent?
  /// Whether the reader has the ball.
  package let isYourTurn: Bool
  /// What is wrong with the file; the thread is then shown as far as it can be read.
  package let problem: String?
  /// Why the file could not be read at all: it may be anybody's turn, and open or closed.
  package var unreadable: (any ExplainedError)?

  /// Whether the one who has the ball has something to read: the last entry is somebody else's.
  package var isNew: Bool {
    guard !isClosed, let ball, let lastAgent else { return false }
    return !lastAgent.answers(to: ball)
  }
}

/// Which threads are listed.
package enum ListFilter: Sendable {
  case all
  case open
  case closed
}

extension Workspace {
  /// The threads: your turn first, then by the time of their last entry, the newest first; the closed
  /// ones last. One that cannot be read is among them, whatever is asked for.
  /// - Parameter isMine: Only those where the reader has the ball.
  package func list(_ filter: ListFilter = .all, isMine: Bool = false) throws -> [ThreadSummary] {
    let reader = try identity().agent
    return try store.list().map { summary(of: $0, for: reader) }
      .filter { summary in
        switch filter {
        case .all: true
        case .open: !summary.isClosed
        case .closed: summary.isClosed || summary.unreadable != nil
        }
      }
      .filter { !isMine || $0.isYourTurn || $0.unreadable != nil }
      .sorted { left, right in
        if left.isClosed != right.isClosed { return right.isClosed }
        if left.isYourTurn != right.isYourTurn { return left.isYourTurn }
        if left.updated != right.updated {
          return (left.updated?.seconds ?? 0) > (right.updated?.seconds ?? 0)
        }
        return left.topic < right.topic
      }
  }

  private func summary(of listed: ThreadStore.Listed, for reader: Agent) -> ThreadSummary {
    switch listed.content {
    case .unreadable(let error):
      return ThreadSummary(
        topic: listed.topic, path: listed.path, title: listed.topic.name, status: "UNREADABLE",
        isClosed: false, ball: nil, updated: nil, entryCount: 0, lastAgent: nil, isYourTurn: false,
        problem: error.description, unreadable: error)
    case .thread(let thread):
      return ThreadSummary(
        topic: listed.topic, path: listed.path, title: thread.title ?? listed.topic.name,
        status: thread.status, isClosed: thread.isClosed, ball: thread.ball,
        updated: thread.updated, entryCount: thread.entries.count,
        lastAgent: thread.entries.last?.agent,
        isYourTurn: thread.isTurn(of: reader),
        problem: thread.problems.first?.description(file: listed.topic.fileName))
    }
  }
}
