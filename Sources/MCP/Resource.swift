package import Platform

/// Something that a client can read by its URI; the rest is shown to people and models, who choose by it.
package struct Resource: Sendable {
  package let uri: String
  package let name: String
  package let title: String
  package let description: String

  package init(uri: String, name: String, title: String, description: String) {
    (self.uri, self.name, self.title, self.description) = (uri, name, title, description)
  }

  func json(in revision: ProtocolRevision) -> JSON {
    .object([.init("uri", .string(uri))] + described(name, title, description, in: revision))
  }
}

/// A URI with a hole in it, and what stands there when it is filled.
package struct ResourceTemplate: Sendable {
  /// By RFC 6570.
  package let uriTemplate: String
  package let name: String
  package let title: String
  package let description: String

  package init(uriTemplate: String, name: String, title: String, description: String) {
    (self.uriTemplate, self.name) = (uriTemplate, name)
    (self.title, self.description) = (title, description)
  }

  func json(in revision: ProtocolRevision) -> JSON {
    .object(
      [.init("uriTemplate", .string(uriTemplate))]
        + described(name, title, description, in: revision))
  }
}

private func described(
  _ name: String, _ title: String, _ description: String, in revision: ProtocolRevision
) -> [JSON.Member] {
  var members = [JSON.Member("name", .string(name))]
  if revision.hasTitles { members.append(.init("title", .string(title))) }
  members.append(.init("description", .string(description)))
  members.append(.init("mimeType", .string(ResourceCatalog.mimeType)))
  return members
}

/// The resources of a server, and how it notices that they change.
package struct ResourceCatalog: Sendable {
  static let mimeType = "text/markdown"

  /// Resources, and the cursor of the page that follows.
  package typealias Page = (resources: [Resource], next: String?)

  /// The forms of URIs that clients can fill in for themselves.
  package let templates: [ResourceTemplate]
  /// The page at a cursor, the first for nil.
  package let list: @Sendable (String?, CallContext) throws -> Page
  /// A resource's text; nil where there is none.
  package let read: @Sendable (String, CallContext) throws -> String?
  /// Whether a URI is one of ours, and what stands there may change.
  package let canChange: @Sendable (String) -> Bool
  /// Watches until it is called off: says when it will tell of what changes from then on, and then of
  /// each change. Where it could not look for a while, all may have changed (`everything`). On a thread
  /// of its own.
  package let watch: Watch

  package typealias Watch =
    @Sendable (
      _ cancellation: Cancellation, _ isReady: @escaping @Sendable () -> Void,
      _ changed: @escaping @Sendable (ResourceChange) -> Void
    ) -> Void

  package init(
    templates: [ResourceTemplate],
    list: @escaping @Sendable (String?, CallContext) throws -> Page,
    read: @escaping @Sendable (String, CallContext) throws -> String?,
    canChange: @escaping @Sendable (String) -> Bool,
    watch: @escaping Watch
  ) {
    (self.templates, self.list, self.read) = (templates, list, read)
    (self.canChange, self.watch) = (canChange, watch)
  }
}

/// A change of the resources: what is different from before.
package struct ResourceChange: Sendable {
  /// The change of which nobody knows what it is: all may be different.
  package static let everything = ResourceChange(isListChanged: true) { _ in true }

  /// Whether what stands at a URI may be different.
  package let touches: @Sendable (String) -> Bool
  /// Whether there are other resources than before.
  package let isListChanged: Bool
  /// Notifications of the server's own kind, for a client that asked for none by URI.
  package let announcements: [Announcement]

  /// A notification outside the protocol: its method and params.
  package typealias Announcement = (method: String, params: JSON)

  package init(
    isListChanged: Bool, announcements: [Announcement] = [],
    touches: @escaping @Sendable (String) -> Bool
  ) {
    (self.isListChanged, self.touches) = (isListChanged, touches)
    self.announcements = announcements
  }
}
