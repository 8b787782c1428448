/// How fresh what is read is.
package struct Freshness: Sendable {
  /// When the remote last answered; nil if it never did.
  package var asOf: Timestamp?
  /// Why it is not fresher.
  package var problem: (any ExplainedError)?
  /// The same, where it is the remote that did not answer.
  package var remoteProblem: RemoteProblem? {
    didSet { problem = remoteProblem }
  }
  package var arrived: [Delivery.Arrival] = []
  /// What waits here, the oldest first.
  package var outbox: [CloneCommit] = []
  /// Whether that could be told.
  package var isOutboxKnown = true
  package var notes: [String] = []
  /// What is in the files, and could not be committed.
  var uncommitted: [EntryID] = []
  /// How the files looked before it was looked up what waits: what came into one since then is not in
  /// `pending`. Nil where that is not known.
  var look: WorkTreeSnapshot?

  /// The entries that the remote has not shown: they have no number yet.
  package var pending: Set<EntryID> { Set(outbox.flatMap(\.entryIDs) + uncommitted) }
}

/// Why a reading may be old, where it was not the remote that did not answer. It is in the notes too.
package struct StaleReading: ExplainedError {
  package let message: String
  package let hint: String?
}

extension Freshness {
  /// Notes why a reading may be old.
  /// - Parameter words: What comes of it, before its reason.
  fileprivate mutating func note(_ cause: any ExplainedError, _ words: String = "") {
    notes.append(words + cause.description)
    problem = problem ?? StaleReading(message: words + cause.message, hint: cause.hint)
  }
}

extension GitProcessSync {
  /// How fresh the files are as they are now, without a contact.
  func freshness(problem: (any ExplainedError)?) -> Freshness {
    var freshness = Freshness()
    (freshness.asOf, freshness.problem) = (clone.contact.time, problem)
    // Whoever moves the branch this moment has changed the files first.
    try? clone.withLock(.write, deadline: deadline.limited(to: .seconds(5))) { _ in
      freshness.look = WorkTreeSnapshot(of: clone.threads)
    }
    do {
      freshness.outbox = try outbox()
      freshness.uncommitted = try clone.uncommitted.all.map(\.id)
    } catch {
      freshness.note(Self.explained(error), "what is shown may be old: ")
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
        freshness.remoteProblem = try fetchOnce(since: age, until: deadline)
      } catch let error as LockError {
        freshness.remoteProblem = RemoteProblem(.unreachable, detail: error.message)
      } catch Interruption.deadlinePassed {
        freshness.remoteProblem = RemoteProblem(.unreachable, detail: "no answer in time")
      } catch let error as any ExplainedError {
        // What is there can be read.
        freshness.note(error, "the remote was not asked: ")
      }
    }
    freshness.asOf = clone.contact.time
    // Before what waits is looked up: what is in a file now is committed by then, or noted.
    let isSettled = isAsLeft(&freshness.look) && (try? clone.uncommitted.isEmpty) == true
    var state: CloneState
    do {
      state = try self.state(isLevelLikely: true)
    } catch {
      freshness.note(error, "what is shown may be old: ")
      freshness.isOutboxKnown = false
      return freshness
    }
    if state.isBehind || !isSettled {
      do {
        try clone.withLock(.write, deadline: deadline) { lock in
          freshness.notes += try prepare(lock)
          freshness.arrived = try integrate(lock, notes: &freshness.notes)
          freshness.look = WorkTreeSnapshot(of: clone.threads)
        }
      } catch let error as any ExplainedError {
        // Reads go on working, and say why they do not show more.
        freshness.note(error)
      }
      do {
        freshness.uncommitted = try clone.uncommitted.all.map(\.id)
      } catch {
        freshness.note(Self.explained(error), "it is not known what waits: ")
        freshness.isOutboxKnown = false
      }
      state = try self.state()
    }
    if sends, !hasContact, freshness.remoteProblem == nil, !state.ahead.isEmpty,
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

extension GitProcessSync {
  /// Whether the files are as our last operation left them, and how they look.
  private func isAsLeft(_ look: inout WorkTreeSnapshot?) -> Bool {
    // None that can be read tells nothing, and git is asked.
    let kept = try? seen
    look = WorkTreeSnapshot(of: clone.threads)
    return kept != nil && kept != WorkTreeSnapshot(bytes: []) && look == kept
  }
}
