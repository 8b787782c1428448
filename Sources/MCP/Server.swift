package import Platform

/// An MCP server on one pair of descriptors.
///
/// Three kinds of threads: a reader, which answers whatever needs no work; one for each call of a
/// tool; and a writer. The one that calls `run()` waits for the end, and so does one that ends
/// subscriptions then, as that may wait for the client.
package final class Server: Sendable {
  /// The bounds of what a client can make us hold, and of how long the start and the end may take.
  package struct Limits: Sendable {
    /// The longest line that is read, in bytes.
    package var line = 16 << 20
    package var callsInFlight = 64
    /// The bytes of replies that wait for the client to read them.
    package var queuedBytes = 1 << 20
    /// How long a client that closed its side may leave replies unread, before it is gone.
    package var patience = Duration.milliseconds(400)
    /// For how long a system that has no thread to give is asked again at the start. Clients wait
    /// that long for the first answer.
    package var starting = Duration.seconds(10)
    /// How long the end may take, four fifths of it for calls to finish by themselves. Clients kill
    /// a server that they are done with after two seconds.
    package var ending = Duration.milliseconds(1700)

    package init() {}
  }

  private enum Ending: Sendable {
    /// There are no further requests, and replies are still read.
    case inputEnded
    case stopped
    /// Nobody reads our replies.
    case clientGone
  }

  private let definition: ServerDefinition
  private let limits: Limits
  private let input: ClientStream
  private let writer: FrameWriter
  private let inFlight: CallsInFlight
  private let subscriptions: Subscriptions
  private let log: Log
  private let trace: Trace?
  private let ending = Monitor<Ending?>(nil)

  /// The descriptors stay the caller's, and must stay open until the process ends or the client has
  /// closed both.
  package init(
    _ definition: ServerDefinition, input: Int32, output: Int32, limits: Limits = Limits(),
    log: Log = Log(), trace: Trace? = nil
  ) {
    let input = ClientStream(number: input)
    self.definition = definition
    self.limits = limits
    self.input = input
    self.log = log
    self.trace = trace
    inFlight = CallsInFlight(limit: limits.callsInFlight)
    writer = FrameWriter(
      ClientStream(number: output), capacity: limits.queuedBytes, patience: limits.patience,
      isClientGone: { input.hasHungUp }, trace: trace)
    subscriptions = Subscriptions(definition, writer: writer)
  }

  /// Serves until the client closes its side, takes no more, or `stop()` is called. Then no new work
  /// is begun; what runs may finish, is called off if it takes too long, and the replies go out.
  ///
  /// A thread may be left that waits for the client; the process should exit.
  /// - Throws: `SystemError` where there are no threads to serve with; then nothing was read.
  package func run() throws(SystemError) {
    BrokenPipes.catchAll()
    FileSizeLimit.failWrites()
    try startThreads()
    let ending = waitForEnding()
    inFlight.close()
    let now = ContinuousClock.now
    if ending == .clientGone || !inFlight.waitUntilNone(until: now + limits.ending * 4 / 5) {
      inFlight.cancelAll()
      _ = inFlight.waitUntilNone(until: now + limits.ending)
    }
    let isFlushed = writer.flush(until: now + limits.ending)
    writer.close()
    log.write(.debug, "at most \(writer.peak) bytes waited for the client to read them")
    if inFlight.count > 0 || !isFlushed {
      log.write(.warning, "ended with \(inFlight.count) calls unfinished or replies unread")
    }
  }

  /// The reader comes last: once a request is read, there is a thread for all that its answer needs,
  /// but for its work.
  private func startThreads() throws(SystemError) {
    do throws(SystemError) {
      try startThread(named: "writer", within: limits.starting) { self.write() }
      try startThread(named: "closing", within: limits.starting) {
        _ = self.waitForEnding()
        self.inFlight.close()
        self.subscriptions.close(self.inFlight)
      }
      try startThread(named: "reader", within: limits.starting) { self.read() }
    } catch {
      writer.close()
      end(.stopped, "\(error)")
      throw error
    }
  }

  private func waitForEnding() -> Ending { ending.wait { $0 } ?? .stopped }

  /// Ends the server as if the client had closed its side. Any thread may call this.
  package func stop() { end(.stopped, "told to stop") }

  private func end(_ ending: Ending, _ reason: String) {
    let isFirst = self.ending.withLock { known in
      defer { known = known ?? ending }
      return known == nil
    }
    if isFirst { log.write(.info, "ending: \(reason)") }
  }

  private var isEnding: Bool { ending.read { $0 != nil } }

  private func read() {
    var conversation = Conversation(
      definition, writer: writer, inFlight: inFlight, subscriptions: subscriptions, log: log)
    var lines = LineReader(input, limit: limits.line)
    do {
      while !isEnding, let line = try lines.next(), !isEnding {
        switch line {
        case .text(let bytes):
          trace?.record(.received, lines: bytes)
          conversation.receive(bytes)
        case .tooLong:
          conversation.refuseLine(longerThan: limits.line)
        }
        if writer.isClosed { return end(.clientGone, "the client reads no more") }
      }
      end(.inputEnded, "the client closed its side")
    } catch {
      end(.inputEnded, "\(error)")
    }
  }

  private func write() {
    do {
      try writer.run()
      end(.clientGone, "the client reads no more")
    } catch {
      end(.clientGone, "\(error)")
    }
  }
}

extension Server {
  /// Serves the client at the other end of this process's standard input and output, until it
  /// closes them or the process is told to terminate.
  package static func serveStandardStreams(
    _ definition: ServerDefinition, limits: Limits = Limits(), log: Log, trace: Trace?
  ) throws(SystemError) {
    let streams = try StandardStreams.takeOver()
    let server = Server(
      definition, input: streams.input, output: streams.output, limits: limits, log: log,
      trace: trace)
    try TerminationSignal.whenReceived(within: limits.starting) { server.stop() }
    try server.run()
  }
}
