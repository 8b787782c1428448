package import Platform

/// One call of a tool, as the tool is handed it.
package struct ToolCall: Sendable {
  /// Always an object; not checked against the tool's schema.
  package let arguments: JSON
  package let context: CallContext

  package init(arguments: JSON, context: CallContext) {
    (self.arguments, self.context) = (arguments, context)
  }

  package var clientInfo: ClientInfo? { context.clientInfo }
  package var deadline: Deadline { context.deadline }
}
