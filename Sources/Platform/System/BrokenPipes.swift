#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// SIGPIPE, whose default kills a program that writes to a child, or a client, that has gone.
package enum BrokenPipes {
  private static let ignored: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

  /// Makes such a write fail with EPIPE instead, in the whole process, for good.
  package static func ignore() { ignored }

  /// The same by a handler that does nothing: a program that this process starts inherits that a signal is
  /// ignored, and no handler.
  package static func catchAll() { signal(SIGPIPE) { _ in } }

  /// Runs `body` as if they were not ignored: a program that it starts would inherit that.
  package static func heeded<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = signal(SIGPIPE, SIG_DFL)
    defer { _ = signal(SIGPIPE, before) }
    return try body()
  }
}
