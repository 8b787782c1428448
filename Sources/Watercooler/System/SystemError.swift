#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A system call that failed: what was tried, on which path, and why.
package struct SystemError: ExplainedError, Equatable {
  /// In the infinitive: `open`, `write`, `lock`.
  package let operation: String
  package let path: String
  /// The `errno`.
  package let code: Int32
  /// Whether what was at the path before is known to be there still.
  package let isUnchanged: Bool

  package init(
    _ operation: String, _ path: String, code: Int32 = errno, isUnchanged: Bool = false
  ) {
    (self.operation, self.path, self.code) = (operation, path, code)
    self.isUnchanged = isUnchanged
  }

  /// Whether it says that nothing is there, and nothing else.
  package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

  /// Whether it says that nothing may be written there.
  package var isRefusal: Bool { [EROFS, EACCES, EPERM].contains(code) }

  package var message: String {
    "cannot \(operation) \(path): \(String(cString: strerror(code)).lowercased())"
  }

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
