internal import Platform

/// The words that may stand where somebody has typed half of one: asked for by the completion scripts of
/// the shells.
struct CommandLineCompletion {
  /// The command that the scripts run, in no help: `watercooler __complete PROGRAM WORD…`.
  static let name = "__complete"

  /// A word that fits, and what it is for.
  struct Candidate: Equatable {
    let word: String
    var summary = ""
  }

  /// The words that fit, and the names that the shell itself adds to them.
  struct Answer: Equatable {
    var candidates: [Candidate] = []
    var names = Names.none

    enum Names: String { case none, files, directories }

    /// A line for each: the word, a tab, what it is for. Before them the shell's part.
    var text: String {
      (names == .none ? "" : ":\(names.rawValue)\n")
        + candidates.map { "\($0.word)\t\($0.summary)\n" }.joined()
    }
  }

  private let program: String
  private let before: [String]
  private let current: String
  private let environment: [String: String]
  private let workingDirectory: String

  /// - Parameter arguments: The program's name, then the words up to the one that is being typed.
  init(_ arguments: [String], environment: [String: String], workingDirectory: String) {
    program = arguments.first ?? "watercooler"
    // Bash makes a word of its own of the "=" in "--role=tester".
    let words = arguments.dropFirst()
    current = words.last.map { $0 == "=" ? "" : $0 } ?? ""
    before = words.dropLast().filter { $0 != "=" }
    (self.environment, self.workingDirectory) = (environment, workingDirectory)
  }

  var answer: Answer {
    guard let name = before.first else { return firstWord }
    guard let command = CommandDescription.named(name) else {
      // Counted by the system's wc.
      return Answer(names: program == "wc" ? .files : .none)
    }
    var (place, index, isOnlyArguments) = (String?.none, 0, false)
    for word in before.dropFirst() {
      if place != nil {
        place = nil
      } else if word == "--", !isOnlyArguments {
        isOnlyArguments = true
      } else if let option = option(word, of: command), !isOnlyArguments {
        place = option.value
      } else if isOnlyArguments || !word.hasPrefix("-") || word == "-" {
        index += 1
      }
    }
    if let place { return fitting(place) }
    if current.hasPrefix("-"), !isOnlyArguments { return options(of: command) }
    let arguments = command.arguments
    guard let argument = index < arguments.count ? arguments[index] : arguments.last,
      index < arguments.count || argument.isRepeated
    else { return Answer() }
    return fitting(argument.name)
  }

  private var firstWord: Answer {
    let commands = CommandDescription.all.map { Candidate(word: $0.name, summary: $0.summary) }
    let options = [
      Candidate(word: "--help", summary: "show what the commands do"),
      Candidate(word: "--version", summary: "show the version"),
    ]
    let candidates = (current.hasPrefix("-") ? options : commands)
      .filter { $0.word.hasPrefix(current) }
    return Answer(candidates: candidates, names: program == "wc" ? .files : .none)
  }

  private func option(_ word: String, of command: CommandDescription) -> CommandOption? {
    (command.options + CommandOption.common).first { $0.spellings.contains(word) }
  }

  private func options(of command: CommandDescription) -> Answer {
    let options = command.options + CommandOption.common
    return Answer(
      candidates: options.flatMap { option in
        option.spellings.filter { $0.hasPrefix(current) }
          .map { Candidate(word: $0, summary: option.summary) }
      })
  }

  /// The words that fit a place, by the name that the help gives it.
  private func fitting(_ place: String) -> Answer {
    let completable: [String: Completable] = [
      "TOPIC": .topic, "AGENT": .agent, "ROLE": .role, "TYPE": .type, "STATUS": .status,
    ]
    if let what = completable[place] {
      let words = try? workspace?.completions(what, startingWith: current)
      return Answer(candidates: (words ?? []).map { Candidate(word: $0) })
    }
    switch place {
    case "FILE", "PATH": return Answer(names: .files)
    case "DIR": return Answer(names: .directories)
    case "COMMAND":
      return firstOf(CommandDescription.all.map { Candidate(word: $0.name, summary: $0.summary) })
    case "CLIENT": return firstOf(Host.all.map { Candidate(word: $0.name) })
    case "KEY": return firstOf(Setting.all.map { Candidate(word: $0.key, summary: $0.summary) })
    case "WHEN": return firstOf(["auto", "always", "never"].map { Candidate(word: $0) })
    // Words that stand for themselves: `config|install|test`, `drop`, `me`.
    case _ where place.first?.isLowercase == true:
      return firstOf(place.split(separator: "|").map { Candidate(word: String($0)) })
    default: return Answer()
    }
  }

  private func firstOf(_ candidates: [Candidate]) -> Answer {
    Answer(candidates: candidates.filter { $0.word.hasPrefix(current) })
  }

  /// The workspace in which the command would work; nil where it would fail.
  private var workspace: Workspace? {
    var flags: [Setting: String] = [:]
    for (option, value) in zip(before, before.dropFirst())
    where CommandOption.directory.spellings.contains(option) { flags[.directory] = value }
    let configuration = Configuration(
      flags: flags, environment: environment, workingDirectory: workingDirectory)
    return try? Workspace(configuration, host: .terminal, settles: false)
  }
}

extension CommandDescription {
  static let completion = CommandDescription(
    "completion", "print a completion script for a shell",
    details: [
      "bash  in ~/.bashrc: source <(\(programName) completion bash)",
      "zsh   in ~/.zshrc, after compinit: source <(\(programName) completion zsh)",
      "fish  \(programName) completion fish >~/.config/fish/completions/watercooler.fish",
    ],
    arguments: [.required("bash|zsh|fish")],
    examples: ["\(programName) completion bash", "\(programName) completion fish"]
  ) { invocation in
    guard let script = CompletionScript(rawValue: invocation.arguments[0]) else {
      throw UsageError.extraArgument(invocation.arguments[0], command: "completion")
    }
    try invocation.terminal.print(script.text)
    return .done
  }
}
