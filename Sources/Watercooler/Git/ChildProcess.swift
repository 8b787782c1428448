internal import Platform
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
  let pid: Int32
  private let guarded = Mutex(Guarded())

  /// Whether it has ended by now.
  var state: State {
    guarded.withLock { guarded in
      if guarded.state == .running, !guarded.hasWaiter, let status = ExitStatus.ofChild(pid) {
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
    Self.leftBehind.reap()
    do throws(SystemError) {
      pid = try SpawnPlan(input: streams.stdin, output: streams.stdout, error: streams.stderr)
        .start(
          command.executable, command.arguments, environment: command.environment,
          in: command.workingDirectory)
    } catch {
      throw .couldNotStart(command.executable, reason: SystemError.words(of: error.code))
    }
    do throws(SystemError) {
      try startThread(named: "child") { [self] in
        let status = ExitStatus.ofChild(pid, waits: true)
        guarded.withLock { $0.state = .ended(status ?? .exited(-1)) }
        ended()
      }
    } catch {
      guarded.withLock { $0.hasWaiter = false }
    }
  }

  deinit { if state == .running { Self.leftBehind.add(pid) } }

  private static let leftBehind = UnreapedChildren()

  /// How long to wait, in milliseconds, before the state is asked again.
  func wait(atMost duration: Duration) -> Int32 {
    // Rounded up: a wait of 0 ms for the last fraction would spin.
    let milliseconds = Int32(min(duration / .milliseconds(1) + 1, 3_600_000))
    return guarded.withLock { $0.hasWaiter } ? milliseconds : min(milliseconds, 10)
  }

  /// Sends a signal to all of the group that is left.
  func signal(_ signal: ProcessSignal) { signal.send(toGroup: pid) }

  /// Whether the child has ended, and every descendant that stayed in its group.
  ///
  /// One that has ended counts, even while whoever inherited it takes no note of that: the first process
  /// of a container often does so late, or never.
  var hasWholeGroupEnded: Bool {
    if case .running = state { return false }
    guard let isThere = ProcessSignal.reaches(group: pid) else { return false }
    return !isThere || !hasLivingMember
  }

  /// Whether a process of the group is alive, as far as can be told.
  private var hasLivingMember: Bool { ProcessList.ids?.contains(where: isLivingMember) ?? true }

  private func isLivingMember(_ process: Int32) -> Bool {
    do throws(SystemError) {
      let text = try FileDescriptor(opening: "/proc/\(process)/stat", for: .reading).readAll()
      // The name, in parentheses, may have anything in it; then: state, parent, group.
      guard let name = text.lastIndex(of: UInt8(ascii: ")")) else { return false }
      let fields = text[(name + 1)...].split(separator: UInt8(ascii: " ")).prefix(3)
        .map { String(decoding: $0, as: UTF8.self) }
      return fields.count == 3 && fields[2] == "\(pid)" && fields[0] != "Z" && fields[0] != "X"
    } catch {
      // It has ended by now, or is a stranger's. Anything else says nothing about it.
      return !(error.isNotFound || error.isNoProcess || error.isDenied)
    }
  }
}

/// Children that did not end in time and that no thread waits for: nobody else takes note of their end,
/// so each new child's start does.
private final class UnreapedChildren: Sendable {
  private let children = Mutex<[Int32]>([])

  func add(_ pid: Int32) { children.withLock { $0.append(pid) } }

  func reap() {
    children.withLock { $0.removeAll { ExitStatus.ofChild($0) != nil } }
  }
}
