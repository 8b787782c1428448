#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A system call that failed: what was tried, on which path, and why.
package struct SystemError: ExplainedError, Equatable {
  /// In the infinitive: `open`, `write`, `lock`.
  package let operation: String
  /// The path on which it was tried, or the name of what has none: "a pipe", "standard input".
  package let path: String
  /// The `errno`.
  package let code: Int32
  /// Whether what was at the path before is known to be there still.
  package let isUnchanged: Bool

  /// - Parameter code: By default that of the call which has just failed on this thread.
  package init(
    _ operation: String, _ path: String, code: Int32 = errno, isUnchanged: Bool = false
  ) {
    (self.operation, self.path, self.code) = (operation, path, code)
    self.isUnchanged = isUnchanged
  }

  /// Whether it says that nothing is there, and nothing else.
  package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }
  /// Somebody else has made it already.
  package var isTaken: Bool { code == EEXIST }

  /// Whether it says that nothing may be written there.
  package var isRefusal: Bool { code == EROFS || isDenied }

  /// Whether it is of what is at the path, or of who may change that, and not of the whole disk.
  package var isOfPath: Bool {
    isDenied || isTaken || [EISDIR, ENOTDIR, ENOTEMPTY, ELOOP].contains(code)
  }

  package var message: String { "cannot \(operation) \(path): \(reason)" }

  /// Why, in a few lower-case words of the system's.
  package var reason: String { Self.words(of: code).lowercased() }

  /// Why, as the system words it.
  package static func words(of code: Int32) -> String { String(cString: strerror(code)) }

  package var hint: String? {
    switch code {
    case ENOSPC, EDQUOT:
      "free some space and try again" + (isUnchanged ? "; what was there is unchanged" : "")
    case EROFS: "have the file system mounted for writing, or choose another place with --dir"
    case EACCES, EPERM:
      "give yourself permission to it, or choose another place with --dir or WATERCOOLER_DIR"
    case EAGAIN: "too many threads or processes run: end some programs and try again"
    case EMFILE, ENFILE: "too many files are open: end some programs and try again"
    default: nil
    }
  }
}

// MARK: - Which one it is

extension SystemError {
  /// No such file, or a directory above it that is not there.
  package static let notFound = ENOENT
  /// Something is there, and it is no directory.
  package static let noDirectory = ENOTDIR
  /// This user may not.
  package static let denied = EACCES

  /// Whether there is no such file, or a directory above it is not there. Not where a file stands in the
  /// place of a directory.
  package var isNotFound: Bool { code == ENOENT }
  /// Whether this user may not.
  package var isDenied: Bool { code == EACCES || code == EPERM }
  /// Whether the two paths are on different file systems.
  package var isOtherFileSystem: Bool { code == EXDEV }
  /// Whether it is in use, as a place where something is mounted is.
  package var isBusy: Bool { code == EBUSY }
  /// Whether there is no such process.
  package var isNoProcess: Bool { code == ESRCH }
  /// Whether nobody reads the other end of a pipe any more.
  package var isBrokenPipe: Bool { code == EPIPE }

  /// Whether the call is to be made again: at once, or when there is something to read or room to write.
  var isForNow: Bool { code == EINTR || code == EAGAIN || code == EWOULDBLOCK }
}
