internal import Platform

/// A command of the user's that gets every entry that arrives from others, once for all processes of a
/// clone.
///
/// It never holds up what brought the entries, and its failure is nobody's but its own.
package final class UpdateHook: Sendable {
  /// The time that the command may take; then its whole process group ends.
  static let patience = Duration.seconds(10)

  private let command: String
  private let workspace: Workspace
  private let cancellation: Cancellation
  private let isBusy = Monitor(false)
  private let sync = Monitor<GitProcessSync?>(nil)

  /// Nil where none is configured, and in local mode, where nothing arrives.
  init?(of workspace: Workspace, cancellation: Cancellation) {
    guard workspace.isCloud, let command = workspace.configuration[.onUpdate] else { return nil }
    (self.command, self.workspace) = (command.text, workspace)
    self.cancellation = cancellation
  }

  /// Runs the command, on a thread of its own, if something has arrived that nobody has told of. Where the
  /// system has no thread to give, it is told the next time, by whoever asks then.
  func tell() {
    guard let sync = openSync(), sync.arrivals.hasAny else { return }
    let isFree = isBusy.withLock { isBusy in
      defer { isBusy = true }
      return !isBusy
    }
    // An entry that arrives while the command runs is told after it.
    if !isFree { return }
    Self.running.withLock { $0 += 1 }
    do throws(SystemError) {
      try startThread(named: "hook") { [self] in
        do {
          try tellArrivals(sync)
        } catch {
          Self.complain(error)
        }
        end()
      }
    } catch {
      end()
    }
  }

  private func end() {
    isBusy.withLock { $0 = false }
    Self.running.withLock { $0 -= 1 }
  }

  /// The clone; nil until it is made.
  private func openSync() -> GitProcessSync? {
    guard let deadline = try? workspace.configuration.deadline() else { return nil }
    if let sync = sync.read({ $0 }) { return sync.before(deadline) }
    guard let opened = try? workspace.openClone(deadline: deadline) else { return nil }
    sync.withLock { $0 = opened }
    return opened
  }

  /// Takes what arrived, and tells the command of it. What could not be told is put back, and told by
  /// whoever comes next.
  private func tellArrivals(_ sync: GitProcessSync) throws {
    let marks = sync.arrivals.take()
    if marks.isEmpty { return }
    var lines: [[UInt8]] = []
    let outcome = Result {
      let fresh = try workspace.asItIs(
        problem: nil, until: try workspace.configuration.deadline())
      for mark in marks { lines.append(try self.lines(of: mark, sync, fresh)) }
    }
    marks.dropFirst(lines.count).forEach(sync.arrivals.putBack)
    do {
      if lines.contains(where: { !$0.isEmpty }) { try run(lines.flatMap { $0 }) }
    } catch let error as HookError where !error.isStarted {
      marks.prefix(lines.count).forEach(sync.arrivals.putBack)
      throw error
    }
    try outcome.get()
  }

  /// The entries that arrived, but for those that the reader wrote elsewhere, each as a line of JSON.
  private func lines(
    of mark: ArrivalMark, _ sync: GitProcessSync, _ fresh: Workspace
  ) throws -> [UInt8] {
    let reader = try workspace.identity().agent
    var lines: [UInt8] = []
    for (file, entries) in try sync.arrivals.entries(brought: mark).sorted(by: { $0.key < $1.key })
    {
      guard let topic = Topic(fileName: file), let stored = try thread(topic, fresh) else {
        continue
      }
      let reading = try fresh.readings(of: [(stored.topic, stored.thread)])[0]
      let brought = Set(entries.filter { !$0.agent.answers(to: reader) }.map(\.identity))
      for index in reading.range where brought.contains(reading.thread.entries[index].identity) {
        lines += reading.line(of: index)
      }
    }
    return lines
  }

  /// A thread; nil for what is gone, or none any more.
  private func thread(_ topic: Topic, _ fresh: Workspace) throws -> ThreadStore.Stored? {
    do {
      return try fresh.store.readIfPresent(topic)
    } catch is StoreError {
      return nil
    }
  }

  private func run(_ lines: [UInt8]) throws {
    var environment = workspace.configuration.environment
    environment[Setting.directory.variable] = workspace.directory.remote?.root
    let deadline = Deadline.after(Self.patience, cancellation: cancellation)
    do {
      let result = try Command(
        "/bin/sh", ["-c", command], environment: environment, input: .bytes(lines),
        outputLimit: 64 << 10
      ).run(until: deadline)
      if !result.succeeded { throw HookError(result) }
    } catch let error as CommandError {
      if error.interruption == .cancelled { return }
      throw HookError(error)
    }
  }

  // MARK: - All of this process

  private static let running = Monitor(0)
  private static let hasComplained = Monitor(false)

  /// Waits for the commands that run, as a process that ends would not hold them to their time.
  package static func waitForAll() {
    _ = running.wait(until: .now + patience + .seconds(3)) { $0 == 0 ? true : nil }
  }

  /// Says on standard error what went wrong, the first time.
  private static func complain(_ error: any Error) {
    let isFirst = hasComplained.withLock { hasComplained in
      defer { hasComplained = true }
      return !hasComplained
    }
    guard isFirst, let text = (error as? any ExplainedError)?.description else { return }
    try? OpenFile.standardError.write(Bytes("warning: \(text.onOneLine)\n"))
  }
}

/// A hook that did not do what it was to.
package struct HookError: ExplainedError, Equatable {
  private let reason: String
  /// Whether the command may have got what it was to get.
  let isStarted: Bool

  init(_ result: CommandResult) {
    isStarted = true
    let words = result.stderr.split(separator: .lineFeed).first.map { ": \($0.string)" } ?? ""
    reason =
      switch result.status {
      case .exited(let code): "exit \(code)\(words)"
      case .signalled(let number): "ended by signal \(number)\(words)"
      }
  }

  init(_ error: CommandError) {
    isStarted =
      switch error {
      case .noExecutable, .notExecutable, .couldNotStart: false
      case .couldNotRead, .interrupted: true
      }
    reason =
      error.interruption == nil
      ? "\(error)" : "ended after \(UpdateHook.patience.components.seconds) seconds"
  }

  package var message: String { "the command of '\(Setting.onUpdate.key)' failed: \(reason)" }
  package var hint: String? {
    "it is not said again; try it by hand, with a line of JSON as its input"
  }
}
