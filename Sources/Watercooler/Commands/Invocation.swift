internal import Platform

/// One call of a command: what was given, and where it runs.
package struct Invocation: Sendable {
  package let command: CommandDescription
  /// The name it was called by: a command's, or one of its aliases.
  package let calledAs: String
  /// The values of each option, by its first spelling; `""` for a switch.
  package let values: [String: [String]]
  /// Those by position; the options are not among them.
  package let arguments: [String]
  package let terminal: Terminal
  package let environment: [String: String]
  /// The absolute path by which relative ones are read; empty where the system does not say.
  package let workingDirectory: String

  /// The last value of an option.
  func value(_ option: String) -> String? { values[option]?.last }

  func has(_ option: String) -> Bool { values[option] != nil }

  /// A number that an option gives.
  func number(_ option: String) throws -> Int? {
    guard let text = value(option) else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw UsageError.badValue(option: option, value: text, expected: "a whole number from 0 on")
    }
    return number
  }

  var configuration: Configuration {
    var flags: [Setting: String] = [:]
    flags[.directory] = value("--dir")
    flags[.registry] = value("--agents-file")
    return Configuration(
      flags: flags, environment: environment, workingDirectory: workingDirectory)
  }

  func workspace() throws -> Workspace {
    var workspace = try Workspace(configuration, host: .terminal)
    workspace.allowsSecrets = allowsSecrets
    return workspace
  }

  /// Whether a person knows that what looks like a secret is none.
  var allowsSecrets: Bool { has(CommandOption.allowSecret.spellings[0]) }

  /// Prints a result: as JSON where that was asked for, else as text.
  ///
  /// The JSON is one object; `version` changes when a name in it does.
  func print(_ text: @autoclosure () -> String, json: @autoclosure () -> [JSON.Member]) throws {
    if has("--json") {
      let object = JSON.object([JSON.Member("version", 1)] + json())
      try terminal.print(object.indented() + "\n")
    } else {
      try terminal.print(text())
    }
  }
}

/// A command line that means nothing; exit code 2.
package enum UsageError: ExplainedError, Equatable {
  case unknownCommand(String, nearest: [String])
  case unknownOption(String, command: String, nearest: [String])
  case missingValue(option: String)
  case unwantedValue(option: String)
  case missingArgument(String, command: String)
  case extraArgument(String, command: String)
  case unwantedTogether(String, String)
  case badValue(option: String, value: String, expected: String)

  package var message: String {
    switch self {
    case .unknownCommand(let name, _): "there is no command '\(name)'"
    case .unknownOption(let name, let command, _): "'\(command)' has no option '\(name)'"
    case .missingValue(let option): "option '\(option)' wants a value"
    case .unwantedValue(let option): "option '\(option)' takes no value"
    case .missingArgument(let name, let command): "'\(command)' wants \(name)"
    case .extraArgument(let text, let command): "'\(command)' does not take '\(text)'"
    case .unwantedTogether(let one, let other): "'\(one)' and '\(other)' do not go together"
    case .badValue(let option, let value, let expected):
      "'\(option)' is '\(value)', expected \(expected)"
    }
  }

  package var hint: String? {
    switch self {
    case .unknownCommand(_, let nearest), .unknownOption(_, _, let nearest):
      nearest.isEmpty
        ? "'\(programName) help' shows what there is"
        : "did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    case .missingArgument(_, let command), .extraArgument(_, let command):
      "'\(programName) help \(command)' shows how it is used"
    case .missingValue, .unwantedValue, .unwantedTogether, .badValue: nil
    }
  }
}
