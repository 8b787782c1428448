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

  /// Reads a message. What is wrong with it is refused under its id, if that can be read: whoever sent it waits for an
  /// answer to that.
  init(_ json: JSON) throws(Refusal) {
    let known = json["id"].flatMap { RequestID($0) }
    func refusal(_ problem: String) -> Refusal {
      Refusal(id: known, error: .invalidRequest(problem))
    }
    guard json.object != nil else { throw refusal("a message is an object") }
    guard json["jsonrpc"] == "2.0" else { throw refusal("\"jsonrpc\" must be \"2.0\"") }
    guard let method = json["method"] else {
      guard json["result"] != nil || json["error"] != nil else {
        throw refusal("\"method\" is missing")
      }
      self = .response
      return
    }
    guard let method = method.string else { throw refusal("\"method\" must be a string") }
    let params = json["params"].flatMap { $0.isNull ? nil : $0 } ?? [:]
    guard let written = json["id"] else {
      self = .notification(Notification(method: method, params: params))
      return
    }
    guard let id = known else {
      throw refusal("\"id\" must be a string or a whole number, not \(written.description.excerpt)")
    }
    guard params.object != nil else {
      throw Refusal(id: id, error: .invalidParams("\"params\" must be an object"))
    }
    self = .request(Request(id: id, method: method, params: params))
  }
}
