package import Platform

/// Git's configuration as it holds in one directory: every value, and where it stands.
package struct GitConfig: Sendable, Equatable {
  /// Which of git's files, or that it was a command line, a value comes from.
  package enum Scope: String, Sendable {
    case system, global, local, worktree, command
    /// A scope that this version of git names and we do not know.
    case unknown
  }

  /// One value of one key, and where it stands.
  package struct Setting: Sendable, Equatable {
    /// As git prints it: section and name in lower case, a subsection as it was written.
    package let key: String
    /// Nil for a key without `=`, which git takes for true.
    package let value: String?
    package let scope: Scope
    /// Such as `file:/home/alice/.gitconfig`.
    package let origin: String
  }

  /// All settings, in the order in which git reads them: the last one of a key wins.
  package let settings: [Setting]

  package init(settings: [Setting]) { self.settings = settings }

  /// The key's value; nil if it is not set, empty for a key without `=`.
  package func get(_ key: String) -> String? {
    setting(key).map { $0.value ?? "" }
  }

  /// Whether a key that is a switch is on: as git reads one, also where it stands without a value.
  func isTrue(_ key: String) -> Bool {
    guard let setting = setting(key) else { return false }
    guard let value = setting.value?.lowercased() else { return true }
    return ["true", "yes", "on"].contains(value) || Int(value).map { $0 != 0 } ?? false
  }

  /// The setting that decides over the key, or nil if it is not set.
  package func setting(_ key: String) -> Setting? {
    setting(normalized: Self.normalized(key))
  }

  /// The same for a key that is as git spells it.
  func setting(normalized key: String) -> Setting? { settings.last { $0.key == key } }

  /// Git's rule: all before the first dot and after the last in lower case, a subsection kept.
  static func normalized(_ key: String) -> String {
    guard let first = key.firstIndex(of: "."), let last = key.lastIndex(of: ".") else {
      return key.lowercased()
    }
    return key[..<first].lowercased() + key[first..<last] + key[last...].lowercased()
  }
}

// MARK: - What git prints

extension GitConfig {
  /// Reads what `git config --list -z --show-scope --show-origin` prints.
  ///
  /// Three fields, each ended by NUL: scope, origin, and key LF value; a key without `=` has no LF. The
  /// last setting is the mark of a whole listing, and left out.
  init(output: [UInt8]) throws(GitError) {
    var settings = try Self.listed(output)
    guard let last = settings.popLast(), last.isListingMark else { throw Self.cutOff }
    self.settings = settings
  }

  /// Reads the same of one file, which has no such mark at its end.
  init(file output: [UInt8]) throws(GitError) { settings = try Self.listed(output) }

  private static func listed(_ output: [UInt8]) throws(GitError) -> [Setting] {
    let fields = try GitOutput.fields(output, reading)
    let settings = stride(from: 0, to: fields.count, by: 3).compactMap { start in
      Setting(fields[start...].prefix(3))
    }
    if fields.count != settings.count * 3 { throw cutOff }
    return settings
  }

  private static let reading = "reading the git configuration"
  private static let cutOff = GitError.unexpected(reading, "the list of settings is cut off")

  /// The setting that git is given in addition, and prints last of all.
  static let listingMark = (key: "watercooler.listing", value: "whole")
}

extension GitConfig.Setting {
  fileprivate init?(_ record: ArraySlice<String>) {
    let fields = Array(record)
    guard fields.count == 3 else { return nil }
    let setting = fields[2].split(
      separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      key: String(setting[0]), value: setting.count < 2 ? nil : String(setting[1]),
      scope: GitConfig.Scope(rawValue: fields[0]) ?? .unknown, origin: fields[1])
  }

  fileprivate var isListingMark: Bool {
    scope == .command && (key, value) == GitConfig.listingMark
  }
}

// MARK: - In a directory

extension Git {
  /// Reads the configuration that holds in a directory: one child.
  /// - Parameter isRoot: Whether a repository is right there: then git must say so. It leaves a repository's
  ///   configuration out, without a word, where it takes it for none, or for somebody else's.
  package func config(
    in directory: String, isRoot: Bool = false, until deadline: Deadline
  ) throws(GitError) -> GitConfig {
    let mark = "\(GitConfig.listingMark.key)=\(GitConfig.listingMark.value)"
    // The repository around it is not the one that is asked about.
    let git = isRoot ? adding(ceiling(of: directory)) : self
    let result = try git.run(
      ["-c", mark, "config", "--list", "-z", "--show-scope", "--show-origin"], in: directory,
      configuration: .asIs, until: deadline)
    guard result.succeeded, result.stdoutDiscarded == 0 else {
      throw .failed("reading the git configuration in \(directory)", result)
    }
    let config = try GitConfig(output: result.stdout)
    if !isRoot || config.settings.contains(where: { $0.scope == .local }) { return config }
    let inside = try git.run(
      ["rev-parse", "--git-dir"], in: directory, configuration: .asIs, until: deadline)
    if inside.succeeded { return config }
    let problem = GitError.failed("asking git for \(directory)", inside)
    guard problem.isNoRepository, Self.isOwn(directory + "/.git") else { throw problem }
    // A HEAD that is damaged, say: whose the clone is can be known all the same.
    let file = directory + "/.git/config"
    let listed = try git.run(
      ["config", "--file", file, "--list", "-z", "--show-scope", "--show-origin"],
      in: directory, configuration: .asIs, until: deadline)
    guard listed.succeeded, !listed.stdout.isEmpty else { throw problem }
    return GitConfig(settings: config.settings + (try GitConfig(file: listed.stdout)).settings)
  }

  /// Whether something belongs to this user: what a repository of another one configures is not for us to do.
  private static func isOwn(_ path: String) -> Bool {
    FileStatus.ifKnown(path)?.owner == ThisProcess.effectiveUser
  }

  /// The variable that keeps git from looking for a repository above a directory.
  func ceiling(of directory: String) -> [String: String] {
    ["GIT_CEILING_DIRECTORIES": (directory.realPath ?? directory).parentPath]
  }

  /// Sets a key in the own configuration of the repository that a directory is in.
  package func setConfig(
    _ key: String, to value: String, in directory: String, until deadline: Deadline
  ) throws(GitError) {
    let result = try run(
      ["config", "--local", "--replace-all", "--", key, value], in: directory,
      configuration: .asIs, until: deadline)
    if result.succeeded { return }
    // Git says the same exit code, 128, for everything fatal; one more child tells them apart.
    let inside = try run(
      ["rev-parse", "--git-dir"], in: directory, configuration: .asIs, until: deadline)
    if !inside.succeeded { throw .notARepository(directory) }
    throw .failed("setting \(key) in \(directory)", result)
  }
}
