internal import Platform

/// The result that a request is answered with, before it is put into the words of a revision.
struct Reply: Sendable {
  let members: [JSON.Member]
  /// For how long a client may keep it; nil for what is not kept.
  var freshness: Duration?
  /// Work that waits until the client has the reply; never done if it does not get it.
  var whenWritten: (@Sendable () -> Void)?

  init(_ members: JSON, freshFor freshness: Duration? = nil) {
    self.members = members.object ?? []
    self.freshness = freshness
  }

  static let empty = Reply([:])

  /// The freshness of a reply that is the same for as long as this server runs.
  static let lasting = Duration.seconds(300)

  /// The `result` member of a response: the stateless revisions say with each what it is, how long it
  /// holds, and who gave it.
  func json(in revision: ProtocolRevision, from definition: ServerDefinition) -> JSON {
    guard revision.isStateless else { return .object(members) }
    var all = [JSON.Member("resultType", "complete")] + members
    if let freshness {
      all.append(.init("ttlMs", JSON(Int(freshness / .milliseconds(1)))))
      all.append(.init("cacheScope", "private"))
    }
    let own = all.first { $0.name == "_meta" }?.value.object ?? []
    all.removeAll { $0.name == "_meta" }
    let serverInfo = JSON.Member(
      "io.modelcontextprotocol/serverInfo", definition.info(in: revision))
    all.append(.init("_meta", .object(own + [serverInfo])))
    return .object(all)
  }
}

/// The answer to a request, or the way to it.
enum Answer: Sendable {
  /// An answer that is there at once.
  case reply(Reply)
  /// An answer that is there when its work is done.
  case call(PendingCall)
  /// Notifications of what changes from now on, until somebody ends it.
  case listen(Subscriptions.Filter)
}
