internal import Platform

/// One argument of a tool: what its schema says, and how its value is read.
struct ToolArgument: Sendable {
  enum Kind: String, Sendable {
    case string, integer, boolean
    /// An array of strings.
    case strings
  }

  let name: String
  let kind: Kind
  let summary: String
  var isRequired = false
  var choices: [String] = []
  /// The value that stands for one that is not given; nil where that means something else.
  var standard: JSON?

  static func required(_ name: String, _ summary: String) -> ToolArgument {
    ToolArgument(name: name, kind: .string, summary: summary, isRequired: true)
  }

  /// - Parameter standard: One of the choices.
  static func text(
    _ name: String, _ summary: String, choices: [String] = [], standard: String? = nil
  ) -> ToolArgument {
    ToolArgument(
      name: name, kind: .string, summary: summary, choices: choices,
      standard: standard.map { .string($0) })
  }

  static func number(_ name: String, _ summary: String, standard: Int? = nil) -> ToolArgument {
    ToolArgument(
      name: name, kind: .integer, summary: summary, standard: standard.map { JSON($0) })
  }

  static func flag(_ name: String, _ summary: String) -> ToolArgument {
    ToolArgument(name: name, kind: .boolean, summary: summary, standard: false)
  }

  var schema: JSON {
    var members = [JSON.Member("type", .string(kind == .strings ? "array" : kind.rawValue))]
    if kind == .strings { members.append(JSON.Member("items", ["type": "string"])) }
    if !choices.isEmpty { members.append(JSON.Member("enum", .array(choices.map { .string($0) }))) }
    if kind == .integer { members.append(JSON.Member("minimum", 0)) }
    if isRequired { members.append(JSON.Member("minLength", 1)) }
    if let standard { members.append(JSON.Member("default", standard)) }
    members.append(JSON.Member("description", .string(summary)))
    return .object(members)
  }

  /// The schema of a tool with these arguments, and no others.
  static func schema(of arguments: [ToolArgument]) -> JSON {
    var members: [JSON.Member] = [JSON.Member("type", "object")]
    members.append(
      JSON.Member("properties", .object(arguments.map { JSON.Member($0.name, $0.schema) })))
    let required = arguments.filter(\.isRequired).map { JSON.string($0.name) }
    if !required.isEmpty { members.append(JSON.Member("required", .array(required))) }
    members.append(JSON.Member("additionalProperties", false))
    return .object(members)
  }
}

extension ToolArgument {
  /// Names that mean nothing here: prompts written for the Python tool have them, and some clients give a tool
  /// without arguments one of their own.
  private static let meaningless = [
    "code_path", "agent_func", "create_if_missing", "format", "random_string",
  ]

  /// The names among those of a call that mean nothing to a tool with these arguments, and may be there.
  /// - Throws: `ToolArgumentError` for any other one that it does not have.
  static func unused(in call: JSON, of arguments: [ToolArgument]) throws -> [String] {
    let names = arguments.map(\.name)
    let others = (call.object ?? []).map(\.name).filter { !names.contains($0) }
    for name in others where !meaningless.contains(name) {
      throw ToolArgumentError.unknown(name, among: names)
    }
    return others
  }
}

/// The arguments of one call. Null and the empty string mean that one was not given.
struct ToolArguments {
  let values: JSON

  func text(_ name: String) throws -> String? {
    guard let value = values[name], !value.isNull else { return nil }
    guard let text = value.string else { throw ToolArgumentError(name, value, "a string") }
    return text.isEmpty ? nil : text
  }

  func required(_ name: String) throws -> String {
    guard let text = try text(name) else { throw ToolArgumentError.missing(name) }
    return text
  }

  /// A whole number; models send it as a string now and then.
  func number(_ name: String) throws -> Int? {
    guard let value = values[name], !value.isNull else { return nil }
    guard let number = value.int ?? value.string.flatMap({ Int($0) }), number >= 0 else {
      throw ToolArgumentError(name, value, "a whole number from 0 on")
    }
    return number
  }

  func flag(_ name: String) throws -> Bool {
    guard let value = values[name], !value.isNull else { return false }
    let words = ["true": true, "false": false]
    guard let flag = value.bool ?? value.string.flatMap({ words[$0.lowercased()] }) else {
      throw ToolArgumentError(name, value, "true or false")
    }
    return flag
  }

  /// Whether `format` asks for JSON rather than Markdown.
  func wantsJSON() throws -> Bool {
    let format = try text("format")
    switch format?.lowercased() {
    case nil, "markdown": return false
    case "json": return true
    default: throw ToolArgumentError("format", JSON(format), "markdown or json")
    }
  }

  /// Several strings, or one by itself.
  func texts(_ name: String) throws -> [String] {
    guard let value = values[name], !value.isNull else { return [] }
    if let text = value.string { return text.isEmpty ? [] : [text] }
    guard let items = value.array, items.allSatisfy({ $0.string != nil }) else {
      throw ToolArgumentError(name, value, "an array of strings")
    }
    return items.compactMap(\.string)
  }
}

/// An argument that is not what the tool takes.
struct ToolArgumentError: ExplainedError, Equatable {
  let message: String
  let hint: String?

  init(_ name: String, _ value: JSON, _ expected: String) {
    message = "argument '\(name)' is \(String(value.description.prefix(80)))"
    hint = "expected \(expected)"
  }

  private init(message: String, hint: String) { (self.message, self.hint) = (message, hint) }

  /// - Parameter names: Those that there are.
  static func unknown(_ name: String, among names: [String]) -> ToolArgumentError {
    let name = String(name.onOneLine.prefix(80))
    let nearest = Nearest.matches(for: name, in: names, limit: 1).first
    let all = names.isEmpty ? "it takes none" : "it takes \(names.joined(separator: ", "))"
    return ToolArgumentError(
      message: "there is no argument '\(name)'",
      hint: nearest.map { "did you mean '\($0)'?" } ?? all)
  }

  static func missing(_ name: String) -> ToolArgumentError {
    ToolArgumentError(message: "argument '\(name)' is missing", hint: "call again with '\(name)'")
  }
}
