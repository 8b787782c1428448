#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension FileStatus {
  /// How long ago what a path leads to was changed, by this machine's clock: negative where that was set back;
  /// nil where nothing can be looked at.
  static func age(of path: String) -> Duration? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let modified = info.modificationTime
    return .seconds(now.tv_sec - modified.tv_sec)
      + .nanoseconds(now.tv_nsec - modified.tv_nsec)
  }
}
