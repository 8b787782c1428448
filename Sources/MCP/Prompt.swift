internal import Platform

/// A text that a person picks in a client, to have a model begin with it.
///
/// Clients ask for it by `name`; `title` and `description` are shown to people.
package struct Prompt: Sendable {
  /// A part of the text that the person fills in; `description` is shown for that.
  package struct Argument: Sendable {
    package let name: String
    package let description: String
    /// Whether a request without it, or with an empty one, is refused.
    package let isRequired: Bool

    package init(_ name: String, _ description: String, isRequired: Bool) {
      (self.name, self.description, self.isRequired) = (name, description, isRequired)
    }
  }

  package let name: String
  package let title: String
  package let description: String
  package let arguments: [Argument]
  /// The text with the arguments in it; those that are required are there.
  package let text: @Sendable ([String: String], CallContext) throws -> String

  package init(
    name: String, title: String, description: String, arguments: [Argument],
    text: @escaping @Sendable ([String: String], CallContext) throws -> String
  ) {
    (self.name, self.title, self.description) = (name, title, description)
    (self.arguments, self.text) = (arguments, text)
  }

  func json(in revision: ProtocolRevision) -> JSON {
    var members = [JSON.Member("name", .string(name))]
    if revision.hasTitles { members.append(.init("title", .string(title))) }
    members.append(.init("description", .string(description)))
    let arguments = arguments.map { argument -> JSON in
      [
        "name": .string(argument.name), "description": .string(argument.description),
        "required": .bool(argument.isRequired),
      ]
    }
    members.append(.init("arguments", .array(arguments)))
    return .object(members)
  }
}
