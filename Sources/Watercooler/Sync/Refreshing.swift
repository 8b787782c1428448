package import Platform

/// The freshness of a reading: when the remote last answered, and what of the files it has not shown.
package struct Freshness: Sendable {
  /// When the remote last answered; nil if it never did.
  package var asOf: Timestamp?
  /// Why the reading is not fresher; nil where nothing was in the way.
  package var problem: (any ExplainedError)?
  /// The problem of a remote that did not answer; setting it sets `problem` too.
  package var remoteProblem: RemoteProblem? {
    didSet { problem = remoteProblem }
  }
  /// The changes of others that were merged for this reading.
  package var arrived: [Delivery.Arrival] = []
  /// The writes that wait here to be sent, the oldest first.
  package var outbox: [CloneCommit] = []
  /// Sentences for people about what was mended, taken in, or could not be done.
  package var notes: [String] = []
  /// The look of the files before it was looked up what waits: an entry that came into one since then is not in
  /// `pending`. Nil where that is not known.
  var look: WorkTreeSnapshot?

  /// The threads that are to be read otherwise than from their files; nil where the files have all.
  var shown: ShownThreads?

  /// The entries that the remote has not shown: they have no number yet.
  package var pending: Set<EntryID> {
    Set(outbox.flatMap(\.entryIDs)).union(shown?.pending ?? [])
  }
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
    // Not a lock's hint: whoever reads was to write nothing.
    let hint = cause is LockError ? "look for a process that hangs" : cause.hint
    let reason = StaleReading(message: words + cause.message, hint: hint)
    if !notes.contains(where: { $0.contains(cause.message) }) { notes.append(reason.description) }
    problem = problem ?? reason
  }
}

extension GitProcessSync {
  /// The freshness of the files as they are now, without a contact.
  func freshness(problem: (any ExplainedError)?) -> Freshness {
    var freshness = Freshness()
    (freshness.asOf, freshness.problem) = (clone.contact.time, problem)
    do {
      // Under the lock: a process that moves the branch this moment has changed the files first.
      try clone.withLock(WriteLock.self, deadline: shortTurn) { _ in
        freshness.look = WorkTreeSnapshot(of: clone.threads)
      }
    } catch {
      if let error = error as? any ExplainedError { freshness.note(error, Self.oldness) }
    }
    do {
      freshness.outbox = try outbox.waiting()
    } catch {
      freshness.note(explained(error), Self.oldness)
    }
    show(&freshness)
    return freshness
  }

  /// Looks up what is to be read otherwise than from the files.
  /// - Parameter isSettled: Whether they were found to be as the branch is, with nothing that waits.
  private func show(_ freshness: inout Freshness, isSettled: Bool = false) {
    do {
      if try isSettled && !showing.isPast { return }
      freshness.shown = try showing.shown()
    } catch {
      freshness.note(explained(error), Self.oldness)
    }
  }

  private static let oldness = "what is shown may be old: "

  /// Brings the clone up to date for a read: one round trip, or none within `age` of the last contact.
  /// Where the remote cannot be reached, what is here is served, and the reason told.
  /// - Parameter sends: Whether what waits here is sent on this occasion.
  package func refresh(
    sharing age: Duration, until deadline: Deadline, sends: Bool = true
  ) throws -> Freshness {
    let began = ContinuousClock.now
    var freshness = Freshness()
    if sends { freshness.notes = notes }
    let hasContact = clone.contact.isWithin(age)
    // A remote that does not answer takes all the time that it gets, and what is here is looked up after.
    let asking = deadline.limited(
      to: deadline.remaining - min(.seconds(1), deadline.remaining / 4))
    if !hasContact { try askRemote(since: age, until: asking, &freshness) }
    freshness.asOf = clone.contact.time
    // Before what waits is looked up: what is in a file now is committed by then, or noted.
    let look = workTree.look()
    freshness.look = look.now
    let isSettled = look.asLeft != nil && (try? branch.standing.isCurrent) == true
    guard var state = state(&freshness, isLevelLikely: true) else {
      freshness.outbox = Outbox.joined([], uncommitted(&freshness))
      show(&freshness)
      return freshness
    }
    var isHeldUp = false
    var waiting: [OutboxRecord] = []
    if state.isBehind || !isSettled {
      isHeldUp = try !takeIn(&freshness)
      // In this order: what is committed in between is in both, and not in neither.
      waiting = uncommitted(&freshness)
      state = self.state(&freshness) ?? state
    }
    // Sending would wait for the same lock.
    if sends, !isHeldUp, !hasContact, freshness.remoteProblem == nil,
      !state.unsent.isEmpty || !waiting.isEmpty && (try? beside.trouble) != nil,
      !clone.refusal.isWithin(.seconds(60))
    {
      let delivery = sender.deliver(patience: .milliseconds(50), until: asking)
      freshness.arrived += delivery.arrived
      freshness.notes += delivery.notes
      waiting = uncommitted(&freshness)
      state = self.state(&freshness) ?? state
    }
    freshness.outbox = Outbox.joined(state.unsent, waiting)
    show(&freshness, isSettled: isSettled && freshness.look == look.now)
    freshness.asOf = clone.contact.time
    if sends, !hasContact { clone.contacts.record(freshness, elapsed: ContinuousClock.now - began) }
    return freshness
  }

  /// Fetches, and notes why that was not done: what is there can be read.
  private func askRemote(
    since age: Duration, until deadline: Deadline, _ freshness: inout Freshness
  ) throws {
    do {
      freshness.remoteProblem = try remote.fetchOnce(since: age, until: deadline)
    } catch let error as LockError {
      freshness.remoteProblem = RemoteProblem(.unreachable, detail: error.message)
    } catch Interruption.deadlinePassed {
      freshness.remoteProblem = RemoteProblem(.unreachable, detail: "no answer in time")
    } catch let error as any ExplainedError {
      freshness.note(error, "the remote was not asked: ")
    }
  }

  /// Takes in what others pushed and what was edited here. Reads go on working where that cannot be done, and
  /// say why they do not show more.
  /// - Returns: False where somebody else is at work here.
  private func takeIn(_ freshness: inout Freshness) throws -> Bool {
    var isFree = true
    do {
      try clone.withLock(WriteLock.self, deadline: shortTurn) { lock in
        if try beside.trouble != nil {
          freshness.notes += beside.notice()
          return
        }
        freshness.notes += try workTree.prepare(lock).notes
        freshness.arrived = try integration.integrate(lock, notes: &freshness.notes)
        freshness.look = WorkTreeSnapshot(of: clone.threads)
      }
    } catch let error as any ExplainedError {
      isFree = !(error is LockError)
      freshness.note(error, isFree ? "" : Self.oldness)
    }
    return isFree
  }

  /// The records that are in no commit yet; none where that cannot be read, which is noted.
  private func uncommitted(_ freshness: inout Freshness) -> [OutboxRecord] {
    do {
      return try outbox.uncommitted()
    } catch {
      freshness.note(explained(error), "it is not known what waits: ")
      return []
    }
  }

  /// How the clone stands to its remote; nil where git does not tell, which is noted.
  private func state(_ freshness: inout Freshness, isLevelLikely: Bool = false) -> CloneState? {
    do {
      return try state(isLevelLikely: isLevelLikely)
    } catch {
      freshness.note(error, Self.oldness)
      return nil
    }
  }
}
