#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A directory by its path: what is in it, and how it comes and goes.
package enum Directory {
  /// The names of its entries, in no order, without a look at each file; not those of itself and of the one
  /// above.
  /// - Parameter isWanted: Called with each; the others are left out.
  /// - Throws: `SystemError`, also where only a part of it could be listed.
  package static func names(
    in path: String, where isWanted: (String) -> Bool = { _ in true }
  ) throws -> [String] {
    guard let stream = opendir(path) else { throw SystemError("list", path) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      // The end of the list and an error look alike: only the second sets this.
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != "..", isWanted(name) { names.append(name) }
    }
    if errno != 0 { throw SystemError("list", path) }
    return names
  }

  /// Makes the directory, and those above it, where it is not there.
  package static func make(_ path: String) throws(SystemError) {
    if mkdir(path, 0o777) == 0 { return }
    var error = SystemError("make the directory", path)
    let parent = path.parentPath
    if error.isNotFound, parent != path {
      try make(parent)
      if mkdir(path, 0o777) == 0 { return }
      error = SystemError("make the directory", path)
    }
    // Somebody else may have made it meanwhile.
    guard let status = try FileStatus.of(path) else { throw error }
    if !status.isDirectory {
      throw SystemError("make the directory", path, code: SystemError.noDirectory)
    }
  }

  /// Makes a directory in one that is there.
  /// - Returns: Whether it was made now: false where something has that name, and that may be a file.
  @discardableResult
  package static func makeOne(
    _ path: String, permissions: FilePermissions = 0o777
  ) throws(SystemError) -> Bool {
    if mkdir(path, mode_t(permissions)) == 0 { return true }
    if errno == EEXIST { return false }
    throw SystemError("make the directory", path)
  }

  /// Removes a directory in which nothing is.
  package static func removeEmpty(_ path: String) throws(SystemError) {
    if rmdir(path) != 0 { throw SystemError("remove", path) }
  }

  /// Removes what is at a path, and, of a directory, all that is in it. Links are not followed.
  /// - Throws: `SystemError`; then a part of it may be gone.
  package static func removeAll(_ path: String) throws {
    guard try FileStatus.of(path, followingLinks: false)?.isDirectory == true else {
      return try File.remove(path)
    }
    for name in try names(in: path) { try removeAll(path + "/" + name) }
    try removeEmpty(path)
  }
}
