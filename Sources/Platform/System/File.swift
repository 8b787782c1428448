#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A file by its path: what is done to it without opening it.
package enum File {
  /// Removes the name; what has the file open keeps it. A link goes, and not what it leads to.
  package static func remove(_ path: String) throws(SystemError) {
    if unlink(path) != 0 { throw SystemError("remove", path) }
  }

  /// Gives a file or a directory another path, in one step: what is there already is replaced, as far as it
  /// is a file, or an empty directory.
  /// - Parameter verb: What an error calls it.
  package static func move(
    _ path: String, to other: String, called verb: String = "move"
  ) throws(SystemError) {
    if rename(path, other) != 0 { throw SystemError(verb, path) }
  }

  /// Gives a file one more path, where nothing is yet, in the same file system.
  package static func makeHardLink(_ other: String, to path: String) throws(SystemError) {
    if link(path, other) != 0 { throw SystemError("link", other) }
  }

  /// Cuts off what a file, which is there, has beyond so many bytes.
  package static func cut(_ path: String, to size: Int) throws(SystemError) {
    if truncate(path, off_t(size)) != 0 { throw SystemError("write", path) }
  }

  /// Sets the permissions of what a path leads to, whatever the process's umask is.
  package static func setPermissions(
    _ permissions: FilePermissions, of path: String
  ) throws(SystemError) {
    if chmod(path, mode_t(permissions)) != 0 { throw SystemError("chmod", path) }
  }

  /// Has it be modified at a moment, by default now; its content stays.
  package static func touch(_ path: String, at moment: WallTime? = nil) throws(SystemError) {
    let code: Int32
    if let moment {
      code = utimensat(AT_FDCWD, path, [moment.inSystemForm, moment.inSystemForm], 0)
    } else {
      code = utimes(path, nil)
    }
    if code != 0 { throw SystemError("touch", path) }
  }
}
