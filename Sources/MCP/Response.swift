internal import Platform

/// The server's answer to one request, or, without an id, to a line that was none.
struct Response: Sendable {
  let id: RequestID?
  let outcome: Result<JSON, ProtocolError>
  /// Work that waits until the client has the response.
  var whenWritten: (@Sendable () -> Void)?

  /// The message as it goes over the wire.
  var json: JSON {
    let outcome =
      switch outcome {
      case .success(let result): JSON.Member("result", result)
      case .failure(let error): JSON.Member("error", error.json)
      }
    return .object([.init("jsonrpc", "2.0"), .init("id", id?.json ?? .null), outcome])
  }
}

extension [Response] {
  /// The confirmation of a frame that holds them; nil if nobody wants to know.
  var confirmation: FrameWriter.Confirmation? {
    let told = compactMap(\.whenWritten)
    if told.isEmpty { return nil }
    return FrameWriter.Confirmation(for: compactMap(\.id)) { for tell in told { tell() } }
  }
}
