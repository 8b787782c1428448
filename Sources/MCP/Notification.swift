internal import Platform

/// A message that is never answered.
struct Notification: Sendable {
  let method: String
  /// Always an object; empty if the notification had none.
  let params: JSON

  /// The message as it goes over the wire.
  var json: JSON { ["jsonrpc": "2.0", "method": .string(method), "params": params] }
}
