internal import Platform

/// The name of a server and all that it offers, apart from how it is reached.
///
/// Clients get `name`, `title` and `version` as its `serverInfo`.
package struct ServerDefinition: Sendable {
  package let name: String
  package let title: String
  package let version: String
  /// The text that a model should know before it uses the tools.
  package let instructions: String
  /// In the order in which they are listed.
  package let tools: [Tool]
  private let toolsByName: [String: Tool]
  /// Nil for a server without resources, which then knows none of their methods.
  package var resources: ResourceCatalog?
  /// In the order in which they are listed.
  package var prompts: [Prompt] = []
  /// The values of an argument, by its name, that begin with what is there already; nil if the server
  /// completes none.
  package var complete: Completion?

  package typealias Completion =
    @Sendable (_ name: String, _ start: String, CallContext) throws -> [String]

  /// The experimental capability under which announcements are made; nil for none.
  package var announcementCapability: String?

  /// `aliases` are further names by which tools can be called, and are not listed: from each alias
  /// to the tool's name.
  package init(
    name: String, title: String, version: String, instructions: String, tools: [Tool],
    aliases: [String: String] = [:]
  ) {
    self.name = name
    self.title = title
    self.version = version
    self.instructions = instructions
    self.tools = tools
    let listed = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    toolsByName = listed.merging(aliases.compactMapValues { listed[$0] }) { tool, _ in tool }
  }

  func tool(named name: String) -> Tool? { toolsByName[name] }

  /// The server as it names itself.
  func info(in revision: ProtocolRevision) -> JSON {
    var members: [JSON.Member] = [.init("name", .string(name))]
    if revision.hasTitles { members.append(.init("title", .string(title))) }
    members.append(.init("version", .string(version)))
    return .object(members)
  }

  func capabilities(in revision: ProtocolRevision) -> JSON {
    var members: [JSON.Member] = [.init("tools", [:])]
    if resources != nil {
      members.append(.init("resources", ["subscribe": true, "listChanged": true]))
    }
    if !prompts.isEmpty { members.append(.init("prompts", [:])) }
    if complete != nil, revision.hasCompletionCapability {
      members.append(.init("completions", [:]))
    }
    if let announcementCapability, !revision.isStateless {
      members.append(.init("experimental", .object([.init(announcementCapability, [:])])))
    }
    return .object(members)
  }
}
