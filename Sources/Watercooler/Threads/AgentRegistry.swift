/// The agents that a team knows: how their names are spelled, and who answers whom.
package struct AgentRegistry: Sendable, Equatable {
  /// The usual spelling of a name, by the name in lower case.
  package var canonicalNames: [String: String]
  /// Who gets the ball after an agent, by the agent's name in lower case.
  package var counterparts: [String: String]
  /// Who gets the ball when nothing else decides.
  package var defaultBall: String

  /// The given names and counterparts add to the built-in ones, and win over them. Keys may have any case.
  package init(
    canonicalNames: [String: String] = [:], counterparts: [String: String] = [:],
    defaultBall: String = "Team"
  ) {
    self.canonicalNames = Self.builtIn.merging(Self.lowercasingKeys(canonicalNames)) { $1 }
    self.counterparts = ["claude": "Codex", "codex": "Claude"]
      .merging(Self.lowercasingKeys(counterparts)) { $1 }
    self.defaultBall = defaultBall
  }

  /// The registry of a team that has set nothing: the names and counterparts that are built in.
  package static let standard = AgentRegistry()

  private static let builtIn = ["claude": "Claude", "codex": "Codex", "team": "Team"]

  private static func lowercasingKeys(_ names: [String: String]) -> [String: String] {
    let sorted = names.sorted { $0.key < $1.key }
    return Dictionary(sorted.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
  }

  /// The agent with its name in the team's spelling.
  package func canonical(_ agent: Agent) -> Agent {
    guard let spelling = canonicalNames[agent.name.text.lowercased()] else { return agent }
    return Agent(name: SingleLine(line: Bytes(spelling)), person: agent.person)
  }

  /// Who gets the ball when `agent` writes and names nobody: the configured counterpart, else the
  /// last other voice in the thread, else the registry's, else the default.
  package func counterpart(of agent: Agent, configured: Agent?, in entries: [Entry]) -> Agent {
    if let configured { return configured }
    if let other = entries.last(where: { !$0.agent.answers(to: agent) }) {
      return canonical(other.agent)
    }
    let name = counterparts[agent.name.text.lowercased()] ?? defaultBall
    return Agent(SingleLine(line: Bytes(name)))
  }
}
