package import Platform

/// One thread in a list: a row that says who has the ball, and what came last.
///
/// Of a file that cannot be read at all (`unreadable`) only topic and path are known: its title is the topic, its
/// status `UNREADABLE`.
package struct ThreadSummary: Sendable {
  package let topic: Topic
  /// The thread's file, an absolute path.
  package let path: String
  /// The title in the head; the topic where there is none.
  package let title: String
  package let status: String
  /// Whether its status is one of those that close a thread; then it is nobody's turn.
  package let isClosed: Bool
  package let ball: Agent?
  /// The time of the last entry or of a later change of ball or status, else that of the thread's making; nil where
  /// the file tells none.
  package let updated: Timestamp?
  package let entryCount: Int
  /// The agent of the last entry; nil for a thread without entries.
  package let lastAgent: Agent?
  /// Whether the reader has the ball.
  package let isYourTurn: Bool
  /// The first fault of the file, in words; the thread is then shown as far as it can be read. Nil for none.
  package let problem: String?
  /// Why the file could not be read at all: it may be anybody's turn, and open or closed.
  package var unreadable: (any ExplainedError)?

  /// Whether the one who has the ball has something to read: the last entry is somebody else's.
  package var isNew: Bool {
    guard !isClosed, let ball, let lastAgent else { return false }
    return !lastAgent.answers(to: ball)
  }
}

/// The threads that are listed. One that cannot be read is among all of these.
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
