/// How far what was written here has got.
package struct Delivery: Sendable {
  package enum State: String, Sendable, CaseIterable {
    /// In the remote.
    case pushed
    /// Committed here, and will be sent by itself.
    case queued
    /// Committed here; somebody has to do something before it can be sent.
    case blocked
    /// Cut off while the remote may have accepted it: settled at the next contact.
    case unknown
    /// In the file of this machine; there is no remote.
    case local
  }

  /// Something that others wrote, and that came with this contact.
  package struct Arrival: Sendable, Equatable {
    package let topic: String
    package let entryID: EntryID?
    package let subject: String
  }

  package var state: State
  /// The commit in the remote, or the one that waits here.
  package var commit: String?
  /// How many pushes it took.
  package var attempts = 0
  package var arrived: [Arrival] = []
  /// What waits here after it: how many entries and changes, and since when.
  package var waiting = 0
  package var waitingSince: Timestamp?
  /// Why it is not pushed.
  package var problem: (any ExplainedError)?
  /// Why a push may have arrived nevertheless, until the remote was asked.
  var doubt: (any ExplainedError)?
  /// What else people should know: edits taken in, files mended.
  package var notes: [String] = []
  package var elapsed = Duration.zero
  package var spent = Spent()

  /// Where the time went.
  package struct Spent: Sendable {
    /// Writing and committing here, the wait for the lock included.
    package var commit = Duration.zero
    /// Fetching and merging.
    package var pull = Duration.zero
    package var push = Duration.zero
  }

  package init(_ state: State) { self.state = state }

  static let local = Delivery(.local)
}
