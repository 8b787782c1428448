/// The kinds of words that can be completed from their beginning.
package enum Completable: Sendable {
  case topic, agent, role, type, status
}

extension Workspace {
  /// The words that begin with `start`, in any case, in order. Of what is here: nobody waits for a
  /// remote while typing.
  package func completions(_ what: Completable, startingWith start: String) throws -> [String] {
    let all =
      switch what {
      case .topic: try store.topics().map(\.name)
      case .agent: try knownAgents()
      case .role: Vocabulary.roles
      case .type: Vocabulary.types
      case .status: Vocabulary.statuses
      }
    let start = start.lowercased()
    return all.filter { $0.lowercased().hasPrefix(start) }
  }

  /// Those of the registry, and those who have been heard here.
  private func knownAgents() throws -> [String] {
    let registered = try configuration.registry.canonicalNames.values
    let heard = try list().flatMap { [$0.ball, $0.lastAgent] }.compactMap { $0?.description }
    return Set(registered).union(heard).sorted()
  }
}
