/// What contacts with the remote took, and how they ended: a bounded log of JSON lines outside the tracked tree. One
/// that cannot be written is no reason to fail.
struct ContactLog: Sendable {
  fileprivate let log: BoundedLog

  func lines() -> [JSON] { log.lines() }

  /// Adds what was told to whoever asked.
  func record(_ operation: String, _ delivery: Delivery, of outcome: ThreadOutcome? = nil) {
    log.append([
      "time": .string(Timestamp.now.description), "operation": .string(operation),
      "topic": JSON(outcome?.topic.name), "entry_id": JSON(outcome?.id?.description),
      "state": .string(delivery.state.rawValue), "commit": JSON(delivery.commit),
      "attempts": JSON(delivery.attempts),
      "arrived": JSON(delivery.arrived.count), "waiting": JSON(delivery.waiting),
      "ms": Self.milliseconds(delivery.elapsed),
      "commit_ms": Self.milliseconds(delivery.spent.commit),
      "pull_ms": Self.milliseconds(delivery.spent.pull),
      "push_ms": Self.milliseconds(delivery.spent.push),
    ])
  }

  /// Adds a contact that only read.
  func record(_ freshness: Freshness, elapsed: Duration) {
    log.append([
      "time": .string(Timestamp.now.description), "operation": "read",
      "state": freshness.problem == nil ? "fresh" : "stale",
      "arrived": JSON(freshness.arrived.count), "waiting": JSON(freshness.outbox.count),
      "ms": Self.milliseconds(elapsed),
    ])
  }

  /// Adds that something is taken back from the outbox: before the branch has lost it, and when it has.
  /// Without the first, one that was killed in between would look lost.
  func recordDrop(of id: EntryID, isDone: Bool) {
    log.append([
      "time": .string(Timestamp.now.description), "operation": "drop",
      "entry_id": .string(id.description), "state": .string(isDone ? "dropped" : "dropping"),
    ])
  }

  private static func milliseconds(_ duration: Duration) -> JSON {
    JSON(Int(duration / .milliseconds(1)))
  }
}

extension Clone {
  var contacts: ContactLog { ContactLog(log: BoundedLog(path: path(of: .metrics))) }
}
