/// The result of a write: the truth, as far as it is known when the reply goes out. Title, ball and status are the
/// thread's after it.
package struct Receipt: Sendable {
  package let action: ThreadChange.Action
  package let topic: Topic
  /// The thread's file, an absolute path.
  package let path: String
  package let title: String
  package let ball: Agent?
  package let status: String
  /// The new entry, or the one that was there.
  package let entry: Entry?
  /// Entries of the thread after the write.
  package let entryCount: Int
  /// How far the write got.
  package let delivery: Delivery

  /// Adds to the delivery's notes what is unusual about the entry's role or type.
  package init(_ outcome: ThreadOutcome, _ delivery: Delivery) {
    switch outcome.change {
    case .write(let written): (action, entry) = (written.action, written.entry)
    case .keep(let action, let entry): (self.action, self.entry) = (action, entry)
    }
    (topic, path) = (outcome.topic, outcome.path)
    var delivery = delivery
    if case .write = outcome.change, let entry {
      delivery.notes += Vocabulary.notes(role: entry.role, type: entry.type)
    }
    self.delivery = delivery
    title = outcome.thread?.title ?? outcome.topic.name
    ball = outcome.thread?.ball
    status = outcome.thread?.status ?? "OPEN"
    entryCount = outcome.thread?.entries.count ?? 0
  }

  /// The ID of the entry that was added, or was there already; nil where the write was no entry.
  package var entryID: EntryID? {
    switch action {
    case .added(let id), .alreadyThere(let id): id
    case .changed, .created, .unchanged: nil
    }
  }
}
