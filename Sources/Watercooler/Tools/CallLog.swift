internal import MCP
internal import Platform
internal import Synchronization

/// The log of what was called, by whom and how it ended: bounded, outside the tracked tree, without bodies.
struct CallLog: Sendable {
  /// The way in which a call ended.
  enum Outcome: String, Sendable {
    case done, error, cancelled
    case late = "out of time"
  }

  private final class Counter: Sendable { let value = Atomic(0) }

  private let counter = Counter()

  /// - Parameter agent: Who the call was made as, where that is known.
  func record(
    _ tool: String, _ context: CallContext, in workspace: Workspace, agent: String?,
    _ outcome: Outcome, _ elapsed: Duration
  ) {
    let directory = workspace.readerDirectory
    let line: JSON = [
      "index": JSON(counter.value.add(1, ordering: .relaxed).newValue),
      "time": .string(Timestamp.now.description),
      "process": JSON(Int(ThisProcess.id)), "id": context.id.json, "tool": .string(tool),
      "client": JSON(context.clientInfo?.name.excerpt), "agent": JSON(agent?.excerpt),
      "outcome": .string(outcome.rawValue), "ms": JSON(Int(elapsed / .milliseconds(1))),
    ]
    try? Directory.make(directory)
    BoundedLog(path: directory + "/" + StateFile.calls.name).append(line)
  }
}
