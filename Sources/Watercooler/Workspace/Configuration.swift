package import Platform
internal import Synchronization

/// The settings as they hold for one call: flag, then environment, then git config, then default.
package final class Configuration: Sendable {
  /// The source of a value.
  package enum Origin: Sendable, Equatable, CustomStringConvertible {
    case flag
    case environment(variable: String)
    case gitConfig(scope: String, origin: String)
    case builtIn

    package var description: String {
      switch self {
      case .flag: "command line"
      case .environment(let variable): "environment variable \(variable)"
      case .gitConfig(let scope, let origin): "git config (\(scope)) \(origin)"
      case .builtIn: "default"
      }
    }
  }

  /// A setting's value as it was given, which is never empty, and its source.
  package struct Value: Sendable, Equatable {
    package let text: String
    package let origin: Origin
  }

  /// The working directory: where git config is read, and paths begin.
  package let workingDirectory: String
  /// The variables that settings are read from, and that git and other children inherit.
  package let environment: [String: String]
  private let flags: [Setting: String]
  /// When the call that these are for has to be done; nil for a command, which has its time from
  /// `deadline()`.
  private let limit: Deadline?
  private let gitConfigs: GitConfigCache
  private let own = Mutex(Own())

  private struct Own {
    /// The one of git's configurations that holds, of those that were read.
    var reading: GitConfigReading?
    /// The time that git was waited for since somebody last asked for a deadline.
    var spent = Duration.zero
  }

  /// - Parameters:
  ///   - flags: The settings that the command line gives; an empty one counts as not given.
  ///   - workingDirectory: An absolute path; empty where the system does not say it.
  package init(
    flags: [Setting: String] = [:],
    environment: [String: String] = ThisProcess.environment,
    workingDirectory: String = ThisProcess.workingDirectory
  ) {
    (self.flags, self.environment) = (flags, environment)
    self.workingDirectory = workingDirectory
    (limit, gitConfigs) = (nil, GitConfigCache())
  }

  private init(_ other: Configuration, until limit: Deadline) {
    (flags, environment, workingDirectory) = (
      other.flags, other.environment, other.workingDirectory
    )
    (self.limit, gitConfigs) = (limit, other.gitConfigs)
  }

  /// The settings for one call of a server, under whose deadline git is asked too.
  package func forCall(until deadline: Deadline) -> Configuration {
    Configuration(self, until: deadline)
  }

  /// A setting's value; nil if nothing sets it and it has no default. Empty is not set.
  package subscript(setting: Setting) -> Value? {
    if let value = given(setting) { return value }
    if let entry = gitConfig.setting(normalized: setting.gitKey), let text = entry.value,
      !text.isEmpty
    {
      let origin = Origin.gitConfig(scope: entry.scope.rawValue, origin: entry.origin)
      return Value(text: text, origin: origin)
    }
    return setting.fallback.map { Value(text: $0, origin: .builtIn) }
  }

  /// A setting's value as far as it is known without asking git.
  package func given(_ setting: Setting) -> Value? {
    if let text = flags[setting], !text.isEmpty { return Value(text: text, origin: .flag) }
    if let text = environment[setting.variable], !text.isEmpty {
      return Value(text: text, origin: .environment(variable: setting.variable))
    }
    return nil
  }

  /// A setting that is a positive number.
  /// - Throws: `ConfigurationError` for anything else.
  package func number(_ setting: Setting) throws -> Double {
    guard let value = self[setting] else { throw ConfigurationError.missing(setting) }
    return try Self.number(setting, value)
  }

  /// A setting that is a positive number, as far as it is known without asking git; nil where it is not.
  package func givenNumber(_ setting: Setting) throws -> Double? {
    try given(setting).map { try Self.number(setting, $0) }
  }

  private static func number(_ setting: Setting, _ value: Value) throws -> Double {
    // Beyond a billion (30 years, 1 GB) it is a slip, and would not fit where it is used.
    guard let number = Double(value.text), number > 0, number <= 1e9 else {
      throw ConfigurationError.noNumber(setting, value)
    }
    return number
  }

  /// A setting that is on or off.
  /// - Throws: `ConfigurationError` for anything else: a misspelt lock must not be an open one.
  package func isOn(_ setting: Setting) throws -> Bool {
    try self[setting].map { try Self.isOn(setting, $0) } ?? false
  }

  private static func isOn(_ setting: Setting, _ value: Value) throws -> Bool {
    switch value.text.lowercased() {
    case "1", "true", "yes", "on": return true
    case "0", "false", "no", "off": return false
    default: throw ConfigurationError.noSwitch(setting, value)
    }
  }

  /// The end of an operation's time: it begins now, less what git's configuration has taken already.
  package func deadline() throws -> Deadline {
    let time = Duration.seconds(try number(.timeout))
    if let limit { return limit.limited(to: time) }
    let spent = own.withLock { own in
      defer { own.spent = .zero }
      return own.spent
    }
    return .after(time - spent)
  }

  /// Git's configuration, read only when something asks for what no flag or variable says, and again
  /// only when the repository's file has changed: `wc init` may make a clone while a server runs.
  /// Empty where git is missing or fails: threads in local mode do without it.
  package var gitConfig: GitConfig { gitConfigReading.config }

  /// Why git's configuration could not be read; nil where it was.
  var gitConfigProblem: (any ExplainedError)? { gitConfigReading.problem }

  /// Makes sure that what git configures is known where threads are shared.
  /// - Throws: `UnknownPlace`.
  package func checkIsWhole() throws {
    guard let clone = try ThreadsDirectory.existingClone(self), let problem = gitConfigProblem
    else { return }
    throw try UnknownPlace(clone, problem, self)
  }

  private var gitConfigReading: GitConfigReading {
    if let reading = own.withLock({ $0.reading }), reading.isFresh { return reading }
    do {
      return read(of: try ThreadsDirectory.existingClone(self) ?? workingDirectory)
    } catch {
      return GitConfigReading(of: workingDirectory) { throw error }
    }
  }

  /// Has git's configuration be that of another directory: the threads', once they are found.
  func readGitConfig(of directory: String) {
    let reading = own.withLock { $0.reading }
    if let reading, reading.place == directory, reading.isFresh { return }
    _ = read(of: directory)
  }

  private func read(of place: String) -> GitConfigReading {
    let began = ContinuousClock.now
    let patience = Duration.seconds(min((try? givenNumber(.timeout)).flatMap { $0 } ?? 5, 5))
    let end = limit?.limited(to: patience) ?? .after(patience)
    let reading = gitConfigs.reading(of: place, until: end.instant) {
      GitConfigReading(of: place) {
        let isRoot = try FileStatus.of(place + "/.git", followingLinks: false) != nil
        return try Git(inheriting: environment).config(in: place, isRoot: isRoot, until: end)
      }
    }
    own.withLock { own in
      own.reading = reading
      own.spent += ContinuousClock.now - began
    }
    return reading
  }

  /// Makes sure that a value is one that a setting can have: every later command would fail otherwise.
  /// - Throws: `ConfigurationError`, `InvalidText`.
  private static func check(_ text: String, for setting: Setting) throws {
    if text.isEmpty { return }
    let value = Value(text: text, origin: .flag)
    switch setting {
    case .freshness, .poll, .timeout, .cloneTimeout, .bodyLimit, .titleLimit:
      _ = try number(setting, value)
    case .agentLock, .sshShare, .claudeChannel: _ = try isOn(setting, value)
    case .agent, .counterpart: _ = try Agent(text, field: setting.key)
    case .log where !["error", "warning", "info", "debug"].contains(text.lowercased()):
      throw ConfigurationError.noLevel(setting, value)
    case .onUpdate: break
    default: _ = try SingleLine(text, field: setting.key)
    }
  }

  /// Sets a key in the configuration of the repository that the threads are in, else of the one here.
  /// - Throws: `ConfigurationError` for a value that it cannot have; then nothing is set.
  package func set(_ setting: Setting, to value: String) throws {
    try Self.check(value, for: setting)
    let git = try Git(inheriting: environment)
    let place = try ThreadsDirectory.existingClone(self) ?? workingDirectory
    try git.setConfig(setting.gitKey, to: value, in: place, until: .after(.seconds(5)))
    forgetGitConfig()
  }

  /// Somebody has changed git's configuration: it is read again.
  func forgetGitConfig() {
    gitConfigs.forget()
    own.withLock { $0.reading = nil }
  }

  /// The user's directory, without a slash at its end: `HOME`, else what the system has; `/var/empty` where it has
  /// none.
  package var home: String {
    let given = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let home = given ?? UserAccount.own?.home ?? "/var/empty"
    return home.hasSuffix("/") ? String(home.dropLast()) : home
  }

  /// A path that somebody gave, from the root on; `~/`, which no shell expands after `=` or in JSON,
  /// is `HOME`.
  package func absolute(_ path: String) -> String {
    if path == "~" || path.hasPrefix("~/") { return home + path.dropFirst() }
    return path.hasPrefix("/") ? path : workingDirectory + "/" + path
  }
}

