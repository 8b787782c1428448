package import Platform

/// The system's git: the one place that builds its arguments and its environment.
package struct Git: Sendable {
  /// The configuration that a call sees.
  package enum Configuration: Sendable {
    /// The user's, with what `Git.overrides` sets: for every call that works.
    case overridden
    /// The user's alone: to read it, or to add to it.
    case asIs
  }

  /// The oldest version that can do all that is asked of it.
  package static let oldestVersion = GitVersion(major: 2, minor: 39)

  /// The settings of each call that works, whatever the user's configuration says.
  static let overrides = [
    // A hot call does no housekeeping, and leaves no daemon behind that does.
    "gc.auto=0",
    "maintenance.auto=false",
    // It starts a daemon, and `core.fsmonitor` may name a program of the repository's choice.
    "core.fsmonitor=false",
    // A user's hooks are meant for the user's own commits; one that fails or asks would stop ours.
    "core.hooksPath=/dev/null",
    // Thread files are bytes: no line ending is ever converted.
    "core.autocrlf=false",
    // Whether a thread may be run says nothing.
    "core.fileMode=false",
    // A thread renamed on one side must not be guessed to be another thread.
    "merge.renames=false",
    // An empty repository whose server does not tell its branch (ssh, before protocol 2): all who
    // clone it must begin the same one, whatever their own configuration says.
    "init.defaultBranch=main",
    // The text that we read and write is UTF-8, and a trailer has a colon.
    "i18n.commitEncoding=UTF-8",
    "i18n.logOutputEncoding=UTF-8",
    "trailer.separators=:",
    // Words about signatures would stand between the commits that are read.
    "log.showSignature=false",
    // A fetch's report is read, and the short form leaves names out.
    "fetch.output=full",
    // Few servers take a signature or an option with a push, and the others refuse the push. An empty
    // value empties the list.
    "push.gpgSign=false",
    "push.pushOption=",
    // A connection that carries less than 1 kB/s for 10 s is dead.
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=10",
  ]

  /// The path of the program.
  package let executable: String
  package let environment: GitEnvironment

  /// The first git in the inherited environment's PATH.
  package init(inheriting inherited: [String: String]) throws(GitError) {
    guard let executable = Self.executable(inPath: inherited["PATH"] ?? "/usr/bin:/bin") else {
      throw .notInstalled
    }
    self.executable = executable
    environment = GitEnvironment(inheriting: inherited)
  }

  private init(executable: String, environment: GitEnvironment) {
    (self.executable, self.environment) = (executable, environment)
  }

  /// The same git with more variables.
  func adding(_ variables: [String: String]) -> Git {
    Git(executable: executable, environment: environment.adding(variables))
  }

  /// The command that runs git with these arguments in this directory.
  func command(
    _ arguments: [String], in directory: String?, configuration: Configuration, input: Command.Input
  ) -> Command {
    // Not the child's working directory: a missing one would look like a missing program.
    var all = directory.map { ["-C", $0] } ?? []
    if configuration == .overridden { all += Self.overrides.flatMap { ["-c", $0] } }
    return Command(
      executable, all + arguments, environment: environment.variables, input: input)
  }

  /// Runs git and blocks this thread until it ends. Its exit code is the caller's to judge; one that
  /// was ended by a signal has none, and is an error.
  ///
  /// Without a directory it runs in this process's own.
  package func run(
    _ arguments: [String], in directory: String? = nil, configuration: Configuration = .overridden,
    input: Command.Input = .nothing, until deadline: Deadline
  ) throws(GitError) -> CommandResult {
    if let directory, !Self.isDirectory(directory) { throw .noDirectory(directory) }
    let result: CommandResult
    do {
      result = try command(arguments, in: directory, configuration: configuration, input: input)
        .run(until: deadline)
    } catch {
      throw .command(error)
    }
    if case .signalled(let signal) = result.status {
      throw .killed(Self.subcommand(arguments), signal)
    }
    if result.succeeded, result.inputLeft > 0 {
      throw .unexpected(
        "running 'git \(Self.subcommand(arguments))'", "it did not read all that it was given")
    }
    return result
  }

  /// The command among the arguments of git, after the options of git itself.
  private static func subcommand(_ arguments: [String]) -> String {
    var rest = arguments[...]
    while let option = rest.first, option.hasPrefix("-") {
      rest = rest.dropFirst(option == "-c" ? 2 : 1)
    }
    return rest.first ?? ""
  }

  /// Asks git for its version: a child of its own, so only where a failure wants an explanation.
  package func version(until deadline: Deadline) throws(GitError) -> GitVersion {
    let result = try run(["version"], configuration: .asIs, until: deadline)
    let text = String(decoding: result.stdout, as: UTF8.self)
    guard result.succeeded, let version = GitVersion(output: text) else {
      throw .failed("git version", result)
    }
    return version
  }

  /// Throws an error with what to do if git is older than what is needed.
  package func checkVersion(until deadline: Deadline) throws(GitError) {
    let version = try version(until: deadline)
    if version < Self.oldestVersion { throw .tooOld(version, path: executable) }
  }

  private static func executable(inPath path: String) -> String? {
    // Only absolute entries: an empty or relative one would run a file of the current directory.
    path.split(separator: ":").lazy.filter { $0.hasPrefix("/") }
      .map { "\($0)/git" }
      .first { isRegularFile($0) && FileAccess.running.isGranted(at: $0) }
  }

  private static func isRegularFile(_ path: String) -> Bool {
    FileStatus.ifKnown(path)?.isRegularFile == true
  }

  private static func isDirectory(_ path: String) -> Bool {
    FileStatus.ifKnown(path)?.isDirectory == true
  }
}
