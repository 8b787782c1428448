internal import Platform

/// The agent that reads and writes, and how that was decided.
package struct Identity: Sendable, Equatable {
  package let agent: Agent
  /// The source of the agent's name, in words for people: `environment variable WATERCOOLER_AGENT`, say.
  package let origin: String
  /// Whether only this agent may sign: `WATERCOOLER_AGENT_LOCK`.
  package let isLocked: Bool
}

extension Configuration {
  /// The configured identity: the agent, else the program that asks, else the person.
  /// - Parameter client: The plain name of the client that started the server, empty if it gives none.
  package func identity(client: String? = nil) throws -> Identity {
    let isLocked = try isOn(.agentLock)
    if let configured = self[.agent] {
      let agent = try Agent.read(configured.text)
      return Identity(
        agent: try signature(of: agent), origin: "\(configured.origin)", isLocked: isLocked)
    }
    if isLocked { throw ConfigurationError.missing(.agent) }
    if let client {
      // The person whose machine it is has not written: a program has, and "Acme, Inc." is one.
      let name = client.filter { !Agent.separators.contains($0) }
      let agent = try Agent(name.isEmpty ? "Agent" : name)
      let origin = name.isEmpty ? "the client gives no name" : "the client's name"
      return Identity(agent: try signature(of: agent), origin: origin, isLocked: false)
    }
    let person = try person
    return Identity(
      agent: try registry.canonical(Agent(person.name)), origin: person.origin, isLocked: false)
  }

  /// The agent that signs a write which names one.
  /// - Throws: `WorkspaceError.agentLocked` where only the configured one may, `InvalidText` where that is a list.
  package func agent(named name: String?, client: String? = nil) throws -> Agent {
    let identity = try identity(client: client)
    guard let name else {
      // A person's own name may have a comma in it.
      if self[.agent] != nil { try identity.agent.checkIsOne() }
      return identity.agent
    }
    let agent = try signature(of: try Agent(name))
    if identity.isLocked, !agent.answers(to: identity.agent) {
      throw WorkspaceError.agentLocked(configured: identity.agent, asked: agent)
    }
    return agent
  }

  /// The agent in the registry's spelling, with its person.
  private func signature(of agent: Agent) throws -> Agent {
    let agent = try registry.canonical(agent)
    if agent.person != nil { return agent }
    let person = try person.name
    // Nobody writes "alice (alice)".
    return agent.name == person ? agent : Agent(name: agent.name, person: person)
  }

  /// The person: configured, else git's user.name, else the login.
  private var person: (name: SingleLine, origin: String) {
    get throws {
      if let user = self[.user] {
        return (try SingleLine(user.text, field: "user"), "\(user.origin)")
      }
      if let entry = gitConfig.setting("user.name"), let name = entry.value, !name.isEmpty {
        return (try SingleLine(name, field: "user"), "git's user.name")
      }
      let login = environment["LOGNAME"] ?? environment["USER"] ?? UserAccount.own?.name ?? ""
      return (try SingleLine(login.isEmpty ? "somebody" : login, field: "user"), "the login name")
    }
  }

  /// The team's agents: the built-in ones, and those of `WATERCOOLER_AGENT_REGISTRY`.
  package var registry: AgentRegistry {
    get throws {
      guard let path = self[.registry]?.text else { return .standard }
      do {
        let json = try JSON(parsing: try AtomicFile.read(absolute(path)))
        guard json.object != nil else { throw InvalidText.empty(field: "registry") }
        return AgentRegistry(
          canonicalNames: json.names("canonical"), counterparts: json.names("counterpart"),
          defaultBall: json["default_ball"]?.string ?? "Team")
      } catch let error as JSONError {
        throw ConfigurationError.badRegistry(path: path, reason: "\(error)")
      } catch let error as any ExplainedError {
        throw ConfigurationError.badRegistry(path: path, reason: error.message)
      }
    }
  }
}

extension JSON {
  fileprivate func names(_ key: String) -> [String: String] {
    let pairs = (self[key]?.object ?? []).compactMap { member in
      member.value.string.map { (member.name, $0) }
    }
    return Dictionary(pairs) { first, _ in first }
  }
}
