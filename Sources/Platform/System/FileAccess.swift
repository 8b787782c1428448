#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The ways to use what is at a path, each of which the system may refuse this user.
package struct FileAccess: OptionSet, Sendable {
  /// The mode that access(2) takes.
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// Nothing, but that something is there.
  package static let presence: FileAccess = []
  package static let reading = FileAccess(rawValue: R_OK)
  package static let writing = FileAccess(rawValue: W_OK)
  /// Running a file, or passing through a directory.
  package static let running = FileAccess(rawValue: X_OK)

  /// Why it is not to be had, now; nil where it is.
  package func refusal(at path: String) -> SystemError? {
    access(path, rawValue) == 0 ? nil : SystemError("use", path)
  }

  /// Whether it is to be had, now.
  package func isGranted(at path: String) -> Bool { refusal(at: path) == nil }
}
