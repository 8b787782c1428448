internal import Platform

/// The era without a handshake: what a request needs to be answered stands in its own `_meta`, and a
/// connection is not pinned to it.
struct StatelessEra: Sendable {
  private let definition: ServerDefinition

  init(_ definition: ServerDefinition) { self.definition = definition }

  private static let prefix = "io.modelcontextprotocol/"
  static let versionKey = prefix + "protocolVersion"
  private static let capabilitiesKey = prefix + "clientCapabilities"
  private static let clientInfoKey = prefix + "clientInfo"

  /// Whether a request is of this era. `initialize` never is, whatever else it carries.
  static func claims(_ request: Request) -> Bool {
    if request.method == "initialize" { return false }
    if request.method == "server/discover" { return true }
    let meta = request.params["_meta"]
    return [versionKey, capabilitiesKey, clientInfoKey].contains { meta?[$0] != nil }
  }

  /// The client that sends a request of this era, as the request itself says.
  static func caller(of request: Request) throws(ProtocolError) -> Caller {
    let meta = request.params["_meta"]
    guard let version = meta?[versionKey]?.string else {
      throw .invalidParams("\"_meta\" must have \"\(versionKey)\", a string")
    }
    guard let revision = ProtocolRevision(rawValue: version), revision.isStateless else {
      throw .unsupportedVersion(
        requested: version, supported: ProtocolRevision.stateless.map(\.rawValue))
    }
    guard meta?[capabilitiesKey]?.object != nil else {
      throw .invalidParams("\"_meta\" must have \"\(capabilitiesKey)\", an object")
    }
    return Caller(revision: revision, clientInfo: ClientInfo(meta?[clientInfoKey]))
  }

  func answer(_ request: Request, from caller: Caller) throws(ProtocolError) -> Answer {
    switch request.method {
    case "server/discover": return .reply(discovery(in: caller.revision))
    case "subscriptions/listen": return .listen(try filter(request.params))
    default: return try Service(definition).answer(request, from: caller)
    }
  }

  private func discovery(in revision: ProtocolRevision) -> Reply {
    Reply(
      [
        "supportedVersions": .array(ProtocolRevision.stateless.map { .string($0.rawValue) }),
        "capabilities": definition.capabilities(in: revision),
        "instructions": .string(definition.instructions),
      ], freshFor: Reply.lasting)
  }

  private func filter(_ params: JSON) throws(ProtocolError) -> Subscriptions.Filter {
    guard let wanted = params["notifications"], wanted.object != nil else {
      throw .invalidParams("\"notifications\" must be an object")
    }
    let (list, subscriptions) = (wanted["resourcesListChanged"], wanted["resourceSubscriptions"])
    let wantsList = list?.bool
    guard list == nil || wantsList != nil else {
      throw .invalidParams("\"resourcesListChanged\" must be true or false")
    }
    let uris = (subscriptions?.array ?? []).compactMap(\.string)
    guard subscriptions == nil || uris.count == subscriptions?.array?.count else {
      throw .invalidParams("\"resourceSubscriptions\" must be an array of strings")
    }
    var filter = Subscriptions.Filter()
    guard let resources = definition.resources else { return filter }
    filter.wantsList = wantsList ?? false
    // A URI that never changes, or is none of our resources, is not agreed to.
    filter.uris = uris.filter(resources.canChange)
    return filter
  }
}
