#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The instructions of `posix_spawn` for a child: its descriptors, its group, its signals.
///
/// Not Foundation's `Process`. With that every rule of how a child is run could be met, but not the speed: in
/// a fresh process its first child costs 1.4 to 2.5 ms more (run loops and four threads), a quarter of the
/// time that `wc say` may take. It also returns late when a descendant lives on, and keeps a thread, a socket
/// and a zombie until then.
package struct SpawnPlan: ~Copyable {
  #if canImport(Darwin)
    private var attributes: posix_spawnattr_t?
    private var actions: posix_spawn_file_actions_t?
  #else
    private var attributes = posix_spawnattr_t()
    private var actions = posix_spawn_file_actions_t()
  #endif

  /// The descriptors that become the child's 0, 1 and 2.
  package init(input: Int32, output: Int32, error: Int32) {
    Self.endsAreTold
    posix_spawnattr_init(&attributes)
    posix_spawn_file_actions_init(&actions)
    setSignals()
    // A group of its own, so that what it starts can be ended with it.
    posix_spawnattr_setpgroup(&attributes, 0)
    for (number, target) in [(input, 0), (output, 1), (error, 2)] {
      posix_spawn_file_actions_adddup2(&actions, number, Int32(target))
    }
  }

  /// Has SIGCHLD be as it is by default: whoever started this program may have had it ignored, and then no
  /// status of a child is kept, and each answer of git would be lost.
  private static let endsAreTold: Void = {
    var action = sigaction()
    sigaction(SIGCHLD, &action, nil)
  }()

  deinit {
    var (attributes, actions) = (attributes, actions)
    posix_spawnattr_destroy(&attributes)
    posix_spawn_file_actions_destroy(&actions)
  }

  /// Has the child begin in this directory; returns an `errno`.
  private mutating func begin(in directory: String) -> Int32 {
    #if canImport(Darwin)
      return posix_spawn_file_actions_addchdir_np(&actions, directory)
    #else
      // Since glibc 2.29, but out of Swift's sight.
      typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>
      typealias AddChangeOfDirectory = @convention(c) (Actions, UnsafePointer<CChar>) -> Int32
      guard let symbol = dlsym(nil, "posix_spawn_file_actions_addchdir_np") else { return ENOSYS }
      return unsafeBitCast(symbol, to: AddChangeOfDirectory.self)(&actions, directory)
    #endif
  }

  /// No signal blocked, whatever this thread blocks, and none ignored: else SIGTERM would do nothing.
  private mutating func setSignals() {
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    // These two cannot be set, and Darwin refuses the whole set for them.
    sigdelset(&all, SIGKILL)
    sigdelset(&all, SIGSTOP)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    #if canImport(Darwin)
      flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
    #endif
    posix_spawnattr_setflags(&attributes, Int16(flags))
  }

  /// Starts the child; whoever does has to take note of its end (`ExitStatus.ofChild`).
  /// - Parameters:
  ///   - arguments: What follows the program's name.
  ///   - environment: All of it.
  ///   - directory: Where it begins; nil for where this process is.
  /// - Returns: The child's number, and its group's.
  package consuming func start(
    _ program: String, _ arguments: [String], environment: [String: String],
    in directory: String?
  ) throws(SystemError) -> Int32 {
    var arguments = ([program] + arguments).map { strdup($0) } + [nil]
    var environment = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for string in arguments + environment { free(string) } }
    var pid: pid_t = 0
    var code = directory.map { begin(in: $0) } ?? 0
    if code == 0 {
      code = Inheritance.none {
        posix_spawn(&pid, program, &actions, &attributes, &arguments, &environment)
      }
    }
    if code != 0 { throw SystemError("start", program, code: code) }
    return pid
  }
}
