internal import Platform

/// The log of a clone's contacts with the remote, how long they took and how they ended: bounded, of JSON lines,
/// outside the tracked tree. One that cannot be written is no reason to fail.
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

/// A summary of the log of a clone's contacts: how many, how long they took, how they ended.
package struct SyncStatistics: Sendable {
  /// One kind of contact: `write`, `conditional write`, `read`, `sync`.
  package struct Operation: Sendable, Equatable {
    package let name: String
    package let count: Int
    /// Half of them took at most so long, in milliseconds.
    package let p50: Int
    /// All but a twentieth of them took at most so long, in milliseconds.
    package let p95: Int
    /// The longest of them, in milliseconds.
    package let max: Int
  }

  /// The time of the oldest line that is still kept, as the log has it; nil for an empty log.
  package private(set) var since: String?
  /// The kinds of contacts that the log has, by name.
  package private(set) var operations: [Operation] = []
  /// The number of writes that ended in each `Delivery.State`, by its raw value; states of none are left out.
  package private(set) var states: [(state: String, count: Int)] = []
  /// Writes to threads, conditional ones among them.
  package private(set) var writes = 0
  /// Writes that what others had pushed was merged with first.
  package private(set) var merged = 0
  /// Pushes beyond the first of each write.
  package private(set) var retries = 0
  /// Entries of others that came.
  package private(set) var arrived = 0

  /// - Parameter lines: Of the log, the oldest first.
  init(_ lines: [JSON]) {
    var durations: [String: [Int]] = [:]
    var counts: [String: Int] = [:]
    for line in lines {
      guard let name = line["operation"]?.string, let milliseconds = line["ms"]?.int else {
        continue
      }
      since = since ?? line["time"]?.string
      durations[name, default: []].append(milliseconds)
      let arrived = line["arrived"]?.int ?? 0
      self.arrived += arrived
      guard name.hasSuffix("write"), let state = line["state"]?.string else { continue }
      writes += 1
      counts[state, default: 0] += 1
      retries += max(0, (line["attempts"]?.int ?? 0) - 1)
      if arrived > 0 { merged += 1 }
    }
    operations = durations.sorted { $0.key < $1.key }.map { name, all in
      let sorted = all.sorted()
      return Operation(
        name: name, count: all.count, p50: Self.quantile(0.5, of: sorted),
        p95: Self.quantile(0.95, of: sorted), max: sorted.last ?? 0)
    }
    states = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The least value that so large a part is not above (nearest rank).
  private static func quantile(_ part: Double, of sorted: [Int]) -> Int {
    let rank = Int((part * Double(sorted.count)).rounded(.up))
    return sorted.isEmpty ? 0 : sorted[Swift.max(0, rank - 1)]
  }
}

extension GitProcessSync {
  /// The summary of the clone's contacts, as far back as the log goes. No contact with the remote.
  package var statistics: SyncStatistics { SyncStatistics(clone.contacts.lines()) }
}
