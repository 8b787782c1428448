internal import Platform

/// One run of a command: a child, its streams, and the thread that blocks until there is a result.
struct CommandRun: ~Copyable {
  /// How long a process group may take to end after SIGTERM before it gets SIGKILL.
  private static let grace = Duration.milliseconds(500)
  /// How long the end after SIGKILL is waited for: a child in an uninterruptible system call (a
  /// network file system that hangs) must not take the caller with it.
  private static let patience = Duration.seconds(2)

  private let executable: String
  private let wakeup: Wakeup
  private var streams: ChildStreams
  private let child: ChildProcess

  /// Starts the child.
  init(_ command: Command) throws(CommandError) {
    executable = command.executable
    do {
      let wakeup = try Wakeup()
      var streams = try ChildStreams(input: command.input, limit: command.outputLimit)
      child = try ChildProcess(command, streams: streams.numbers) { wakeup.notify() }
      streams.childHasStarted()
      self.wakeup = wakeup
      self.streams = streams
    } catch let error as CommandError {
      throw error
    } catch {
      throw .couldNotStart(command.executable, reason: "\(error)")
    }
  }

  deinit { wakeup.close() }

  /// Serves the child until it ends by itself, or ends it.
  mutating func result(until deadline: Deadline) throws(CommandError) -> CommandResult {
    let wakeup = wakeup
    return try deadline.cancellation.withHandler({ wakeup.notify() }) { () throws(CommandError) in
      while true {
        if case .ended(let status) = child.state { return try result(status) }
        if let interruption = deadline.interruption { throw stop(because: interruption) }
        serve(atMost: deadline.remaining)
      }
    }
  }

  private mutating func result(
    _ status: CommandResult.Status
  ) throws(CommandError) -> CommandResult {
    streams.drain()
    if let failure = streams.failure { throw .couldNotRead(executable, reason: "\(failure)") }
    return CommandResult(
      status: status, stdout: streams.stdout.bytes, stderr: streams.stderr.bytes,
      stdoutDiscarded: streams.stdout.discarded, stderrDiscarded: streams.stderr.discarded,
      inputLeft: streams.inputLeft)
  }

  /// Ends the child's process group; returns the error that says so.
  private mutating func stop(because interruption: Interruption) -> CommandError {
    child.signal(.terminate)
    // A stopped process (one that asked a terminal in the background) takes SIGTERM once it goes on.
    child.signal(.goOn)
    // git's children remove their lock files at SIGTERM: they too get the time for it.
    serve(until: .after(Self.grace))
    child.signal(.kill)
    serve(until: .after(Self.patience))
    streams.drain()
    return .interrupted(executable, interruption, stderr: streams.stderr.bytes)
  }

  /// Serves the streams until nothing of the group is left. Its end makes no sound once the child
  /// itself is gone, so it is asked after every 10 ms.
  private mutating func serve(until deadline: Deadline) {
    while !child.hasWholeGroupEnded, !deadline.hasPassed { serve(atMost: .milliseconds(10)) }
  }

  /// Serves the streams once, when there is something to do for them or the child's state changed.
  private mutating func serve(atMost duration: Duration) {
    streams.serve(orUntil: wakeup, milliseconds: child.wait(atMost: duration))
  }
}
