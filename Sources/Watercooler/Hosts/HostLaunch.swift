internal import Platform

/// The start of a server as a host does it: the command of its entry, and how long that may take.
struct HostLaunch: Sendable {
  private(set) var command: Command
  /// How long the server may take until it answers.
  let timeout: Duration

  /// Reads our entry as the host does.
  init(_ setup: HostSetup) throws {
    let (host, places) = (setup.host, setup.places)
    guard let entry = try setup.read().text.value(at: host.entryPath) else {
      throw HostError.notInstalled(
        path: setup.path, host: host.name, isProject: setup.scope == .project)
    }
    guard HostSetup.startsProgram(entry) else { throw HostError.otherKind(path: setup.path) }
    if entry["disabled"] == true || entry["enabled"] == false {
      throw HostError.switchedOff(path: setup.path)
    }
    let reader = EntryReader(entry: entry, setup: setup)
    var directory = places.startDirectory(of: host, setup.scope)
    if host.takesDirectory, let wanted = try reader.text("cwd") {
      directory = wanted.hasPrefix("/") ? wanted : directory + "/" + wanted
    }
    let environment = host.environment.variables(
      inheriting: places.environment, passing: try reader.passedNames(),
      listing: try reader.variables(), in: directory)
    guard let program = try reader.text("command") else {
      throw reader.problem("\"command\" is missing")
    }
    command = Command(
      try Self.executable(program, environment, in: directory, of: host),
      try reader.texts("args"), environment: environment, outputLimit: 16 << 20)
    command.workingDirectory = directory
    timeout = reader.timeout
  }

  /// The path of a program: a plain name is looked for in the PATH that the server gets.
  private static func executable(
    _ name: String, _ environment: [String: String], in directory: String, of host: Host
  ) throws(HostError) -> String {
    if name.hasPrefix("/") { return name }
    if name.contains("/") { return directory + "/" + name }
    let directories = (environment["PATH"] ?? "").split(separator: ":")
    let found = directories.map { "\($0)/\(name)" }.first { (try? Command($0).check()) != nil }
    guard let found else { throw .notInPath(name, host: host.title) }
    return found
  }
}

/// Takes out of an entry what a host takes out of it.
private struct EntryReader {
  let entry: JSON
  let setup: HostSetup

  func problem(_ problem: String) -> HostError { .badEntry(path: setup.path, problem: problem) }

  func text(_ name: String) throws(HostError) -> String? {
    guard let value = entry[name], !value.isNull else { return nil }
    guard let text = value.string else { throw problem("\"\(name)\" is no text") }
    return try filled(text)
  }

  func texts(_ name: String) throws(HostError) -> [String] {
    guard let value = entry[name], !value.isNull else { return [] }
    guard let elements = value.array else { throw problem("\"\(name)\" is no list") }
    var texts: [String] = []
    for element in elements {
      guard let text = element.string else { throw problem("\"\(name)\" has more than text") }
      texts.append(try filled(text))
    }
    return texts
  }

  /// The variables that it lists; nil for one that is to be unset.
  func variables() throws(HostError) -> [String: String?] {
    guard let value = entry["env"], !value.isNull else { return [:] }
    guard let members = value.object else { throw problem("\"env\" is no object") }
    var variables: [String: String?] = [:]
    for member in members {
      switch member.value {
      case .null: variables[member.name] = .some(nil)
      case .string(let text): variables[member.name] = try filled(text)
      case .number, .bool: variables[member.name] = member.value.description
      case .array, .object: throw problem("\"\(member.name)\" is no text")
      }
    }
    return variables
  }

  /// The variables that it has passed on, as Codex knows it: names, or tables with a name.
  func passedNames() throws(HostError) -> [String] {
    guard case .toml = setup.host.format, let elements = entry["env_vars"]?.array else { return [] }
    return elements.compactMap { $0.string ?? $0["name"]?.string }
  }

  var timeout: Duration {
    guard let (name, unit) = setup.host.timeoutMember, let number = entry[name]?.double,
      number > 0, number < 1e9
    else { return setup.host.startTimeout }
    return unit * number
  }

  private func filled(_ text: String) throws(HostError) -> String {
    try setup.host.variables.filled(text, host: setup.host, places: setup.places)
  }
}
