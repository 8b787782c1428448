internal import Platform

/// One JSON-RPC 2.0 message, as a client can send it.
enum Message: Sendable {
  case request(Request)
  case notification(Notification)
  /// An answer to something that the server never asked.
  case response

  /// The reason why some JSON is no message, and the id to answer under if there is one.
  struct Refusal: Error {
    let id: RequestID?
    let error: ProtocolError
  }

  /// Reads a message. Where its envelope is broken nothing in it is trusted, and the refusal has no
  /// id; a broken `params` is refused under the request's own.
  init(_ json: JSON) throws(Refusal) {
    guard json.object != nil else { throw Self.refusal("a message is an object") }
    guard json["jsonrpc"] == "2.0" else { throw Self.refusal("\"jsonrpc\" must be \"2.0\"") }
    guard let method = json["method"] else {
      guard json["result"] != nil || json["error"] != nil else {
        throw Self.refusal("\"method\" is missing")
      }
      self = .response
      return
    }
    guard let method = method.string else { throw Self.refusal("\"method\" must be a string") }
    let params = json["params"].flatMap { $0.isNull ? nil : $0 } ?? [:]
    guard let written = json["id"] else {
      self = .notification(Notification(method: method, params: params))
      return
    }
    guard let id = RequestID(written) else {
      throw Self.refusal("\"id\" must be a string or a number")
    }
    guard params.object != nil else {
      throw Refusal(id: id, error: .invalidParams("\"params\" must be an object"))
    }
    self = .request(Request(id: id, method: method, params: params))
  }

  private static func refusal(_ problem: String) -> Refusal {
    Refusal(id: nil, error: .invalidRequest(problem))
  }
}
