// `posix_spawn` instead of Foundation's `Process`, in this file alone. With `Process` every rule of
// how a child is run could be met, but not the speed: in a fresh process its first child costs 1.4 to
// 2.5 ms more (run loops and four threads), a quarter of the time that `wc say` may take. It also
// returns late when a descendant lives on, and keeps a thread, a socket and a zombie until then.
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
internal import Synchronization

/// A child process and its group, from its start until it has been waited for.
final class ChildProcess: Sendable {
  enum State: Sendable, Equatable {
    case running
    case ended(CommandResult.Status)
  }

  private struct Guarded {
    var state = State.running
    /// Whether a thread waits for its end; else it is looked for when the state is asked.
    var hasWaiter = true
  }

  /// The child's, and its group's.
  let pid: pid_t
  private let guarded = Mutex(Guarded())

  /// Whether it has ended by now.
  var state: State {
    guarded.withLock { guarded in
      if guarded.state == .running, !guarded.hasWaiter, let status = Self.status(of: pid, WNOHANG) {
        guarded.state = .ended(status)
      }
      return guarded.state
    }
  }

  /// Starts the command, and calls `ended` on a thread of its own when the child itself has ended,
  /// whatever it leaves behind.
  ///
  /// Where the system has no thread to give, `ended` is not called: the state is to be asked, as often as
  /// `wait(atMost:)` says.
  init(
    _ command: Command, streams: ChildStreams.Numbers, ended: @escaping @Sendable () -> Void
  ) throws(CommandError) {
    Self.endsAreTold
    Self.leftBehind.reap()
    pid = try SpawnPlan(streams).start(command)
    do throws(SystemError) {
      try startThread(named: "child") { [self] in
        let status = Self.status(of: pid, 0)
        guarded.withLock { $0.state = .ended(status ?? .exited(-1)) }
        ended()
      }
    } catch {
      guarded.withLock { $0.hasWaiter = false }
    }
  }

  deinit { if state == .running { Self.leftBehind.add(pid) } }

  private static let leftBehind = UnreapedChildren()

  /// SIGCHLD as the system has it by default: whoever started this program may have had it ignored, and then
  /// no status of a child is kept, and each answer of git would be lost.
  private static let endsAreTold: Void = {
    var action = sigaction()
    sigaction(SIGCHLD, &action, nil)
  }()

  /// How long to wait, in milliseconds, before the state is asked again.
  func wait(atMost duration: Duration) -> Int32 {
    // Rounded up: a wait of 0 ms for the last fraction would spin.
    let milliseconds = Int32(min(duration / .milliseconds(1) + 1, 3_600_000))
    return guarded.withLock { $0.hasWaiter } ? milliseconds : min(milliseconds, 10)
  }

  /// Sends a signal to all of the group that is left.
  func signal(_ signal: Int32) { kill(-pid, signal) }

  /// Whether the child has ended, and every descendant that stayed in its group.
  ///
  /// One that has ended counts, even while whoever inherited it takes no note of that: the first process
  /// of a container often does so late, or never.
  var hasWholeGroupEnded: Bool {
    if case .running = state { return false }
    if kill(-pid, 0) != 0 { return errno == ESRCH }
    return !hasLivingMember
  }

  /// Whether a process of the group is alive, as far as can be told.
  private var hasLivingMember: Bool { ProcessList.ids?.contains(where: isLivingMember) ?? true }

  private func isLivingMember(_ process: Int32) -> Bool {
    do throws(SystemError) {
      let text = try FileDescriptor(opening: "/proc/\(process)/stat", flags: O_RDONLY).readAll()
      // The name, in parentheses, may have anything in it; then: state, parent, group.
      guard let name = text.lastIndex(of: UInt8(ascii: ")")) else { return false }
      let fields = text[(name + 1)...].split(separator: UInt8(ascii: " ")).prefix(3)
        .map { String(decoding: $0, as: UTF8.self) }
      return fields.count == 3 && fields[2] == "\(pid)" && fields[0] != "Z" && fields[0] != "X"
    } catch {
      // It has ended by now, or is a stranger's. Anything else says nothing about it.
      return ![ENOENT, ESRCH, EACCES, EPERM].contains(error.code)
    }
  }

  /// How a child has ended; nil while it runs.
  fileprivate static func status(of pid: pid_t, _ options: Int32) -> CommandResult.Status? {
    var status: Int32 = 0
    let found = retryingInterrupts { waitpid(pid, &status, options) }
    if found == 0 { return nil }
    // Whoever ignores SIGCHLD for the whole process has no status to give.
    if found < 0 { return .exited(-1) }
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
  }
}

/// Children that did not end in time and that no thread waits for: nobody else takes note of their end,
/// so each new child's start does.
private final class UnreapedChildren: Sendable {
  private let children = Mutex<[pid_t]>([])

  func add(_ pid: pid_t) { children.withLock { $0.append(pid) } }

  func reap() {
    children.withLock { $0.removeAll { ChildProcess.status(of: $0, WNOHANG) != nil } }
  }
}

/// What `posix_spawn` is told about a child: its descriptors, its group, its signals.
private struct SpawnPlan: ~Copyable {
  #if canImport(Darwin)
    private var attributes: posix_spawnattr_t?
    private var actions: posix_spawn_file_actions_t?
  #else
    private var attributes = posix_spawnattr_t()
    private var actions = posix_spawn_file_actions_t()
  #endif

  init(_ streams: ChildStreams.Numbers) {
    posix_spawnattr_init(&attributes)
    posix_spawn_file_actions_init(&actions)
    setSignals()
    // A group of its own, so that what it starts can be ended with it.
    posix_spawnattr_setpgroup(&attributes, 0)
    for (number, target) in [(streams.stdin, 0), (streams.stdout, 1), (streams.stderr, 2)] {
      posix_spawn_file_actions_adddup2(&actions, number, Int32(target))
    }
  }

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

  consuming func start(_ command: Command) throws(CommandError) -> pid_t {
    var arguments = ([command.executable] + command.arguments).map { strdup($0) } + [nil]
    var environment = command.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for string in arguments + environment { free(string) } }
    var pid: pid_t = 0
    var code = command.workingDirectory.map { begin(in: $0) } ?? 0
    if code == 0 {
      code = Inheritance.none {
        posix_spawn(&pid, command.executable, &actions, &attributes, &arguments, &environment)
      }
    }
    if code != 0 {
      throw .couldNotStart(command.executable, reason: String(cString: strerror(code)))
    }
    return pid
  }
}
