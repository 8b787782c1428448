package import Platform

/// An error of the protocol, as opposed to one of a tool's work: the only kind that becomes a
/// JSON-RPC error.
package struct ProtocolError: Error, Hashable {
  /// One of JSON-RPC's, or of those that MCP adds.
  package let code: Int
  package let message: String
  /// The facts of the error for a program; nil where MCP has none for it.
  package let data: JSON?

  private init(_ code: Int, _ message: String, data: JSON? = nil) {
    self.code = code
    self.message = message
    self.data = data
  }

  static func parseError(_ error: JSONError) -> ProtocolError {
    ProtocolError(-32700, "parse error: \(error)")
  }

  static func invalidRequest(_ problem: String) -> ProtocolError {
    ProtocolError(-32600, "invalid request: \(problem)")
  }

  static func methodNotFound(_ method: String) -> ProtocolError {
    ProtocolError(-32601, "method not found: \(method.excerpt)")
  }

  package static func invalidParams(_ problem: String) -> ProtocolError {
    ProtocolError(-32602, "invalid params: \(problem)")
  }

  static func resourceNotFound(
    _ uri: String, in revision: ProtocolRevision
  ) -> ProtocolError {
    ProtocolError(
      revision.isStateless ? -32602 : -32002, "resource not found: \(uri.excerpt)",
      data: ["uri": .string(uri)])
  }

  /// For work that the client could do nothing about.
  static func failed(_ problem: String) -> ProtocolError { ProtocolError(-32603, problem) }

  /// For a request of the stateless era; `supported` names revisions of that era only.
  static func unsupportedVersion(requested: String, supported: [String]) -> ProtocolError {
    ProtocolError(
      -32022, "unsupported protocol version: \(requested.excerpt)",
      data: ["supported": .array(supported.map { .string($0) }), "requested": .string(requested)])
  }

  /// The `error` member of a response.
  var json: JSON {
    var members = [JSON.Member("code", JSON(code)), JSON.Member("message", .string(message))]
    if let data { members.append(JSON.Member("data", data)) }
    return .object(members)
  }
}

extension String {
  /// The start of a text that a stranger wrote, short enough for an error or a log line.
  package var excerpt: String { count > 80 ? prefix(80) + "…" : self }
}
