package import Platform

/// Something a model can have done: what clients are told about it, and the code that does it.
///
/// Clients call it by `name`; `title` is for people, `description` for the model that chooses.
package struct Tool: Sendable {
  /// The effects of the tool on the world, for hosts that ask a person before they let it.
  ///
  /// As MCP has them: only for a tool that is not read-only do two of them say anything, `isDestructive` that
  /// it does more than add, `isIdempotent` that the same call once more changes nothing.
  package struct Annotations: Sendable {
    package let isReadOnly: Bool
    package let isDestructive: Bool
    package let isIdempotent: Bool
    /// Whether it deals with things that nobody can list, as a search of the web does; threads are a closed
    /// world, on a remote too.
    package let isOpenWorld: Bool

    package init(isReadOnly: Bool, isDestructive: Bool, isIdempotent: Bool, isOpenWorld: Bool) {
      self.isReadOnly = isReadOnly
      self.isDestructive = isDestructive
      self.isIdempotent = isIdempotent
      self.isOpenWorld = isOpenWorld
    }
  }

  package let name: String
  package let title: String
  package let description: String
  /// JSON Schemas with an object at their root.
  package let inputSchema: JSON
  package let outputSchema: JSON
  package let annotations: Annotations
  /// Goes into `_meta` of the tool in a list.
  package let metadata: JSON?
  /// The longest that a call may take, from when its request arrived.
  package let timeLimit: Duration
  /// Does the work, on a thread of its own that it may block, and ends by the call's deadline.
  package let run: @Sendable (ToolCall) throws -> ToolResult

  package init(
    name: String, title: String, description: String, inputSchema: JSON, outputSchema: JSON,
    annotations: Annotations, metadata: JSON? = nil, timeLimit: Duration,
    run: @escaping @Sendable (ToolCall) throws -> ToolResult
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.inputSchema = inputSchema
    self.outputSchema = outputSchema
    self.annotations = annotations
    self.metadata = metadata
    self.timeLimit = timeLimit
    self.run = run
  }

  /// The tool as a list of `revision` shows it, with no member that its schema does not have.
  func json(in revision: ProtocolRevision) -> JSON {
    var members = [JSON.Member("name", .string(name))]
    if revision.hasTitles { members.append(.init("title", .string(title))) }
    members.append(.init("description", .string(description)))
    members.append(.init("inputSchema", inputSchema))
    if revision.hasStructuredContent { members.append(.init("outputSchema", outputSchema)) }
    if revision.hasToolAnnotations { members.append(.init("annotations", annotationsJSON)) }
    if revision.hasToolMetadata, let metadata { members.append(.init("_meta", metadata)) }
    return .object(members)
  }

  private var annotationsJSON: JSON {
    [
      "title": .string(title),
      "readOnlyHint": .bool(annotations.isReadOnly),
      "destructiveHint": .bool(annotations.isDestructive),
      "idempotentHint": .bool(annotations.isIdempotent),
      "openWorldHint": .bool(annotations.isOpenWorld),
    ]
  }
}
