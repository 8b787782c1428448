internal import MCP

extension Toolbox {
  /// The values of an argument of a prompt or a template, by its name.
  func completions(of name: String, _ start: String, _ context: CallContext) throws -> [String] {
    let completable: [String: Completable] = [
      "topic": .topic, "agent": .agent, "ball": .agent, "role": .role, "type": .type,
      "entry_type": .type, "status": .status,
    ]
    guard let what = completable[name] else { return [] }
    return try workspace(for: context).completions(what, startingWith: start)
  }
}
