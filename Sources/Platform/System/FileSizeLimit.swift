#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// SIGXFSZ, whose default kills a program that writes a file larger than its limit (`ulimit -f`).
package enum FileSizeLimit {
  /// Makes such a write fail with EFBIG instead, in the whole process and all that it starts, for good: a git that is
  /// killed leaves its lock on the person's configuration, one whose write fails removes it.
  package static func failWrites() { _ = signal(SIGXFSZ, SIG_IGN) }
}
