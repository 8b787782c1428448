internal import Platform

/// A conversation with a server that runs as a child, in lines: what a client does.
struct ServerSession: ~Copyable {
  private let wakeup: Wakeup
  private let child: ChildProcess
  private var streams: ChildStreams
  private var input: FileDescriptor?
  /// Offsets in its output: to where it was read as lines, and searched for their ends.
  private var (read, searched) = (0, 0)
  private var lastID = 0

  init(_ command: Command) throws {
    BrokenPipes.ignore()
    var command = command
    do {
      try command.check()
      let pipe = try PipeEnds()
      command.input = .descriptor(pipe.read.number)
      let wakeup = try Wakeup()
      var streams = try ChildStreams(input: command.input, limit: command.outputLimit)
      child = try ChildProcess(command, streams: streams.numbers) { wakeup.notify() }
      streams.childHasStarted()
      self.wakeup = wakeup
      self.streams = streams
      input = consume pipe.write
    } catch {
      throw SessionError.notStarted("\(error)")
    }
  }

  deinit {
    if case .running = child.state { child.signal(.kill) }
    wakeup.close()
  }

  /// Sends a request and waits for its result; everything else that comes is passed over.
  mutating func request(
    _ method: String, _ params: JSON = [:], within limit: Duration
  ) throws(SessionError) -> JSON {
    let deadline = Deadline.after(limit)
    lastID += 1
    send(["jsonrpc": "2.0", "id": JSON(lastID), "method": .string(method), "params": params])
    while true {
      guard let line = try line(answering: method, until: deadline) else {
        throw .late(method, limit, complaint)
      }
      guard let message = try? JSON(parsing: line), message["jsonrpc"] == "2.0" else {
        throw .noMessage(excerpt(line))
      }
      guard message["id"] == JSON(lastID), message["method"] == nil else { continue }
      if let result = message["result"] { return result }
      throw .refused(method, message["error"]?["message"]?.string ?? message.description)
    }
  }

  mutating func notify(_ method: String) {
    send(["jsonrpc": "2.0", "method": .string(method)])
  }

  /// Closes the server's input, and waits until it has ended.
  mutating func end(within limit: Duration) throws(SessionError) {
    let deadline = Deadline.after(limit)
    input = nil
    while case .running = child.state {
      guard !deadline.hasPassed else { throw .stays(complaint) }
      serve(until: deadline)
    }
    guard case .ended(let status) = child.state, status != .exited(0) else { return }
    streams.drain()
    throw .ended(status, "its input was closed", complaint)
  }

  private mutating func send(_ message: JSON) {
    // If nobody reads any more, the wait for the answer says why.
    try? input?.write(message.serialized() + [.lineFeed])
  }

  // MARK: - Reading

  /// The next line that is not blank; nil if none comes in time.
  private mutating func line(
    answering method: String, until deadline: Deadline
  ) throws(SessionError) -> Bytes? {
    while true {
      if let line = nextLine() {
        if line.isAllBlank { continue }
        return line
      }
      if case .ended(let status) = child.state {
        streams.drain()
        if hasMore { continue }
        throw .ended(status, "it answered \(method)", complaint)
      }
      if deadline.hasPassed { return nil }
      serve(until: deadline)
    }
  }

  private var hasMore: Bool { streams.stdout.bytes[searched...].contains(.lineFeed) }

  private mutating func nextLine() -> Bytes? {
    let output = streams.stdout.bytes
    guard let end = output[searched...].firstIndex(of: .lineFeed) else {
      searched = output.count
      return nil
    }
    defer { (read, searched) = (end + 1, end + 1) }
    return output[read..<end]
  }

  private mutating func serve(until deadline: Deadline) {
    streams.serve(orUntil: wakeup, milliseconds: child.wait(atMost: deadline.remaining))
  }

  /// The last words of the server on stderr.
  private var complaint: String {
    let words = streams.stderr.bytes[...].string.split(whereSeparator: \.isNewline)
      .suffix(5).joined(separator: "; ").onOneLine
    return String(Redaction.redact(words).suffix(1000))
  }

  private func excerpt(_ line: Bytes) -> String {
    String(Redaction.redact(line.string.onOneLine).prefix(200))
  }
}

/// The reason why a server could not be talked with.
package enum SessionError: ExplainedError, Equatable {
  case notStarted(String)
  /// Its status, the event that it ended before, and its last words on stderr.
  case ended(CommandResult.Status, String, String)
  case late(String, Duration, String)
  case noMessage(String)
  case refused(String, String)
  case stays(String)

  package var message: String {
    switch self {
    case .notStarted(let reason): reason
    case .ended(.exited(let code), let event, let words):
      "the server ended with exit code \(code) before \(event)\(Self.said(words))"
    case .ended(.signalled(let number), let event, let words):
      "the server was killed by signal \(number) before \(event)\(Self.said(words))"
    case .late(let method, let limit, let words):
      "the server did not answer \(method) within \(Self.seconds(limit)) s\(Self.said(words))"
    case .noMessage(let line): "the server printed what is no message: \(line)"
    case .refused(let method, let words): "the server refused \(method): \(words)"
    case .stays(let words): "the server goes on when its input is closed\(Self.said(words))"
    }
  }

  package var hint: String? {
    switch self {
    case .notStarted: "'\(programName) mcp install' writes the path of the server that is beside wc"
    case .noMessage: "whatever prints that must print it to stderr"
    case .late: "that is as long as the client waits"
    case .ended, .refused, .stays: nil
    }
  }

  private static func seconds(_ duration: Duration) -> String {
    let seconds = duration / .seconds(1)
    return seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
  }

  private static func said(_ words: String) -> String {
    words.isEmpty ? ", and said nothing" : ": \(words)"
  }
}
