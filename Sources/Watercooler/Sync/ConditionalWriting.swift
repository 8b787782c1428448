internal import Foundation

extension GitProcessSync {
  /// Writes to a thread only if a condition holds in the remote, and says so only once the remote has
  /// taken it. It is never queued.
  ///
  /// The commit is made beside the branch, on what the remote has shown, and pushed from there: if
  /// others were faster it is simply not part of anything, and there is nothing to take back. The push
  /// lock is held throughout.
  /// - Parameter change: Checks the condition, and throws if it does not hold; called again after
  ///   every push of somebody else.
  package func writeConditionally(
    _ topic: Topic, by agent: Agent, condition: String, deadline: Deadline,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> (outcome: ThreadOutcome, delivery: Delivery) {
    let began = ContinuousClock.now
    var delivery = Delivery(.pushed)
    // What waits here goes first: the condition is about all that was said before.
    let sent = deliver(nil, until: deadline)
    if sent.state != .pushed { throw ConditionalError.notReachable(sent.problem) }
    delivery.arrived = sent.arrived
    // Why a push of ours may have arrived nevertheless: then nobody can say that nothing was written.
    var doubt: RemoteProblem?
    let outcome: ThreadOutcome
    do {
      outcome = try clone.withLock(PushLock.self, deadline: deadline) { _ in
        try attempt(topic, by: agent, condition, &delivery, &doubt, deadline, change)
      }
    } catch {
      throw doubt.map { ConditionalError.cutOff($0) } ?? error
    }
    // It is in the remote by now: what is wrong here is to be told, and no reason to fail.
    do {
      try clone.withLock(WriteLock.self, deadline: deadline) { lock in
        delivery.notes += try prepare(lock)
        _ = try integrate(lock, notes: &delivery.notes)
      }
    } catch {
      delivery.notes.append("the files here are not up to date: \(Self.explained(error))")
    }
    delivery.elapsed = ContinuousClock.now - began
    record("conditional write", delivery, of: outcome)
    return (outcome, delivery)
  }

  private func attempt(
    _ topic: Topic, by agent: Agent, _ condition: String, _ delivery: inout Delivery,
    _ doubt: inout RemoteProblem?, _ deadline: Deadline,
    _ change: (ThreadStore.Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    var backoff = Backoff()
    while true {
      let problem = try clone.withLock(FetchLock.self, deadline: deadline) { _ in
        try fetch(until: deadline)
      }
      if let problem { throw ConditionalError.notReachable(problem) }
      // The change looks for the entry first: what it finds now is settled.
      doubt = nil
      let tip = try repository.commit(at: clone.trackingRef)
      let stored = try self.stored(topic, at: tip)
      let made = try change(stored)
      let named = stored?.topic ?? topic
      guard case .write(let written) = made else {
        return ThreadOutcome(
          change: made, topic: named, path: store.path(of: named), thread: stored?.thread)
      }
      let message = CommitMessage(written, topic: named, by: agent, condition: condition)
      let candidate = try commitBeside(tip, [named: written.thread.bytes], message)
      delivery.attempts += 1
      switch try push(candidate, over: tip, until: deadline).0 {
      case .accepted:
        clone.contact.touch()
        delivery.commit = candidate
        return ThreadOutcome(
          change: made, topic: named, path: store.path(of: named), thread: written.thread)
      case .othersPushed(let isVague):
        clone.contention.touch()
        guard backoff.mayGoOn(isVague: isVague) else {
          throw ConditionalError.notReachable(RemoteProblem(.policy, detail: "without a reason"))
        }
        try backoff.wait(until: deadline)
      case .failed(let problem) where [.cutOff, .other].contains(problem.kind):
        // Only the remote knows: the next turn finds the entry there, or its condition anew.
        doubt = problem
        guard backoff.mayGoOn(isVague: true) else { throw ConditionalError.cutOff(problem) }
      case .failed(let problem):
        throw ConditionalError.notReachable(problem)
      }
    }
  }

  /// A thread as the remote has shown it, by a name in any case.
  private func stored(_ topic: Topic, at tip: String?) throws -> ThreadStore.Stored? {
    guard let tip, let directory = try repository.directory(clone.path, at: tip) else { return nil }
    let found = directory.entries.compactMap { name, entry in
      Topic(fileName: String(decoding: name, as: UTF8.self)).map { (topic: $0, entry: entry) }
    }
    .filter { $0.topic.isSame(as: topic) }
    if found.count > 1 { throw StoreError.sameButForCase(found.map(\.topic.fileName).sorted()) }
    guard let (spelled, entry) = found.first else { return nil }
    let name = clone.name(of: spelled)
    guard let bytes = try file(of: spelled, at: tip) else { return nil }
    if entry.isLink {
      let target = bytes[...].string
      let other = Topic(fileName: target).flatMap { directory[$0.fileName] == nil ? nil : $0 }
      throw StoreError.link(path: store.path(of: spelled), target: target, topic: other)
    }
    guard let thread = ThreadParser.parse(bytes[...]) else {
      throw StoreError.notAThread(name)
    }
    try thread.checkWritable(file: name)
    return ThreadStore.Stored(topic: spelled, path: store.path(of: spelled), thread: thread)
  }
}

/// A conditional write that was not made, as nobody can tell whether its condition holds.
package enum ConditionalError: ExplainedError {
  case notReachable((any ExplainedError)?)
  case cutOff(RemoteProblem)

  /// Whether it may have been written.
  package var isUnknown: Bool {
    if case .cutOff = self { true } else { false }
  }

  package var message: String {
    switch self {
    case .notReachable(let cause):
      "not written: a condition can only be checked with the remote"
        + (cause.map { ", and \($0.message)" } ?? "")
    case .cutOff(let problem):
      "nobody knows yet whether it was written: \(problem.message)"
    }
  }

  package var hint: String? {
    switch self {
    case .notReachable(let cause): cause?.hint ?? "try again, or leave the condition out"
    case .cutOff: "look at the thread before you try again"
    }
  }
}
