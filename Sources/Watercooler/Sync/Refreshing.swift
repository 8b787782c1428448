/// How fresh what is read is.
package struct Freshness: Sendable {
  /// When the remote last answered; nil if it never did.
  package var asOf: Timestamp?
  /// Why it is not fresher.
  package var problem: RemoteProblem?
  package var arrived: [Delivery.Arrival] = []
  /// What waits here, the oldest first.
  package var outbox: [CloneCommit] = []
  /// Whether that could be told.
  package var isOutboxKnown = true
  package var notes: [String] = []

  /// The entries that the remote has not shown: they have no number yet.
  package var pending: Set<EntryID> { Set(outbox.flatMap(\.entryIDs)) }
}

extension GitProcessSync {
  /// How fresh the files are as they are now, without a contact.
  func freshness(problem: RemoteProblem?) -> Freshness {
    var freshness = Freshness()
    (freshness.asOf, freshness.problem) = (clone.contact.time, problem)
    // Whoever moves the branch this moment has changed the files first.
    try? clone.withLock(.write, deadline: .after(.seconds(5))) { _ in }
    do {
      freshness.outbox = try outbox()
    } catch {
      freshness.notes.append("what is shown may be old: \(Self.explained(error).description)")
      freshness.isOutboxKnown = false
    }
    return freshness
  }

  /// Brings the clone up to date for a read: one round trip, or none within `age` of the last contact.
  /// Where the remote cannot be reached, what is here is served, and the reason told.
  /// - Parameter sends: Whether what waits here is sent on this occasion.
  package func refresh(
    sharing age: Duration, until deadline: Deadline, sends: Bool = true
  ) throws -> Freshness {
    let began = ContinuousClock.now
    var freshness = Freshness()
    let hasContact = clone.contact.isWithin(age)
    if !hasContact {
      do {
        freshness.problem = try fetchOnce(since: age, until: deadline)
      } catch let error as LockError {
        freshness.problem = RemoteProblem(.unreachable, detail: error.message)
      } catch Interruption.deadlinePassed {
        freshness.problem = RemoteProblem(.unreachable, detail: "no answer in time")
      } catch let error as any ExplainedError {
        // A disk that cannot be written to, say: what is there can be read.
        freshness.notes.append("the remote was not asked: \(error.description)")
      }
    }
    freshness.asOf = clone.contact.time
    var state: CloneState
    do {
      state = try self.state(isLevelLikely: true)
    } catch {
      freshness.notes.append("what is shown may be old: \(error.description)")
      freshness.isOutboxKnown = false
      return freshness
    }
    if state.isBehind || (try? clone.uncommitted.isEmpty) != true || !isAsLeft {
      do {
        try clone.withLock(.write, deadline: deadline) { lock in
          freshness.notes += try prepare(lock)
          freshness.arrived = try integrate(lock, notes: &freshness.notes)
        }
      } catch let error as any ExplainedError {
        // Reads go on working, and say why they do not show more.
        freshness.notes.append(error.description)
      }
      state = try self.state()
    }
    if sends, !hasContact, freshness.problem == nil, !state.ahead.isEmpty,
      !clone.refusal.isWithin(.seconds(60))
    {
      let delivery = deliver(nil, patience: .milliseconds(50), until: deadline)
      freshness.arrived += delivery.arrived
      freshness.notes += delivery.notes
      state = try self.state()
    }
    freshness.outbox = state.ahead
    freshness.asOf = clone.contact.time
    if sends, !hasContact { record(freshness, elapsed: ContinuousClock.now - began) }
    return freshness
  }
}
