@testable import MCP
@testable import Platform
@testable import Watercooler

extension JSON {
  /// The names of an object's members, in their order.
  var names: [String] { (object ?? []).map(\.name) }

  /// What in this value is not as a schema of our own tools says; empty where all is.
  ///
  /// Of JSON Schema it knows what these schemas use: type, properties, required, items, enum and
  /// minimum. A property that is declared has to be there.
  func violations(of schema: JSON, at place: String = "$") -> [String] {
    var found: [String] = []
    let types = schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string ?? "none"]
    if !types.contains(where: has(type:)) { return ["\(place) is no \(types): \(self)"] }
    if let choices = schema["enum"]?.array, !choices.contains(self) {
      found.append("\(place) is none of \(choices)")
    }
    if let minimum = schema["minimum"]?.int, let int, int < minimum {
      found.append("\(place) is less than \(minimum)")
    }
    for property in schema["properties"]?.object ?? [] {
      let inner = place + "." + property.name
      guard let value = self[property.name] else {
        found.append("\(inner) is missing")
        continue
      }
      found += value.violations(of: property.value, at: inner)
    }
    if let items = schema["items"] {
      for (index, value) in (array ?? []).enumerated() {
        found += value.violations(of: items, at: "\(place)[\(index)]")
      }
    }
    return found
  }

  private func has(type: String) -> Bool {
    switch type {
    case "null": isNull
    case "boolean": bool != nil
    case "integer": int != nil
    case "number": double != nil
    case "string": string != nil
    case "array": array != nil
    case "object": object != nil
    default: false
    }
  }
}
