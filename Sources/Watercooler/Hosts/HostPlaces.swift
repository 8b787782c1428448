/// The directories of this machine that hosts keep their files in.
struct HostPlaces: Sendable {
  enum Scope: String, Sendable {
    case user
    case project
  }

  let home: String
  let environment: [String: String]
  let workingDirectory: String
  /// The root of the git work tree around the working directory, else that itself.
  let project: String

  init(_ configuration: Configuration) {
    home = configuration.home
    environment = configuration.environment
    workingDirectory = configuration.workingDirectory
    project = (try? ThreadsDirectory.project(of: workingDirectory)) ?? workingDirectory
  }

  /// A variable that is set, and not to nothing.
  func variable(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The directory in which programs with windows keep what is theirs.
  var applicationData: String {
    #if os(macOS)
      home + "/Library/Application Support"
    #else
      variable("XDG_CONFIG_HOME") ?? home + "/.config"
    #endif
  }

  /// A host's file; nil where it has none in a project.
  func file(of host: Host, _ scope: Scope) -> String? {
    switch scope {
    case .user: host.userFile(self)
    case .project: host.projectFile.map { project + "/" + $0 }
    }
  }

  /// The directory in which a host starts a server whose entry names none.
  func startDirectory(of host: Host, _ scope: Scope) -> String {
    switch host.startDirectory {
    case .root: "/"
    case .homeOrProject: scope == .project ? project : home
    case .current: workingDirectory
    }
  }
}
