package import Platform

/// The outcome of putting our entry into a host's file, or of a look at what that would change.
package struct HostInstallation: Sendable {
  /// The difference that the installation makes to the entry, or would make.
  package enum Change: String, Sendable {
    case added
    case changed
    case none
  }

  let setup: HostSetup
  let change: Change
  /// The whole entry as it is now, or as it would be.
  let entry: JSON
  /// False for a file that needed no change, and where only a look was asked for.
  package internal(set) var isWritten = false
  /// The path at which the old file is kept; nil where nothing was replaced.
  var backup: String?

  package var text: String {
    get throws {
      let place =
        switch change {
        case .none: "already installed in \(setup.path)"
        case .added: "added to \(setup.path)"
        case .changed: "changed in \(setup.path)"
        }
      if change == .none { return place + "\n" }
      if !isWritten { return "would be \(place):\n\n\(try setup.text(of: entry))" }
      return place + "\n" + (backup.map { "the file as it was: \($0)\n" } ?? "")
    }
  }

  /// The user's next step; nil where nothing was written.
  package var next: String? {
    guard isWritten else { return nil }
    let project = setup.scope == .project ? " --project" : ""
    return
      "start \(setup.host.title) again; '\(programName) mcp test \(setup.host.name)\(project)' starts the "
      + "server as it does"
  }

  package var members: [JSON.Member] {
    [
      JSON.Member("client", .string(setup.host.name)), JSON.Member("path", .string(setup.path)),
      JSON.Member("scope", .string(setup.scope.rawValue)),
      JSON.Member("change", .string(change.rawValue)), JSON.Member("written", .bool(isWritten)),
      JSON.Member("backup", JSON(backup)), JSON.Member("entry", entry),
    ]
  }
}
