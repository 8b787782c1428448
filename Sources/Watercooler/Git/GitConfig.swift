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
  /// Three fields, each ended by NUL: scope, origin, and key LF value; a key without `=` has no LF.
  /// An incomplete record at the end is left out.
  init(output: some Sequence<UInt8>) {
    let fields = Array(output).split(separator: 0, omittingEmptySubsequences: false)
    settings = stride(from: 0, to: fields.count - 3, by: 3).map { start in
      let setting = fields[start + 2].split(
        separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
      return Setting(
        key: String(decoding: setting[0], as: UTF8.self),
        value: setting.count < 2 ? nil : String(decoding: setting[1], as: UTF8.self),
        scope: Scope(rawValue: String(decoding: fields[start], as: UTF8.self)) ?? .unknown,
        origin: String(decoding: fields[start + 1], as: UTF8.self))
    }
  }
}

// MARK: - In a directory

extension Git {
  /// Reads the configuration that holds in a directory, in a repository or not: one child.
  package func config(in directory: String, until deadline: Deadline) throws(GitError) -> GitConfig
  {
    let result = try run(
      ["config", "--list", "-z", "--show-scope", "--show-origin"], in: directory,
      configuration: .asIs, until: deadline)
    guard result.succeeded, result.stdoutDiscarded == 0 else {
      throw .failed("reading the git configuration in \(directory)", result)
    }
    return GitConfig(output: result.stdout)
  }

  /// Sets a `watercooler.` key in the configuration of the repository that a directory is in.
  package func setConfig(
    _ key: String, to value: String, in directory: String, until deadline: Deadline
  ) throws(GitError) {
    guard GitConfig.normalized(key).hasPrefix("watercooler.") else { throw .foreignKey(key) }
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
