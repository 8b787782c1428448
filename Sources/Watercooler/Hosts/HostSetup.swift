internal import Platform

/// Our entry in one host's file: the user's, or a project's.
package struct HostSetup: Sendable {
  package let host: Host
  /// The host's file.
  package let path: String
  let scope: HostPlaces.Scope
  let places: HostPlaces
  private let configuration: Configuration

  /// Nil where a project is meant and the host has no file there.
  package init?(_ host: Host, isProject: Bool, _ configuration: Configuration) {
    (self.host, self.configuration) = (host, configuration)
    places = HostPlaces(configuration)
    scope = isProject ? .project : .user
    guard let path = places.file(of: host, scope) else { return nil }
    self.path = path
  }

  /// The entry that is to be in the file.
  /// - Parameters:
  ///   - command: The server's path; nil for the one beside this program.
  ///   - agent: The name that it signs with; nil for the one that goes with the host.
  func entry(command: String?, agent: String?) throws -> HostEntry {
    let command =
      try command.map { configuration.absolute($0) } ?? ServerLocation.find(configuration)
    return try HostEntry(command: command, configuration: configuration, agent: agent)
  }

  /// A file with nothing but the entry.
  func text(of entry: JSON) throws(UneditableText) -> String {
    var text = try host.text([])
    try text.set(entry, at: host.entryPath)
    return text.bytes[...].string
  }

  /// The file as it is, and what it holds; an empty text where there is none.
  func read() throws -> (bytes: [UInt8]?, text: any EditableText) {
    let bytes = try file.read()
    return (
      bytes, try explained(bytes ?? []) { () throws(UneditableText) in try host.text(bytes ?? []) }
    )
  }

  /// Puts the entry into the file, or only says what would happen.
  package func install(
    command: String?, agent: String?, isDryRun: Bool
  ) throws -> HostInstallation {
    let entry = try entry(command: command, agent: agent)
    do {
      try Command(entry.command).check()
    } catch {
      throw HostError.badCommand("\(error)")
    }
    for _ in 0..<5 {
      let (bytes, before) = try read()
      var text = before
      let change = try set(entry, in: &text)
      let installed = text.value(at: host.entryPath) ?? .null
      var result = HostInstallation(setup: self, change: change, entry: installed)
      if isDryRun || change == .none { return result }
      guard case .done(let backup) = try file.replace(bytes, with: text.bytes) else { continue }
      result.isWritten = true
      result.backup = backup
      return result
    }
    throw HostError.keepsChanging(path: path, host: host.name)
  }

  private var file: HostFile { HostFile(path: path, host: host.name) }

  private func set(
    _ entry: HostEntry, in text: inout any EditableText
  ) throws -> HostInstallation.Change {
    let there = text.value(at: host.entryPath)
    if let there, !Self.startsProgram(there) { throw HostError.otherKind(path: path) }
    var edited = text
    defer { text = edited }
    return try explained(text.bytes) { () throws(UneditableText) in
      guard let there else {
        try edited.set(entry.json(for: host), at: host.entryPath)
        return .added
      }
      let changes = entry.changes(to: there)
      for (path, value) in changes { try edited.set(value, at: host.entryPath + path) }
      return changes.isEmpty ? .none : .changed
    }
  }

  /// Whether an entry is of the kind that we write; others name a server by its URL.
  static func startsProgram(_ entry: JSON) -> Bool {
    guard entry.object != nil, ["stdio", nil].contains(entry["type"]) else { return false }
    return entry["command"] != nil || entry["url"] == nil && entry["httpUrl"] == nil
  }

  /// Words what is wrong with the file.
  private func explained<Result>(
    _ bytes: [UInt8], _ body: () throws(UneditableText) -> Result
  ) throws -> Result {
    do throws(UneditableText) {
      return try body()
    } catch {
      let (line, column) = error.position(in: bytes)
      throw HostError.uneditable(
        path: path, host: host.name, problem: error.problem, line: line, column: column)
    }
  }
}
