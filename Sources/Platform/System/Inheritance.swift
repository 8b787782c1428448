#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
internal import Synchronization

/// The descriptors that a child gets by accident: all that are not close-on-exec.
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

  #if !canImport(Darwin)
    /// Marks all descriptors but the standard ones: whoever started this process may have left some
    /// open, and a daemon of git's would keep them so. (Darwin has a flag of `posix_spawn` for it.)
    private static func sealDescriptors() {
      // One call, out of Swift's sight, of Linux 5.11 and glibc 2.34; it asks no /proc.
      typealias CloseRange = @convention(c) (UInt32, UInt32, Int32) -> Int32
      let closeOnExec: Int32 = 4
      if let symbol = dlsym(nil, "close_range"),
        unsafeBitCast(symbol, to: CloseRange.self)(3, .max, closeOnExec) == 0
      {
        return
      }
      for number in openDescriptors ?? Array(3..<most) { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    }

    /// Those above the standard ones; nil where /proc does not tell.
    private static var openDescriptors: [Int32]? {
      let names = try? Directory.names(in: "/proc/self/fd", where: { Int32($0) != nil })
      let numbers = names?.compactMap { Int32($0) } ?? []
      return numbers.isEmpty ? nil : numbers.filter { $0 > 2 }
    }

    /// Above what can be open, or above what ever is: some systems allow a billion.
    private static var most: Int32 {
      var limit = rlimit()
      guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
        return 65536
      }
      return Int32(min(max(limit.rlim_cur, 3), 65536))
    }
  #endif
}
