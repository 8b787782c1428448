#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The permission bits of a file, as chmod(1) has them: `0o600`, say.
package typealias FilePermissions = UInt16

/// Which file it is, by whatever path: no other that is there at the same time has the same.
package struct FileIdentity: Sendable, Hashable {
  package let device: UInt64
  package let inode: UInt64
}

/// The status of what is at a path, told apart from what could not be looked at: only a path that leads
/// nowhere is an absence. Whoever takes another error for one writes over what is there, or sends it nowhere.
package struct FileStatus: Sendable, Equatable {
  /// The kind of a file; `link` only where links were not followed.
  package enum Kind: Sendable {
    case file, directory, link
    /// A pipe, a socket, a device.
    case other
  }

  package let kind: Kind
  /// In bytes.
  package let size: Int
  package let permissions: FilePermissions
  /// The number of the user that it belongs to.
  package let owner: UInt32
  package let identity: FileIdentity
  /// When its content was last changed, or was said to have been.
  package let modified: WallTime

  init(_ info: stat) {
    kind =
      switch info.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFLNK: .link
      default: .other
      }
    size = Int(info.st_size)
    permissions = FilePermissions(info.st_mode & 0o7777)
    owner = info.st_uid
    identity = FileIdentity(
      device: UInt64(truncatingIfNeeded: info.st_dev), inode: UInt64(info.st_ino))
    #if canImport(Darwin)
      modified = WallTime(info.st_mtimespec)
    #else
      modified = WallTime(info.st_mtim)
    #endif
  }

  /// The status of what a path leads to; nil where nothing is there.
  /// - Parameter followingLinks: False for the status of a link itself.
  /// - Throws: `SystemError` for whatever else keeps it from being looked at.
  package static func of(
    _ path: String, followingLinks: Bool = true
  ) throws(SystemError) -> FileStatus? {
    var info = stat()
    if (followingLinks ? stat(path, &info) : lstat(path, &info)) == 0 { return FileStatus(info) }
    let error = SystemError("look at", path)
    if error.isAbsence { return nil }
    throw error
  }

  /// Whether something is there.
  package static func exists(_ path: String) throws(SystemError) -> Bool { try of(path) != nil }

  /// Whether a directory is there.
  package static func isDirectory(_ path: String) throws(SystemError) -> Bool {
    try of(path)?.isDirectory ?? false
  }

  /// The status of what a path leads to; nil where nothing is there, and where it cannot be told.
  package static func ifKnown(_ path: String) -> FileStatus? { (try? of(path)).flatMap { $0 } }

  /// How long ago it was changed, by this machine's clock: negative where that was set back since.
  package var age: Duration { WallTime.now - modified }

  package var isDirectory: Bool { kind == .directory }
  package var isRegularFile: Bool { kind == .file }
  package var isLink: Bool { kind == .link }

  /// Whether others than its owner may do anything with it.
  package var isOpenToOthers: Bool { permissions & 0o077 != 0 }
}
