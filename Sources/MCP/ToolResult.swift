package import Platform

/// The result of a call, said twice: as text and as a value, since hosts differ in which of the two
/// a model gets to see.
package struct ToolResult: Sendable {
  package let text: String
  /// Follows the tool's output schema; an error need not have one.
  package let structured: JSON?
  /// Whether the call failed: the text says why then.
  package let isError: Bool
  /// Work that waits until the client has the result, such as moving the marks over what it shows; never
  /// done if the client does not get it.
  package var whenShown: (@Sendable () -> Void)?

  package init(text: String, structured: JSON?, isError: Bool = false) {
    self.text = text
    self.structured = structured
    self.isError = isError
  }

  /// The result of a call that failed: a model reads it and can do better.
  static func failure(_ text: String) -> ToolResult {
    ToolResult(text: text, structured: nil, isError: true)
  }

  /// The result of a call of `tool` that threw `error`.
  static func failure(of tool: Tool, _ error: any Error) -> ToolResult {
    switch error as? Interruption {
    case .deadlinePassed: failure("Error: \(tool.name) was not done within \(tool.timeLimit)")
    case .cancelled: failure("Error: \(tool.name) was called off before it was done")
    case nil: failure("\(error)")
    }
  }

  func reply(in revision: ProtocolRevision) -> Reply {
    var members = [
      JSON.Member("content", [["type": "text", "text": .string(text)]]),
      JSON.Member("isError", .bool(isError)),
    ]
    if revision.hasStructuredContent, let structured {
      members.append(.init("structuredContent", structured))
    }
    var reply = Reply(.object(members))
    reply.whenWritten = whenShown
    return reply
  }
}
