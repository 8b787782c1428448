/// A revision of MCP, named by its date.
package enum ProtocolRevision: String, CaseIterable, Comparable, Sendable {
  case november2024 = "2024-11-05"
  case march2025 = "2025-03-26"
  case june2025 = "2025-06-18"
  case november2025 = "2025-11-25"
  /// The first without a handshake: every request says itself what it needs.
  case july2026 = "2026-07-28"

  /// The revision that is offered to a client whose `initialize` asks for an unknown one, or for one that
  /// has no `initialize`.
  package static let newestWithHandshake = ProtocolRevision.november2025
  static let stateless = allCases.filter(\.isStateless)

  package static func < (left: ProtocolRevision, right: ProtocolRevision) -> Bool {
    left.rawValue < right.rawValue
  }

  var isStateless: Bool { self >= .july2026 }
  /// Whether several messages may come in one array: added in one revision, removed in the next.
  var allowsBatches: Bool { self == .march2025 }
  /// Whether a tool in a list says what it does to the world.
  var hasToolAnnotations: Bool { self >= .march2025 }
  /// Whether a server says that it completes arguments; before, clients just ask.
  var hasCompletionCapability: Bool { self >= .march2025 }
  /// Whether a notification of progress has a message.
  var hasProgressMessages: Bool { self >= .march2025 }
  /// Whether things have a title beside their name.
  var hasTitles: Bool { self >= .june2025 }
  /// Whether a tool has an output schema, and its result a structured part.
  var hasStructuredContent: Bool { self >= .june2025 }
  /// Whether a tool in a list has `_meta`.
  var hasToolMetadata: Bool { self >= .june2025 }
}
