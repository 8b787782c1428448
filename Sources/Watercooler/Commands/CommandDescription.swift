/// One command of `wc`: what parsing, help and running need to know of it.
package struct CommandDescription: Sendable {
  /// An argument by position.
  package struct Argument: Sendable {
    /// A kind of value in capitals, or the words that can stand there, such as `bash|zsh|fish`.
    package let name: String
    package let isRequired: Bool
    /// Whether it takes all the arguments from here on.
    package let isRepeated: Bool

    static func required(_ name: String) -> Argument {
      Argument(name: name, isRequired: true, isRepeated: false)
    }
    static func optional(_ name: String) -> Argument {
      Argument(name: name, isRequired: false, isRepeated: false)
    }
    static func several(_ name: String) -> Argument {
      Argument(name: name, isRequired: true, isRepeated: true)
    }
  }

  /// `wc help NAME`; the first of its names.
  package let name: String
  /// Other spellings: those of the Python CLI, so that scripts move over unchanged.
  package let aliases: [String]
  /// One line for the help, without a full stop.
  package let summary: String
  /// The lines of the help that the summary has no room for.
  package let details: [String]
  /// In the order in which they are given; only the last can be repeated.
  package let arguments: [Argument]
  /// Its own, beside those that every command takes.
  package let options: [CommandOption]
  /// The exit codes beside done, failed, usage, and those that go with an option.
  private let moreExits: [ExitCode]
  /// Two calls that show what it is for.
  package let examples: [String]
  /// Does the work.
  package let run: @Sendable (Invocation) throws -> ExitCode

  init(
    _ name: String, aliases: [String] = [], _ summary: String, details: [String] = [],
    arguments: [Argument] = [], options: [CommandOption] = [], exits: [ExitCode] = [],
    examples: [String], run: @escaping @Sendable (Invocation) throws -> ExitCode
  ) {
    (self.name, self.aliases, self.summary) = (name, aliases, summary)
    self.details = details
    (self.arguments, self.options, self.examples, self.run) = (arguments, options, examples, run)
    moreExits = exits
  }

  /// The exit codes that it may end with.
  package var exits: [ExitCode] {
    let spellings = Set(options.flatMap(\.spellings))
    let conditions: [ExitCode] = spellings.contains("--if-ball") ? [.conditionNotMet] : []
    let pushes: [ExitCode] = spellings.contains("--require-push") ? [.notPushed] : []
    return [.done, .failed, .usage] + conditions + pushes + moreExits
  }

  /// All of them, in the order of the help.
  package static let all: [CommandDescription] = [
    .initialise, .say, .acknowledge, .handOff, .status, .ball, .read, .list, .updates, .wait,
    .search, .sync, .outbox, .log, .stats, .doctor, .debug, .whoami, .config, .mcp, .completion,
    .reindex, .webExport, .initThread, .unlock, .help, .version,
  ]

  /// The command with this name or alias.
  package static func named(_ name: String) -> CommandDescription? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }
}

/// One option of a command.
package struct CommandOption: Sendable, Hashable {
  /// Every spelling; the first is what the code asks for.
  package let spellings: [String]
  /// The name of its value in the help, by which that is completed; nil for a switch.
  package let value: String?
  /// One line for the help, without a full stop.
  package let summary: String
  /// Whether it does nothing here: scripts of the Python CLI give it, and no help shows it.
  package let isUnused: Bool

  init(
    _ spellings: String..., value: String? = nil, isUnused: Bool = false, help summary: String
  ) {
    (self.spellings, self.value, self.summary) = (spellings, value, summary)
    self.isUnused = isUnused
  }

  /// The options that every command takes, in the help too.
  static let common: [CommandOption] = [directory, json, help]
  /// A file of the Python CLI that is the same here, and has a setting.
  static let registry = CommandOption(
    "--agents-file", value: "FILE", isUnused: true,
    help: "names and counterparts, as agent.registry")
  /// Those that every command takes, and that do nothing here.
  static let unused: [CommandOption] = ["--templates-dir", "--code-path"].map {
    CommandOption(
      $0, value: "PATH", isUnused: true, help: "accepted for the Python CLI, and not used")
  }
  static let directory = CommandOption(
    "--dir", "--threads-dir", value: "DIR", help: "the threads directory")
  static let json = CommandOption("--json", help: "print one JSON object")
  static let help = CommandOption("--help", "-h", help: "show this help")
  static let requirePush = CommandOption(
    "--require-push", help: "exit with 4 if it did not reach the remote; it is kept and sent later")
  static let allowSecret = CommandOption(
    "--allow-secret", help: "write what looks like a secret: you know that it is none")
  static let agent = CommandOption(
    "--as", "--agent", value: "AGENT", help: "who writes: Claude, or 'Claude (alice)'")
  static let reader = CommandOption(
    "--as", "--agent", value: "AGENT", help: "who reads: what is shown counts as seen by AGENT")
}

/// The exit codes of `wc`, each with one meaning.
package enum ExitCode: Int32, Sendable, CaseIterable {
  case done = 0
  case failed = 1
  case usage = 2
  /// `--if-ball` or `--expect` was not met, or nothing came while `wait` waited.
  case conditionNotMet = 3
  /// `--require-push` or `sync`: something is kept here and not in the remote.
  case notPushed = 4
  /// Ctrl-C, or a request to terminate, before anything was done: 128 and the number of SIGINT.
  case interrupted = 130

  /// In words, for the help.
  var meaning: String {
    switch self {
    case .done: "done"
    case .failed: "failed"
    case .usage: "wrong usage"
    case .conditionNotMet: "condition not met, or nothing came in time"
    case .notPushed: "kept here, not pushed"
    case .interrupted: "called off"
    }
  }
}
