internal import MCP
package import Platform

/// A server started as a host starts it, and what it says of itself.
package struct HostTrial: Sendable {
  private let setup: HostSetup
  private let launch: HostLaunch
  private let milliseconds: Int
  private let opening: JSON
  private let toolCount: Int
  private let identity: JSON
  private let health: JSON

  /// Starts the server of a host's entry, asks it, and ends it.
  package init(_ setup: HostSetup) throws {
    self.setup = setup
    launch = try HostLaunch(setup)
    let clock = ContinuousClock()
    let start = clock.now
    var session = try ServerSession(launch.command)
    let opening = try session.request(
      "initialize",
      [
        "protocolVersion": .string(ProtocolRevision.newestWithHandshake.rawValue),
        "capabilities": [:],
        "clientInfo": [
          "name": .string(setup.host.clientName), "version": .string(watercoolerVersion),
        ],
      ], within: launch.timeout)
    milliseconds = Int((clock.now - start) / .milliseconds(1))
    self.opening = opening
    session.notify("notifications/initialized")
    let tools = try session.request("tools/list", within: launch.timeout)
    toolCount = tools["tools"]?.array?.count ?? 0
    // The least that a host gives a tool; the server's own deadline comes first.
    identity = try session.call("whoami", within: .seconds(60))
    health = try session.call("health", within: .seconds(60))
    // As long as a host waits before it sends a signal.
    try session.end(within: .seconds(2))
  }

  /// Whether nothing needs a repair.
  package var isFine: Bool {
    [identity, health].allSatisfy { $0["isError"] != true }
      && health["structuredContent"]?["findings"]?.array?.isEmpty != false
  }

  package var text: String {
    let server = [opening["serverInfo"]?["name"], opening["serverInfo"]?["version"]]
      .compactMap { $0?.string }.joined(separator: " ")
    let revision = opening["protocolVersion"]?.string ?? "unknown"
    // `whoami` has said where the threads are.
    let rest = health.words.split(separator: "\n").filter { !$0.hasPrefix("threads:") }
    return """
      client: \(setup.host.title), \(setup.path)
      started: \(launch.command.executable) in \(launch.command.workingDirectory ?? "")
      answered: after \(milliseconds) ms
      server: \(server), MCP \(revision), \(toolCount) tools
      \(identity.words)\(rest.joined(separator: "\n"))

      """
  }

  package var members: [JSON.Member] {
    [
      JSON.Member("client", .string(setup.host.name)), JSON.Member("path", .string(setup.path)),
      JSON.Member("scope", .string(setup.scope.rawValue)),
      JSON.Member("command", .string(launch.command.executable)),
      JSON.Member("args", .array(launch.command.arguments.map { .string($0) })),
      JSON.Member("cwd", JSON(launch.command.workingDirectory)),
      JSON.Member(
        "variables", .array(launch.command.environment.keys.sorted().map { .string($0) })),
      JSON.Member("start_ms", JSON(milliseconds)),
      JSON.Member("server", opening["serverInfo"] ?? .null),
      JSON.Member("protocol", opening["protocolVersion"] ?? .null),
      JSON.Member("tools", JSON(toolCount)),
      JSON.Member("whoami", identity["structuredContent"] ?? .string(identity.words)),
      JSON.Member("health", health["structuredContent"] ?? .string(health.words)),
      JSON.Member("fine", .bool(isFine)),
    ]
  }
}

extension ServerSession {
  fileprivate mutating func call(
    _ tool: String, within limit: Duration
  ) throws(SessionError) -> JSON {
    try request(
      "tools/call", ["name": .string("watercooler_v1_" + tool), "arguments": [:]], within: limit)
  }
}

extension JSON {
  /// The text of a tool's result.
  fileprivate var words: String {
    (self["content"]?.array ?? []).compactMap { $0["text"]?.string }.joined(separator: "\n")
  }
}