/// A setting that cannot be used.
package enum ConfigurationError: ExplainedError, Equatable {
  case missing(Setting)
  case noNumber(Setting, Configuration.Value)
  case noSwitch(Setting, Configuration.Value)
  case noLevel(Setting, Configuration.Value)
  case unknownKey(String, nearest: [String])
  case badRegistry(path: String, reason: String)
  case badSecret(Setting, path: String, reason: String)

  package var message: String {
    switch self {
    case .missing(let setting): "\(setting.key) is not set"
    case .noNumber(let setting, let value):
      "\(setting.key) is '\(value.text)' (\(value.origin)), expected a number above 0, at most a billion"
    case .noSwitch(let setting, let value):
      "\(setting.key) is '\(value.text)' (\(value.origin)), expected 1 or 0"
    case .noLevel(let setting, let value):
      "\(setting.key) is '\(value.text)' (\(value.origin)), expected error, warning, info or debug"
    case .unknownKey(let key, _): "there is no setting '\(key)'"
    case .badRegistry(let path, let reason): "the agent registry \(path) cannot be used: \(reason)"
    case .badSecret(let setting, let path, let reason):
      "the \(setting.key) \(path) cannot be used: \(reason)"
    }
  }

  package var hint: String? {
    switch self {
    case .missing(let setting):
      "set \(setting.variable), or '\(programName) config \(setting.key) VALUE'"
    case .noNumber(let setting, _):
      "set \(setting.variable), or '\(programName) config \(setting.key) NUMBER'"
    case .noSwitch(let setting, _): "set \(setting.variable) to 1 or 0"
    case .noLevel(let setting, _): "set \(setting.variable) to one of these"
    case .unknownKey(_, let nearest) where !nearest.isEmpty: "did you mean '\(nearest[0])'?"
    case .unknownKey: "'\(programName) config --show' lists them all"
    case .badRegistry:
      #"expected {"canonical": {"codex": "Codex"}, "counterpart": {"Codex": "Claude"}, "default_ball": "Team"}"#
    case .badSecret(_, let path, _): "it must be a file of yours alone: chmod 600 \(path)"
    }
  }
}
