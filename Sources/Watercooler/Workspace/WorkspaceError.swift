package import Platform

/// A write of an entry of which nobody can say yet whether it was made.
package struct UncertainEntry: ExplainedError {
  /// The Entry-ID under which the write can be tried again.
  package let id: EntryID
  /// The error that left it unknown.
  package let cause: any ExplainedError

  package var message: String { cause.message }
  package var hint: String? {
    "try again with the Entry-ID \(id) (--entry-id, entry_id): it is never written twice"
  }
  package var isUnknown: Bool { true }
}

/// Why an operation on a thread was refused. Nothing was written.
package enum WorkspaceError: ExplainedError, Equatable {
  case agentLocked(configured: Agent, asked: Agent)
  /// `--if-ball`: the ball is elsewhere.
  case ballElsewhere(expected: Agent, actual: Agent?)
  /// `--expect`: another entry is the last one.
  case unexpectedEntry(expected: String, actual: EntryID?)
  /// A second entry under an identity that is taken, with another text.
  case identityTaken(EntryID, Topic)
  case invalidEntryID(String)
  case nothingToSay
  /// Something that needs a remote.
  case localMode
  case notInOutbox(EntryID)

  /// Whether a condition of the writer's was not met: exit code 3.
  package var isUnmetCondition: Bool {
    switch self {
    case .ballElsewhere, .unexpectedEntry: true
    default: false
    }
  }

  package var message: String {
    switch self {
    case .agentLocked(let configured, let asked):
      "only \(configured) may write here, not \(asked)"
    case .ballElsewhere(let expected, let actual):
      "not written: the ball is with \((actual?.description ?? "nobody").onOneLine), not with \(expected)"
    case .unexpectedEntry(let expected, let actual):
      "not written: the last entry is \(actual?.description ?? "without an Entry-ID"), not \(expected)"
    case .identityTaken(let id, let topic):
      "thread '\(topic)' has an entry \(id) already, with another text"
    case .invalidEntryID(let text): "'\(text)' is no Entry-ID"
    case .nothingToSay: "there is nothing to say: the body is empty"
    case .localMode: "the threads are on this machine only: there is nothing to synchronise with"
    case .notInOutbox(let id): "nothing that waits to be sent has the ID \(id)"
    }
  }

  package var hint: String? {
    switch self {
    case .agentLocked: "leave the agent out; WATERCOOLER_AGENT_LOCK is set"
    case .ballElsewhere, .unexpectedEntry: "read what came meanwhile, then decide again"
    case .identityTaken: "leave the Entry-ID out to get a new one"
    case .invalidEntryID: "an Entry-ID is a ULID, such as 01M7XX0F93F0WMC16VMVX7YP8Z"
    case .nothingToSay: "give a body with -m, -F or standard input"
    case .localMode: "share them with '\(programName) init URL --import'"
    case .notInOutbox:
      "'\(programName) outbox' lists what waits; what is pushed cannot be taken back"
    }
  }
}
