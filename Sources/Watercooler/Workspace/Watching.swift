package import Platform

/// The findings of a watch at one look.
package struct Look: Sendable {
  /// The threads that have changed since the look before; often none.
  package let news: [ThreadNews]
  /// The latest contact with the remote; nil before the first, and in local mode.
  package let contact: Contact?
  /// Whether the contact was made since the look before.
  package let isContactNew: Bool
}

extension Workspace {
  /// The time from one look at the threads here to the next.
  private static let pause = Duration.milliseconds(500)

  /// Looks at the threads again and again, and in cloud mode asks their remote at a pace.
  ///
  /// A remote that does not answer is no error: it is told, and asked again. Of what arrives, the
  /// user's command (`onUpdate`) is told.
  /// - Parameters:
  ///   - threads: Has taken note of how they were.
  ///   - see: Is called after every look, twice a second; returns whether that is enough.
  /// - Returns: Whether it was enough; false if the time was up before.
  /// - Throws: `Interruption.cancelled`, and what `see` throws.
  @discardableResult
  package func watch(
    _ threads: inout ThreadsWatch, pace: Pace, for purpose: ContactPurpose = .reading,
    until deadline: Deadline, _ see: (Look) throws -> Bool
  ) throws -> Bool {
    let poll = RemotePoll(of: self, for: purpose, until: deadline)
    let hook = UpdateHook(of: self, cancellation: deadline.cancellation)
    defer {
      poll.end()
      poll.waitForEnd()
      // The last arrivals are told here; a caller who has called it off wants nothing more to be begun.
      if !deadline.cancellation.isCancelled { hook?.tell() }
    }
    return try deadline.cancellation.withHandler({ poll.end() }) {
      var count = 0
      while true {
        if isCloud { poll.start(pace) }
        // Before the look: it shows what a contact has brought.
        let contacts = poll.contacts
        let news = threads.look()
        if !news.isEmpty { poll.newsCame() }
        hook?.tell()
        let look = Look(
          news: news, contact: contacts.latest, isContactNew: contacts.count > count)
        count = contacts.count
        if try see(look) { return true }
        if deadline.cancellation.isCancelled { throw Interruption.cancelled }
        if deadline.hasPassed { return false }
        poll.wait(for: count, until: min(.now + Self.pause, deadline.instant))
      }
    }
  }

  /// The configured time from one question to the remote to the next.
  package func pollInterval() throws -> Duration {
    .milliseconds(Int(try configuration.number(.poll) * 1000))
  }
}
