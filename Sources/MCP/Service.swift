internal import Platform

/// The requests that both eras have: tools, resources, prompts and completion. It starts no work.
struct Service: Sendable {
  private let definition: ServerDefinition

  init(_ definition: ServerDefinition) { self.definition = definition }

  func answer(_ request: Request, from caller: Caller) throws(ProtocolError) -> Answer {
    let params = request.params
    switch request.method {
    case "tools/list":
      let tools = definition.tools.map { $0.json(in: caller.revision) }
      return .reply(try onlyPage("tools", tools, params))
    case "tools/call":
      return .call(try toolCall(params, in: caller.revision))
    case "prompts/list" where !definition.prompts.isEmpty:
      let prompts = definition.prompts.map { $0.json(in: caller.revision) }
      return .reply(try onlyPage("prompts", prompts, params))
    case "prompts/get" where !definition.prompts.isEmpty:
      return .call(try promptCall(params))
    case "completion/complete" where definition.complete != nil:
      return .call(try completionCall(params))
    default: break
    }
    guard let resources = definition.resources else { throw .methodNotFound(request.method) }
    switch request.method {
    case "resources/list":
      return .call(listCall(resources, cursor: try cursor(params), in: caller.revision))
    case "resources/templates/list":
      let templates = resources.templates.map { $0.json(in: caller.revision) }
      return .reply(try onlyPage("resourceTemplates", templates, params))
    case "resources/read":
      return .call(try readCall(resources, params, in: caller.revision))
    default: throw .methodNotFound(request.method)
    }
  }

  // MARK: - Lists

  private func onlyPage(
    _ name: String, _ items: [JSON], _ params: JSON
  ) throws(ProtocolError) -> Reply {
    // There is one page, so no cursor was ever given out.
    guard try cursor(params) == nil else {
      throw .invalidParams("unknown cursor; all \(name) are on the first page")
    }
    return Reply(.object([.init(name, .array(items))]), freshFor: Reply.lasting)
  }

  private func cursor(_ params: JSON) throws(ProtocolError) -> String? {
    guard let cursor = params["cursor"], !cursor.isNull else { return nil }
    guard let text = cursor.string else { throw .invalidParams("\"cursor\" must be a string") }
    return text
  }

  // MARK: - Tools

  private func toolCall(
    _ params: JSON, in revision: ProtocolRevision
  ) throws(ProtocolError) -> PendingCall {
    guard let name = params["name"]?.string else {
      throw .invalidParams("\"name\" must be the name of a tool")
    }
    guard let tool = definition.tool(named: name) else {
      throw .invalidParams("unknown tool '\(name.excerpt)'; \"tools/list\" names them all")
    }
    let arguments = params["arguments"].flatMap { $0.isNull ? nil : $0 } ?? [:]
    guard arguments.object != nil else {
      throw .invalidParams("\"arguments\" must be an object")
    }
    return PendingCall(
      tool.name, timeLimit: tool.timeLimit,
      failure: { error throws(ProtocolError) in
        ToolResult.failure(of: tool, error).reply(in: revision)
      },
      work: { context in
        try tool.run(ToolCall(arguments: arguments, context: context)).reply(in: revision)
      })
  }

  // MARK: - Resources

  private static let timeLimit = Duration.seconds(15)

  private func listCall(
    _ resources: ResourceCatalog, cursor: String?, in revision: ProtocolRevision
  ) -> PendingCall {
    PendingCall("resources/list", timeLimit: Self.timeLimit, failure: Self.failure) { context in
      let page = try resources.list(cursor, context)
      var members = [
        JSON.Member("resources", .array(page.resources.map { $0.json(in: revision) }))
      ]
      if let next = page.next { members.append(.init("nextCursor", .string(next))) }
      return Reply(.object(members), freshFor: .zero)
    }
  }

