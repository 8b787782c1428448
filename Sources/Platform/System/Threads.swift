#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
internal import Dispatch

/// Runs `body`, which may block, on a new thread.
///
/// Not Foundation's thread, which does not tell that there is none: then nothing runs, and whoever waits
/// for it waits for ever.
/// - Parameter patience: For how long a system that has no thread to give is asked again.
/// - Throws: `SystemError`; then `body` does not run, now or later.
package func startThread(
  named name: String, within patience: Duration = .zero, _ body: @escaping @Sendable () -> Void
) throws(SystemError) {
  let end = ContinuousClock.now + patience
  while true {
    let code = NewThread(name: name, body: body).start()
    if code == 0 { return }
    if code != EAGAIN || ContinuousClock.now >= end {
      throw SystemError("start", "a thread", code: code)
    }
    pauseThread(for: .milliseconds(20))
  }
}

/// Has this thread do nothing for a while, up to an hour; less where a signal comes.
package func pauseThread(for duration: Duration) {
  usleep(UInt32(min(max(.zero, duration), .seconds(3600)) / .microseconds(1)))
}

/// Does `body` for each number below `count`, as many at once as there are processors, and returns when all
/// are done.
package func inParallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
  DispatchQueue.concurrentPerform(iterations: count) { body($0) }
}

/// The name of a new thread and what it runs, handed to it when it begins.
private final class NewThread: Sendable {
  private let name: String
  private let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) { (self.name, self.body) = (name, body) }

  /// Returns an `errno`.
  func start() -> Int32 {
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    let code = pthread_attr_init(attributes)
    if code != 0 { return code }
    defer { pthread_attr_destroy(attributes) }
    pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
    // As much as the main thread has: Darwin gives others 512 KiB.
    pthread_attr_setstacksize(attributes, 8 << 20)
    let handed = Unmanaged.passRetained(self)
    #if canImport(Darwin)
      var thread: pthread_t?
      let failure = pthread_create(&thread, attributes, runThread, handed.toOpaque())
    #else
      var thread = pthread_t()
      let failure = pthread_create(&thread, attributes, runThread, handed.toOpaque())
    #endif
    if failure != 0 { handed.release() }
    return failure
  }

  func run() {
    setName()
    body()
  }

  /// For whoever looks at the threads of a process.
  private func setName() {
    #if canImport(Darwin)
      pthread_setname_np(name)
    #else
      // Out of Swift's sight; Linux takes 15 bytes.
      typealias SetName = @convention(c) (pthread_t, UnsafePointer<CChar>) -> Int32
      guard let symbol = dlsym(nil, "pthread_setname_np") else { return }
      _ = unsafeBitCast(symbol, to: SetName.self)(pthread_self(), String(name.prefix(15)))
    #endif
  }
}

/// The function in which a new thread begins: it is handed a `NewThread`.
private func runThread(_ handed: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let handed else { return nil }
  Unmanaged<NewThread>.fromOpaque(handed).takeRetainedValue().run()
  return nil
}
