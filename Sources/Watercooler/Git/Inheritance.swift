#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
internal import Synchronization

/// What a child gets by accident: every descriptor that is not close-on-exec.
enum Inheritance {
  private static let lock = Mutex(())

  /// Runs `body` while no child is being started.
  ///
  /// For making pipes: `pipe2` is out of Swift's sight, and a child that another thread starts in
  /// between would hold a stranger's standard input open until its own end.
  static func whileNoChildStarts<T>(_ body: () -> T) -> T { lock.withLock { _ in body() } }

  /// Runs `start`, which starts a child, with every descriptor of this process kept from it.
  static func none<T>(_ start: () -> T) -> T {
    lock.withLock { _ in
      #if !canImport(Darwin)
        sealDescriptors()
      #endif
      return start()
    }
  }

  /// Marks all descriptors but the standard ones: whoever started this process may have left some
  /// open, and a daemon of git's would keep them so. (Darwin has a flag of `posix_spawn` for it, and
  /// `closefrom` is out of Swift's sight.) Costs 20 µs.
  private static func sealDescriptors() {
    guard let directory = opendir("/proc/self/fd") else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let number = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { atoi($0) }
      }
      if number > 2 { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    }
  }
}
