internal import Foundation

extension GitProcessSync {
  /// The size at which the log begins anew; the one before is kept.
  static let metricsLimit = 1 << 20

  /// Adds a line of JSON to a bounded log outside the tracked tree: what was told to whoever asked. A
  /// log that cannot be written is no reason to fail.
  func record(_ operation: String, _ delivery: Delivery, of outcome: ThreadOutcome? = nil) {
    append([
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

  /// Adds that something is taken back from the outbox: before the branch has lost it, and when it has.
  /// Without the first, one that was killed in between would look lost.
  func recordDrop(of id: EntryID, isDone: Bool) {
    append([
      "time": .string(Timestamp.now.description), "operation": "drop",
      "entry_id": .string(id.description), "state": .string(isDone ? "dropped" : "dropping"),
    ])
  }

  private func append(_ line: JSON) {
    let path = clone.file("metrics.jsonl")
    guard let file = try? FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_APPEND)
    else { return }
    // One write: lines of several processes do not mix.
    try? file.write(line.serialized() + [.lineFeed])
    if let size = try? file.status().st_size, size > Self.metricsLimit {
      rename(path, clone.file("metrics.1.jsonl"))
    }
  }

  private static func milliseconds(_ duration: Duration) -> JSON {
    JSON(Int(duration / .milliseconds(1)))
  }
}
