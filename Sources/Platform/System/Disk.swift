#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The disk, or whatever else it is, that files are on.
package enum Disk {
  /// How many bytes this user can still write where a file is; nil where that cannot be told.
  package static func freeSpace(at path: String) -> UInt64? {
    var info = statvfs()
    guard statvfs(path, &info) == 0 else { return nil }
    return UInt64(info.f_bavail) * UInt64(info.f_frsize)
  }
}
