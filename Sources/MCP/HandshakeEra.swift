internal import Platform

/// The era with a handshake: what was agreed on in `initialize`, and what each request is answered from
/// then on. It does no I/O and starts no work.
struct HandshakeEra {
  private let definition: ServerDefinition
  private(set) var caller: Caller?

  init(_ definition: ServerDefinition) { self.definition = definition }

  mutating func answer(
    _ request: Request, _ subscriptions: Subscriptions
  ) throws(ProtocolError) -> Answer {
    switch request.method {
    case "initialize": return .reply(initialize(request.params))
    case "ping": return .reply(.empty)
    default: break
    }
    guard let caller else {
      throw .invalidRequest("send \"initialize\" first, then \"\(request.method.excerpt)\"")
    }
    switch request.method {
    case "resources/subscribe":
      let uri = try uri(request.params)
      return .call(
        PendingCall("subscribe", timeLimit: .seconds(15), failure: Service.failure) { _ in
          try subscriptions.subscribe(to: uri)
          return .empty
        })
    case "resources/unsubscribe":
      subscriptions.unsubscribe(from: try uri(request.params))
      return .reply(.empty)
    default: return try Service(definition).answer(request, from: caller)
    }
  }

  /// Agrees on a revision; a second time too, since a client that lost track starts over.
  private mutating func initialize(_ params: JSON) -> Reply {
    let asked = params["protocolVersion"]?.string.flatMap { ProtocolRevision(rawValue: $0) }
    let revision = asked.flatMap { $0.isStateless ? nil : $0 } ?? .newestWithHandshake
    caller = Caller(revision: revision, clientInfo: ClientInfo(params["clientInfo"]))
    return Reply([
      "protocolVersion": .string(revision.rawValue),
      "capabilities": definition.capabilities(in: revision),
      "serverInfo": definition.info(in: revision),
      "instructions": .string(definition.instructions),
    ])
  }

  private func uri(_ params: JSON) throws(ProtocolError) -> String {
    guard let resources = definition.resources else {
      throw .methodNotFound("resources/subscribe")
    }
    guard let uri = params["uri"]?.string else {
      throw .invalidParams("\"uri\" must be a string")
    }
    guard resources.canChange(uri) else {
      throw .resourceNotFound(uri, in: caller?.revision ?? .newestWithHandshake)
    }
    return uri
  }
}
