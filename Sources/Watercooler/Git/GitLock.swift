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
