internal import Platform

/// `wc`, from its arguments to its exit code.
public enum CommandLineTool {
  /// Runs the program and ends the process with its exit code.
  public static func main() -> Never {
    let environment = ThisProcess.environment
    let terminal = Terminal()
    guard let vector = ProgramArguments.vector, let arguments = ProgramArguments.all else {
      ThisProcess.exit(with: report(ArgumentsUnknown(), to: terminal).rawValue)
    }
    if StepAside.isForWordCount(arguments, inputIsTerminal: terminal.isInputTerminal) {
      // Before anything else: an ignored signal would be inherited.
      let error = StepAside.becomeWordCount(vector, path: environment["PATH"])
      ThisProcess.exit(with: report(error, to: terminal).rawValue)
    }
    StandardStreams.openMissing()
    BrokenPipes.ignore()
    FileSizeLimit.failWrites()
    if let error = invalidArgument() {
      ThisProcess.exit(with: report(error, to: terminal).rawValue)
    }
    let code = run(
      Array(arguments.dropFirst()), terminal: terminal, environment: environment,
      workingDirectory: ThisProcess.workingDirectory)
    UpdateHook.waitForAll()
    ThisProcess.exit(with: code.rawValue)
  }

  static func run(
    _ arguments: [String], terminal: Terminal, environment: [String: String],
    workingDirectory: String
  ) -> ExitCode {
    if arguments.first == MergeDriver.name {
      return mergeDriver(Array(arguments.dropFirst()), environment, terminal)
    }
    if arguments.first == CommandLineCompletion.name {
      let completion = CommandLineCompletion(
        Array(arguments.dropFirst()), environment: environment, workingDirectory: workingDirectory)
      try? terminal.print(completion.answer.text)
      return .done
    }
    do {
      let invocation = try parse(
        arguments, terminal: terminal, environment: environment,
        workingDirectory: workingDirectory)
      if invocation.has("--help") {
        try terminal.print(HelpText.text(of: invocation.command))
        return .done
      }
      return try invocation.command.run(invocation)
    } catch {
      return report(error, to: terminal)
    }
  }

  /// The first argument with bytes that are no UTF-8: as text it would have U+FFFD in their place.
  private static func invalidArgument() -> InvalidText? {
    for (index, argument) in (ProgramArguments.bytes ?? []).enumerated().dropFirst() {
      if let offset = argument[...].invalidUTF8Offset {
        return .invalidUTF8(field: "argument \(index)", offset: offset)
      }
    }
    return nil
  }

  /// The merge driver, which git runs, not people: in no help. 0 merged, 1 not.
  static func mergeDriver(
    _ arguments: [String], _ environment: [String: String], _ terminal: Terminal
  ) -> ExitCode {
    guard arguments.count == 4 || arguments.count == 5 else {
      return report(
        UsageError.missingArgument("BASE OURS THEIRS PATH", command: MergeDriver.name),
        to: terminal)
    }
    do {
      let isMerged = try MergeDriver.run(
        base: arguments[0], ours: arguments[1], theirs: arguments[2], path: arguments[3],
        isShownFirst: arguments.count == 5 ? true : nil,
        git: try? Git(inheriting: environment))
      return isMerged ? .done : .failed
    } catch {
      return report(error, to: terminal)
    }
  }

  private static func parse(
    _ arguments: [String], terminal: Terminal, environment: [String: String],
    workingDirectory: String
  ) throws -> Invocation {
    var name = arguments.first ?? "help"
    if name == "--help" || name == "-h" { name = "help" }
    if name == "--version" { name = "version" }
    guard let command = CommandDescription.named(name) else {
      let names = CommandDescription.all.flatMap { [$0.name] + $0.aliases }
      throw UsageError.unknownCommand(name, nearest: Nearest.matches(for: name, in: names))
    }
    let parsed = try ArgumentParser(
      command, calledAs: name, arguments: Array(arguments.dropFirst()))
    for option in CommandOption.unused where parsed.values[option.spellings[0]] != nil {
      terminal.say("note: \(option.spellings[0]) does nothing here")
    }
    return Invocation(
      command: command, calledAs: name, values: parsed.values, arguments: parsed.arguments,
      terminal: terminal, environment: environment, workingDirectory: workingDirectory)
  }

  /// The one place that words an error and gives it an exit code.
  static func report(_ error: any Error, to terminal: Terminal) -> ExitCode {
    if error is OutputClosed { return .done }
    // Whoever called it off knows.
    if case Interruption.cancelled = error { return .interrupted }
    let interrupted = (error as? Interruption).map(InterruptedWork.init)
    if let explained = interrupted ?? error as? any ExplainedError {
      terminal.say("error: \(explained.message)")
      if let hint = explained.hint { terminal.say("hint: \(hint)") }
      if let code = explained.code { terminal.say("code: \(code)") }
    } else {
      terminal.say("error: \(error)")
    }
    switch error {
    case is UsageError: return .usage
    case let error as WorkspaceError where error.isUnmetCondition: return .conditionNotMet
    default: return .failed
    }
  }
}

/// A system that does not tell a program what it was called with.
struct ArgumentsUnknown: ExplainedError {
  var message: String { "the arguments of this program cannot be read; nothing was done" }
  var hint: String? { "have /proc mounted where it runs" }
}
