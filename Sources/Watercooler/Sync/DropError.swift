internal import Platform

/// Why something in the outbox cannot be taken back.
package enum DropError: ExplainedError, Equatable {
  /// It was joined with others in one commit, and is no entry that could be told from them.
  case joined
  case mergedByHand
  case unreadable(String)
  /// Somebody is saving the file this moment: what is in it would come back as an edit.
  case beingEdited(Topic)
  /// It was begun and could not be finished, for this reason.
  case unfinished(String)
  /// It is taken back here, and was sent before without an answer; the remote cannot be asked, for this reason.
  case perhapsSent(String)

  package var isUnknown: Bool {
    switch self {
    case .unfinished, .perhapsSent: true
    default: false
    }
  }

  package var message: String {
    switch self {
    case .joined: "it waits in one commit with others, and cannot be told from them"
    case .mergedByHand: "what waits was merged by hand, and cannot be made anew without one part"
    case .unreadable(let name): "\(name) cannot be read as a thread"
    case .beingEdited(let topic): "nothing was taken back: the file of '\(topic)' is being edited"
    case .perhapsSent(let cause):
      "nobody knows yet whether it is taken back: here it is, and it was sent before without an answer: \(cause)"
    case .unfinished(let cause):
      "nobody knows yet whether it is taken back, only that it was begun: \(cause)"
    }
  }
  package var hint: String? {
    switch self {
    case .joined, .mergedByHand, .unreadable: "nothing was changed: undo it with git, by hand"
    case .beingEdited: "try again when it has been saved for two seconds"
    case .perhapsSent: "look at the thread when the remote answers again"
    case .unfinished:
      "the next command goes on with it, if nothing is in its way; then look at '\(programName) outbox'"
    }
  }
}
