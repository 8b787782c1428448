internal import Platform

/// The place of `watercooler-mcp`: beside the program that runs.
enum ServerLocation {
  private static let name = "watercooler-mcp"

  /// The path under which the user of this program has it.
  static func find(_ configuration: Configuration) throws(HostError) -> String {
    let called = ProgramArguments.all?.first ?? ""
    return try find(
      argument: called, program: ProgramFile.path ?? called, configuration: configuration)
  }

  /// The path under which the user has it.
  ///
  /// A package manager replaces what its links lead to at every update, so the first directory counts
  /// that has both programs: where this one was called, then where each link leads.
  /// - Parameters:
  ///   - argument: What this program was called as.
  ///   - program: Where it really is.
  static func find(
    argument: String, program: String, configuration: Configuration
  ) throws(HostError) -> String {
    var candidate = called(argument, program, configuration)
    for _ in 0..<40 {
      guard let path = candidate else { break }
      let server = path.parentPath + "/" + name
      if FileAccess.running.isGranted(at: server) { return server }
      candidate = FileLink.target(of: path)
    }
    let server = program.parentPath + "/" + name
    if FileAccess.running.isGranted(at: server) { return server }
    throw .noServer(besides: program)
  }

  /// The path that was called, if it can be told.
  private static func called(
    _ argument: String, _ program: String, _ configuration: Configuration
  ) -> String? {
    let paths: [String] =
      if argument.contains("/") {
        [configuration.absolute(argument)]
      } else {
        (configuration.environment["PATH"] ?? "").split(separator: ":")
          .map { configuration.absolute("\($0)/\(argument)") }
      }
    // Not `standardized`, which follows links where the path has a `..`.
    return paths.map(\.withoutDots)
      .first { FileLink.leads($0, to: program) }
  }
}
