extension Toolbox {
  /// The values of an argument of a prompt or a template, by its name, that begin with `start` in any
  /// case. Of what is here: nobody waits for a remote while typing.
  func completions(of name: String, _ start: String, _ context: CallContext) throws -> [String] {
    let all =
      switch name {
      case "topic": try workspace(for: context).store.topics().map(\.name)
      case "agent", "ball": try knownAgents(context)
      case "role": Vocabulary.roles
      case "type", "entry_type": Vocabulary.types
      case "status": Vocabulary.statuses
      default: [String]()
      }
    return all.filter { $0.lowercased().hasPrefix(start.lowercased()) }
  }

  private func knownAgents(_ context: CallContext) throws -> [String] {
    let workspace = try workspace(for: context)
    let registered = try workspace.configuration.registry.canonicalNames.values
    let heard = try workspace.list().flatMap { [$0.ball, $0.lastAgent] }
      .compactMap { $0?.description }
    return Set(registered).union(heard).sorted()
  }
}
