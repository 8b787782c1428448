internal import Platform

/// The name and the version that a client gives itself; a version is nil if it gives none.
package struct ClientInfo: Hashable, Sendable {
  package let name: String
  package let version: String?

  package init(name: String, version: String?) {
    self.name = name
    self.version = version
  }

  /// The client in the `clientInfo` member of a request, if that names one.
  init?(_ json: JSON?) {
    guard let name = json?["name"]?.string else { return nil }
    self.init(name: name, version: json?["version"]?.string)
  }
}
