/// A lock file of git's that is there: of a git that runs, or left by one that was killed, which would
/// be in the way for ever.
package struct GitLock: Sendable, Equatable {
  /// The lock file, not what is locked.
  package let path: String
  /// How long nobody has touched it.
  let age: Duration
  /// A process that may hold it; nil where no git is at work in the clone.
  let holder: Holder?

  package enum Holder: Sendable, Equatable {
    case process(Int)
    /// This system does not tell who is at work.
    case unknown
  }

  /// Whether it may go. Who made it may be on another machine, and not be seen: only after a while.
  var isStale: Bool { holder == nil && age > .seconds(10) }

  /// The words for who is in the way, as part of a sentence.
  var what: String {
    switch holder {
    case .process(let id): "git (process \(id)) is at work in this clone, and holds \(path)"
    case .unknown: "another git is at work in this clone, and holds \(path)"
    case nil: "a git that ended left \(path)"
    }
  }

  var mend: String {
    switch holder {
    case .process(let id): "try again when process \(id) has ended"
    case .unknown: "try again when it has ended; if none runs, remove that file"
    case nil: "try again in 10 seconds: a lock that no git holds goes by itself then"
    }
  }
}

extension CommandResult {
  /// The lock of another git that was in the way, if that is why it failed. What a remote says of its
  /// own locks is not ours to mend.
  var heldLock: String? {
    let lines = String(decoding: stderr, as: UTF8.self).split(whereSeparator: \.isNewline)
    let pattern = /Unable to create '(.+\.lock)': File exists/
    return lines.lazy.filter { !$0.hasPrefix("remote:") }
      .compactMap { line in line.firstMatch(of: pattern).map { String($0.1) } }.first
  }
}
