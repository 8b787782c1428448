internal import Platform

/// Sorts a command's arguments into options and the rest.
///
/// `--name value`, `--name=value`, `-n value` and `-nvalue` are the same; `--` ends the options; `-`
/// alone is an argument.
struct ArgumentParser {
  let command: CommandDescription
  /// The name that it was called by, for errors.
  private let name: String
  private(set) var values: [String: [String]] = [:]
  private(set) var arguments: [String] = []

  init(
    _ command: CommandDescription, calledAs name: String? = nil, arguments: [String]
  ) throws(UsageError) {
    (self.command, self.name) = (command, name ?? command.name)
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        self.arguments += rest
        break
      }
      if argument.hasPrefix("-"), argument != "-" {
        try take(option: argument, rest: &rest)
      } else {
        self.arguments.append(argument)
      }
    }
    if values["--help"] == nil { try checkArguments() }
  }

  private mutating func take(
    option argument: String, rest: inout ArraySlice<String>
  ) throws(UsageError) {
    var (name, attached) = (argument, String?.none)
    if argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") {
      name = String(argument[..<equals])
      attached = String(argument[argument.index(after: equals)...])
    } else if !argument.hasPrefix("--"), argument.count > 2 {
      name = String(argument.prefix(2))
      attached = String(argument.dropFirst(2))
    }
    let options = command.options + CommandOption.common + [.registry] + CommandOption.unused
    guard let option = options.first(where: { $0.spellings.contains(name) }) else {
      let known = options.filter { !$0.isUnused }.flatMap(\.spellings)
      throw .unknownOption(
        name, command: self.name, nearest: Nearest.matches(for: name, in: known))
    }
    let value: String
    if option.value == nil {
      if attached != nil { throw .unwantedValue(option: name) }
      value = ""
    } else if let given = attached ?? rest.popFirst() {
      value = given
    } else {
      throw .missingValue(option: name)
    }
    values[option.spellings[0], default: []].append(value)
  }

  private func checkArguments() throws(UsageError) {
    for (index, argument) in command.arguments.enumerated()
    where argument.isRequired && index >= arguments.count {
      throw .missingArgument(argument.name, command: name)
    }
    let isOpen = command.arguments.last?.isRepeated ?? false
    if !isOpen, arguments.count > command.arguments.count {
      throw .extraArgument(arguments[command.arguments.count], command: name)
    }
  }
}
