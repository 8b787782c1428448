#if THREAD_SANITIZER
  #if canImport(Darwin)
    internal import Darwin
  #else
    internal import Glibc
  #endif

  /// Stands for `Synchronization.Mutex` while the thread sanitizer watches (`scripts/sanitize thread`).
  ///
  /// A `Mutex` that is contended is handed over by the Linux kernel, which the sanitizer does not see: it
  /// takes all that is guarded by one for a race. It does see a lock of the C library.
  ///
  /// Sendable by hand, as a pointer is not: nothing reaches the value but under the lock.
  struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let value: UnsafeMutablePointer<Value>

    init(_ value: consuming sending Value) {
      pthread_mutex_init(lock, nil)
      self.value = .allocate(capacity: 1)
      self.value.initialize(to: value)
    }

    deinit {
      value.deinitialize(count: 1)
      value.deallocate()
      pthread_mutex_destroy(lock)
      lock.deallocate()
    }

    borrowing func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      pthread_mutex_lock(lock)
      defer { pthread_mutex_unlock(lock) }
      return try body(&value.pointee)
    }
  }
#endif
