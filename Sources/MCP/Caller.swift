/// The client that sent a request, and the revision in which the reply is written.
struct Caller: Sendable {
  let revision: ProtocolRevision
  let clientInfo: ClientInfo?
}
