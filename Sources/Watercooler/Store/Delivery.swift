package import Platform

/// How far what was written here has got.
package struct Delivery: Sendable {
  /// The point that it has reached; receipts print the raw values.
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
    /// The topic that its commit names; empty where that names none.
    package let topic: String
    /// Nil for a commit that brought no entry.
    package let entryID: EntryID?
    /// The commit's subject: entries of one commit have the same.
    package let subject: String
  }

  package var state: State
  /// The commit in the remote, or the one that waits here.
  package var commit: String?
  /// How many pushes it took.
  package var attempts = 0
  package var arrived: [Arrival] = []
  /// The number of entries and changes that wait here after it.
  package var waiting = 0
  /// When the oldest of those that wait was made; nil where none waits, or that cannot be told.
  package var waitingSince: Timestamp?
  /// Why it is not pushed.
  package var problem: (any ExplainedError)?
  /// Why a push may have arrived nevertheless, until the remote was asked.
  var doubt: (any ExplainedError)?
  /// The other things that people should know, a line each: edits taken in, files mended.
  package var notes: [String] = []
  /// The time that the whole operation took, waits included; zero where there is no remote.
  package var elapsed = Duration.zero
  package var spent = Spent()

  /// The time that went into the parts of an operation.
  package struct Spent: Sendable {
    /// Writing and committing here, the wait for the lock included.
    package var commit = Duration.zero
    /// Fetching and merging.
    package var pull = Duration.zero
    /// All pushes.
    package var push = Duration.zero
  }

  package init(_ state: State) { self.state = state }

  static let local = Delivery(.local)
}
