package import Platform

/// The change that an operation makes in a thread, or that it makes none.
package enum ThreadChange: Sendable {
  /// The effect of an operation on its thread.
  package enum Action: Sendable, Equatable {
    /// An entry was added.
    case added(EntryID)
    /// An entry with this identity was there already: a retry, and nothing was written.
    case alreadyThere(EntryID)
    /// Status or ball were set, without an entry.
    case changed
    /// A thread without entries was made.
    case created
    /// Everything was so already: nothing was written.
    case unchanged
  }

  /// A thread with a change in it, to be written to its file.
  package struct Written: Sendable {
    package let thread: Thread
    package let action: Action
    /// The entry that was added, if it was one.
    package let entry: Entry?
    /// The entry's, else one that stands for this change alone.
    package let id: EntryID
    /// The configured agent, where the call named another one to sign.
    package var via: Agent?

    /// - Parameter entry: Without one, or where it has no ID, the change gets an ID of its own.
    package init(_ thread: Thread, _ action: Action, entry: Entry? = nil) {
      (self.thread, self.action, self.entry) = (thread, action, entry)
      id = entry?.id ?? .make()
    }
  }

  case write(Written)
  /// Nothing to write: an entry that is there already, or a state that holds.
  case keep(Action, Entry?)
}

/// The outcome of a change, before it is known how far it got.
package struct ThreadOutcome: Sendable {
  package let change: ThreadChange
  /// Spelled as the file is.
  package let topic: Topic
  /// The absolute path of the thread's file, which may not be there.
  package let path: String
  /// As it is now; nil where there is none.
  package let thread: Thread?
  /// How the file that was written looks, from before anybody else could save it; nil where that is not known.
  var written: FileStatus?
  /// The error of a file that was written and could not be flushed; nil for all others.
  package var unflushed: UnflushedFile?

  /// Whether something was written.
  var isWrite: Bool {
    if case .write = change { true } else { false }
  }

  /// The ID that the remote is looked through for; nil where nothing is to be found there.
  var id: EntryID? {
    switch change {
    case .write(let written): written.id
    case .keep(.alreadyThere(let id), _): id
    case .keep: nil
    }
  }
}

extension ThreadStore {
  /// Changes one thread, as `update` does.
  package func apply(
    to topic: Topic, deadline: Deadline, isFlushed: Bool = true,
    _ change: (Stored?) throws -> ThreadChange
  ) throws -> ThreadOutcome {
    let (outcome, path, written, unflushed) = try update(
      topic, deadline: deadline, isFlushed: isFlushed
    ) { stored -> Change<(ThreadChange, Topic, Thread?)> in
      let topic = stored?.topic ?? topic
      let made = try change(stored)
      switch made {
      case .write(let written): return .write(written.thread, (made, topic, written.thread))
      case .keep: return .keep((made, topic, stored?.thread))
      }
    }
    return ThreadOutcome(
      change: outcome.0, topic: outcome.1, path: path, thread: outcome.2, written: written,
      unflushed: unflushed)
  }
}
