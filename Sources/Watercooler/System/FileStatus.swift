internal import Foundation

/// What is at a path, told apart from what could not be looked at: only a path that leads nowhere is an
/// absence. Whoever takes another error for one writes over what is there, or sends it nowhere.
enum FileStatus {
  /// What a path leads to; nil where nothing is there.
  /// - Parameter followingLinks: False for the status of a link itself.
  /// - Throws: `SystemError` for whatever else keeps it from being looked at.
  static func of(_ path: String, followingLinks: Bool = true) throws(SystemError) -> stat? {
    var status = stat()
    if (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 { return status }
    let error = SystemError("look at", path)
    if error.isAbsence { return nil }
    throw error
  }

  /// Whether something is there.
  static func exists(_ path: String) throws(SystemError) -> Bool { try of(path) != nil }

  /// Whether a directory is there.
  static func isDirectory(_ path: String) throws(SystemError) -> Bool {
    try of(path)?.isDirectory ?? false
  }
}

extension stat {
  var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
  var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
  var isLink: Bool { st_mode & S_IFMT == S_IFLNK }

  var modificationTime: timespec {
    #if canImport(Darwin)
      st_mtimespec
    #else
      st_mtim
    #endif
  }
}