  private func readCall(
    _ resources: ResourceCatalog, _ params: JSON, in revision: ProtocolRevision
  ) throws(ProtocolError) -> PendingCall {
    guard let uri = params["uri"]?.string else {
      throw .invalidParams("\"uri\" must be a string")
    }
    return PendingCall("resources/read", timeLimit: Self.timeLimit, failure: Self.failure) {
      context in
      guard let text = try resources.read(uri, context) else {
        throw ProtocolError.resourceNotFound(uri, in: revision)
      }
      let content: JSON = [
        "uri": .string(uri), "mimeType": .string(ResourceCatalog.mimeType), "text": .string(text),
      ]
      return Reply(["contents": [content]], freshFor: .zero)
    }
  }

  // MARK: - Prompts and completion

  private func promptCall(_ params: JSON) throws(ProtocolError) -> PendingCall {
    guard let name = params["name"]?.string else {
      throw .invalidParams("\"name\" must be the name of a prompt")
    }
    guard let prompt = definition.prompts.first(where: { $0.name == name }) else {
      throw .invalidParams("unknown prompt '\(name.excerpt)'; \"prompts/list\" names them all")
    }
    let arguments = try Self.strings(params["arguments"], named: "arguments")
    for argument in prompt.arguments where argument.isRequired {
      guard let value = arguments[argument.name], !value.isEmpty else {
        throw .invalidParams("the argument '\(argument.name)' is missing")
      }
    }
    return PendingCall("prompts/get", timeLimit: Self.timeLimit, failure: Self.failure) { context in
      let text = try prompt.text(arguments, context)
      return Reply([
        "description": .string(prompt.description),
        "messages": [["role": "user", "content": ["type": "text", "text": .string(text)]]],
      ])
    }
  }

  private func completionCall(_ params: JSON) throws(ProtocolError) -> PendingCall {
    guard let name = params["argument"]?["name"]?.string,
      let value = params["argument"]?["value"]?.string
    else { throw .invalidParams("\"argument\" must have a \"name\" and a \"value\"") }
    try checkReference(params["ref"])
    return PendingCall("completion/complete", timeLimit: .seconds(5), failure: Self.failure) {
      [definition] context in
      let all = try definition.complete?(name, value, context) ?? []
      // The protocol's limit for one answer.
      let shown = all.prefix(100).map { JSON.string($0) }
      return Reply([
        "completion": [
          "values": .array(shown), "total": JSON(all.count), "hasMore": .bool(all.count > 100),
        ]
      ])
    }
  }

  private func checkReference(_ reference: JSON?) throws(ProtocolError) {
    switch reference?["type"]?.string {
    case "ref/prompt":
      let name = reference?["name"]?.string ?? ""
      guard definition.prompts.contains(where: { $0.name == name }) else {
        throw .invalidParams("unknown prompt '\(name.excerpt)'")
      }
    case "ref/resource":
      let uri = reference?["uri"]?.string ?? ""
      guard definition.resources?.templates.contains(where: { $0.uriTemplate == uri }) == true
      else { throw .invalidParams("unknown template '\(uri.excerpt)'") }
    default: throw .invalidParams("\"ref\" must be a \"ref/prompt\" or a \"ref/resource\"")
    }
  }

  private static func strings(
    _ json: JSON?, named name: String
  ) throws(ProtocolError) -> [String: String] {
    guard let json, !json.isNull else { return [:] }
    guard let members = json.object else {
      throw .invalidParams("\"\(name)\" must be an object of strings")
    }
    var strings: [String: String] = [:]
    for member in members where !member.value.isNull {
      guard let text = member.value.string else {
        throw .invalidParams("\"\(name)\" must be an object of strings")
      }
      strings[member.name] = text
    }
    return strings
  }

  /// For work that has no result to put a failure into.
  static func failure(_ error: any Error) throws(ProtocolError) -> Reply {
    throw self.error(for: error)
  }

  /// The error of such work.
  static func error(for error: any Error) -> ProtocolError {
    if let error = error as? ProtocolError { return error }
    return switch error as? Interruption {
    case .deadlinePassed: .failed("it was not done in time")
    case .cancelled: .failed("it was called off")
    case nil: .failed("\(error)")
    }
  }
}
