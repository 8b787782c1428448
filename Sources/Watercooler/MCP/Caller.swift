/// Who sent a request, and in which revision the reply is written.
struct Caller: Sendable {
  let revision: ProtocolRevision
  let clientInfo: ClientInfo?
}
