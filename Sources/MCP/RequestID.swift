package import Platform

/// The id that ties a response to its request: echoed with the type and the digits it came with.
package enum RequestID: Hashable, Sendable {
  case number(String)
  case string(String)

  /// The id in `json`, if that is one; `null` is none, MCP forbids it, and so is a fraction.
  init?(_ json: JSON) {
    switch json {
    case .number(let literal):
      guard let number = json.double, number == number.rounded() else { return nil }
      self = .number(literal)
    case .string(let string): self = .string(string)
    default: return nil
    }
  }

  package var json: JSON {
    switch self {
    case .number(let literal): .number(literal)
    case .string(let string): .string(string)
    }
  }

  // Byte for byte: two strings that only look alike are two ids.
  package static func == (left: RequestID, right: RequestID) -> Bool { left.json == right.json }

  package func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

extension RequestID: CustomStringConvertible {
  package var description: String { json.description }
}
