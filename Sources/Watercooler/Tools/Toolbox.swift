internal import MCP
internal import Platform

/// The ground that all tools share: the workspace, who asks, and how an answer or an error reads.
struct Toolbox: Sendable {
  let configuration: Configuration
  private let calls = CallLog()
  /// The entries that were written through this server, and are no news to its client; nil where new
  /// entries are not announced.
  let written: OwnEntries?

  init(_ configuration: Configuration) {
    self.configuration = configuration
    // As far as it is known without asking git.
    written = configuration.given(.claudeChannel)?.text == "1" ? OwnEntries() : nil
  }

  /// A tool named `watercooler_v1_NAME`.
  /// - Parameters:
  ///   - output: The properties of its structured result.
  ///   - reads: Whether it shows threads: then what the remote has comes first.
  ///   - writes: Whether it changes threads: then an error says that nothing was written.
  ///   - isReadOnly: By default where it writes nothing.
  ///   - isIdempotent: Whether the same call once more changes nothing, the reader's marks included.
  ///   - timeLimit: Its own, where it is not the one of its kind.
  func tool(
    _ name: String, _ title: String, _ description: String, arguments: [ToolArgument],
    output: JSON, reads: Bool = false, writes: Bool = false, isReadOnly: Bool? = nil,
    isIdempotent: Bool = true,
    timeLimit: Duration? = nil,
    run: @escaping @Sendable (Workspace, ToolArguments, CallContext) throws -> ToolResult
  ) -> Tool {
    // Clients start servers to list tools too: a time that is none is an error of the calls.
    let timeout = try? configuration.givenNumber(.timeout)
    return Tool(
      name: Self.prefix + name, title: title, description: description,
      inputSchema: ToolArgument.schema(of: arguments),
      outputSchema: ["type": "object", "properties": output],
      annotations: Tool.Annotations(
        isReadOnly: isReadOnly ?? !writes, isDestructive: false, isIdempotent: isIdempotent,
        isOpenWorld: false),
      metadata: name == "read_thread"
        ? ["anthropic/maxResultSizeChars": JSON(ReplyRoom.standard + 10_000)] : nil,
      timeLimit: timeLimit ?? .seconds(timeout ?? (writes ? 30 : 15))
    ) { call in
      try logged(name, call, writes: writes) { workspace in
        do {
          _ = try configuration.givenNumber(.timeout)
          let unused = try ToolArgument.unused(in: call.arguments, of: arguments)
          if reads { workspace = try workspace.refreshed(deadline: call.deadline) }
          let result = try run(workspace, ToolArguments(values: call.arguments), call.context)
          return Self.adding(workspace.freshness, to: result.noting(unused: unused))
        } catch let error as any ExplainedError {
          return Self.failure(error, writes: writes)
        } catch let error as Interruption where writes {
          return Self.failure(InterruptedWork(reason: error), writes: true)
        }
      }
    }
  }

  static let prefix = "watercooler_v1_"

  /// Does the work of a call, and adds a line to the log of calls.
  private func logged(
    _ name: String, _ call: ToolCall, writes: Bool,
    _ work: (inout Workspace) throws -> ToolResult
  ) throws -> ToolResult {
    let start = ContinuousClock.now
    var workspace: Workspace
    do { workspace = try self.workspace(for: call.context) } catch let error as any ExplainedError {
      return Self.failure(error, writes: writes).harmless
    }
    let result = Result { try work(&workspace) }
    let outcome: CallLog.Outcome =
      switch (call.deadline.interruption, try? result.get().isError) {
      case (.cancelled, _): .cancelled
      case (.deadlinePassed, let isError) where isError != false: .late
      case (_, let isError): isError == false ? .done : .error
      }
    let agent = call.arguments["agent"]?.string ?? (try? workspace.identity().agent.description)
    calls.record(
      name, call.context, in: workspace, agent: agent, outcome, ContinuousClock.now - start)
    return try result.get().harmless
  }

  /// The threads, for the client that asks.
  func workspace(for context: CallContext) throws -> Workspace {
    let configuration = configuration.forCall(until: context.deadline)
    var workspace = try Workspace(configuration, host: .server)
    workspace.client = context.clientInfo.flatMap { ClientNames.agent(for: $0.name) } ?? ""
    workspace.tell = { context.progress.describe($0) }
    return workspace
  }

  /// A result with what a reader has to know of how fresh it is.
  static func adding(_ freshness: Freshness?, to result: ToolResult) -> ToolResult {
    guard let freshness else { return result }
    let view = FreshnessView(freshness)
    let members = result.structured?.object ?? []
    var whole = ToolResult(
      text: result.text + (view.text.map { "\n\n\($0)" } ?? ""),
      structured: .object(members + [JSON.Member("freshness", view.json)]),
      isError: result.isError)
    whole.whenShown = result.whenShown
    return whole
  }

  /// An error as a model reads it: what was wrong, what to do, and whether something was written.
  private static func failure(_ error: any ExplainedError, writes: Bool) -> ToolResult {
    var text = "Error: \(error.message.prefix(1).uppercased())\(error.message.dropFirst())"
    if let hint = error.hint { text += "\nHint: \(hint)" }
    if let code = error.code { text += "\nCode: \(code)" }
    if writes { text += "\nWritten: \(error.isUnknown ? "unknown" : "no")" }
    return ToolResult(text: text, structured: nil, isError: true)
  }
}

extension ToolResult {
  /// This result with the control codes of other people's words made visible in its text.
  fileprivate var harmless: ToolResult {
    var harmless = ToolResult(text: text.harmless, structured: structured, isError: isError)
    harmless.whenShown = whenShown
    return harmless
  }

  /// This result with the names of arguments that meant nothing.
  fileprivate func noting(unused names: [String]) -> ToolResult {
    if names.isEmpty { return self }
    let list = names.map { "'\($0)'" }.joined(separator: ", ")
    var noting = ToolResult(
      text: text + "\n\nNote: \(list) \(names.count > 1 ? "mean" : "means") nothing here",
      structured: structured, isError: isError)
    noting.whenShown = whenShown
    return noting
  }
}

/// The plain names of the clients that people use, for signing when nothing is configured.
enum ClientNames {
  private static let known = [
    "claude-ai": "Claude", "claude-code": "Claude", "codex-mcp-client": "Codex",
    "cursor-vscode": "Cursor", "visual studio code": "Copilot", "gemini-cli-mcp-client": "Gemini",
  ]

  /// Nil for a client without a name.
  static func agent(for client: String) -> String? {
    if let name = known[client.lowercased()] { return name }
    let name = SingleLine(line: Bytes(client.onOneLine))
    return name.isEmpty ? nil : name.text
  }
}
