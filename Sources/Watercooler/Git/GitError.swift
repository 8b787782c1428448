package import Platform

/// A failure of git itself, not of what it was asked for: that is in its exit code.
package enum GitError: Error, Equatable {
  case notInstalled
  case tooOld(GitVersion, path: String)
  case noDirectory(String)
  case notARepository(String)
  case command(CommandError)
  /// Somebody, or the system, ended it by a signal: what it was to do, and the signal's number. That is
  /// no answer, and says nothing of how far it got.
  case killed(String, Int32)
  /// Another git is in the way, or was.
  case locked(GitLock)
  /// A ref that is there, in a directory, and names no commit that can be read.
  case unreadableRef(String, String)
  /// Git answered what it should not have: what was asked, and how it ended.
  case failed(String, CommandResult)
  /// Git ended well, and what it printed is no answer: what was asked, and what is wrong with it.
  case unexpected(String, String)

  /// The words for what happened, in one lower-case line. What to do about it is not git's to say.
  package var message: String {
    switch self {
    case .notInstalled: "git is not in PATH"
    case .tooOld(let version, let path): "\(path) is git \(version)"
    case .noDirectory(let path): "there is no directory \(path)"
    case .notARepository(let path): "\(path) is not in a git repository"
    case .command(let error): "\(error)"
    case .killed(let command, let signal): "git \(command) was killed (signal \(signal))"
    case .locked(let lock): lock.what
    case .unreadableRef(let ref, let directory): "git cannot read \(ref) in \(directory)"
    case .failed(let doing, let result): Self.describe(doing, result)
    case .unexpected(let doing, let what):
      Redaction.redact("git gave no answer that can be used when \(doing): \(what)")
    }
  }

  /// The interruption that ended the child before its time; nil for every other error.
  package var interruption: Interruption? {
    if case .command(let error) = self { error.interruption } else { nil }
  }

  /// Whether it goes away by itself: with more time, or when others are done.
  package var isPassing: Bool {
    switch self {
    case .killed, .locked: true
    default: interruption != nil
    }
  }

  /// Whether the system refused git something that it needs.
  var isRefused: Bool {
    if case .failed(_, let result) = self { result.isRefused } else { false }
  }

  /// Whether git found no repository, and so did nothing.
  var isNoRepository: Bool {
    guard case .failed(_, let result) = self else { return false }
    return result.stderr[...].lines.contains { $0.starts(with: "fatal: not a git repository".utf8) }
  }

  /// Git's own words in one line, with no secret in them.
  private static func describe(_ doing: String, _ result: CommandResult) -> String {
    let ending =
      switch result.status {
      case .exited(let code): "exit code \(code)"
      case .signalled(let number): "signal \(number)"
      }
    let words = String(decoding: result.stderr, as: UTF8.self)
      .split(whereSeparator: \.isNewline).joined(separator: "; ")
    return Redaction.redact("\(doing) failed (\(ending))\(words.isEmpty ? "" : ": \(words)")")
  }
}
