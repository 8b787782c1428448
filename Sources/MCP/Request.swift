internal import Platform

/// A message that asks for exactly one response.
struct Request: Sendable {
  let id: RequestID
  let method: String
  /// Always an object; empty if the request had none.
  let params: JSON
}
