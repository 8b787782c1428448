internal import MCP
internal import Platform

/// `watercooler-mcp`, from its arguments to its end.
public enum ServerProgram {
  /// Serves standard input and output until the client closes them, and ends the process.
  public static func main() -> Never {
    let terminal = Terminal()
    guard let arguments = ProgramArguments.all.map({ Array($0.dropFirst()) }) else {
      ThisProcess.exit(with: CommandLineTool.report(ArgumentsUnknown(), to: terminal).rawValue)
    }
    if arguments.first == MergeDriver.name {
      let code = CommandLineTool.mergeDriver(
        Array(arguments.dropFirst()), ThisProcess.environment, terminal)
      ThisProcess.exit(with: code.rawValue)
    }
    do throws(any Error) {
      let parsed = try ArgumentParser(
        description, arguments: arguments)
      if parsed.values["--help"] != nil {
        try terminal.print(HelpText.text(of: description))
        ThisProcess.exit(with: ExitCode.done.rawValue)
      }
      if parsed.values["--version"] != nil {
        try terminal.print("watercooler-mcp \(watercoolerVersion)\n")
        ThisProcess.exit(with: ExitCode.done.rawValue)
      }
      try serve(parsed)
      ThisProcess.exit(with: ExitCode.done.rawValue)
    } catch {
      ThisProcess.exit(with: CommandLineTool.report(error, to: terminal).rawValue)
    }
  }

  private static func serve(_ parsed: ArgumentParser) throws {
    Allocator.keepLittle()
    var flags: [Setting: String] = [:]
    for setting in Setting.all { flags[setting] = parsed.values[option(for: setting)]?.last }
    let configuration = Configuration(flags: flags)
    let log = Log(level: try logLevel(configuration))
    // An earlier process may have left what it could not send. Nothing waits for the sending, and nothing
    // is asked of a remote that has nothing to get.
    do throws(SystemError) {
      try startThread(named: "outbox") {
        let workspace = try? Workspace(configuration, host: .server)
        try? workspace?.sendOutbox(deadline: .after(.seconds(30)))
      }
    } catch {
      log.write(.warning, "what waits here is not sent before the first call: \(error.message)")
    }
    let trace = try parsed.values["--trace"]?.last.map { try Trace(appendingTo: $0) }
    try Server.serveStandardStreams(
      Toolbox(configuration).definition, log: log, trace: trace)
  }

  private static func logLevel(_ configuration: Configuration) throws -> Log.Level {
    guard let value = configuration.given(.log) else { return .warning }
    guard let level = Log.Level(rawValue: value.text.lowercased()) else {
      let names = Log.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError.badValue(option: Setting.log.variable, value: value.text, expected: names)
    }
    return level
  }

  private static let description = CommandDescription(
    "watercooler-mcp", "the MCP server: started by a client, speaks on stdin and stdout",
    options: Setting.all.map { setting in
      CommandOption(option(for: setting), value: "VALUE", help: setting.summary)
    } + [
      CommandOption("--trace", value: "FILE", help: "append both directions of the talk to FILE"),
      CommandOption("--version", help: "show the version"),
    ],
    examples: [
      "watercooler-mcp --agent Claude", "watercooler-mcp --dir /srv/threads --trace /tmp/talk",
    ]
  ) { _ in .done }

  private static func option(for setting: Setting) -> String {
    "--" + setting.variable.dropFirst("WATERCOOLER_".count).lowercased().replacing("_", with: "-")
  }
}
