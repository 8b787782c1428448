/// Writes whole frames, each a line, in the order in which they were sent: a short one at once, where
/// nothing is in its way, the others from one thread.
///
/// What was sent and not yet written is bounded: past that, whoever sends waits, so that a client
/// that stops reading stops us too instead of filling our memory.
final class FrameWriter: Sendable {
  private struct State {
    var pending: [UInt8] = []
    /// Bytes taken from `pending` that the client may not have taken yet.
    var beingWritten = 0
    var piecesWritten = 0
    var isClosed = false
    /// Whether somebody waits until all is written.
    var isFlushing = false
    var peak = 0
  }

  private let output: ClientStream
  private let capacity: Int
  private let patience: Duration
  private let isClientGone: @Sendable () -> Bool
  private let trace: Trace?
  private let state = Monitor(State())

  /// `capacity` is in bytes; a single frame may be longer. A client that takes nothing for
  /// `patience`, and of which `isClientGone` is true then, will not take anything any more.
  init(
    _ output: ClientStream, capacity: Int, patience: Duration,
    isClientGone: @escaping @Sendable () -> Bool, trace: Trace?
  ) {
    self.output = output
    self.capacity = capacity
    self.patience = patience
    self.isClientGone = isClientGone
    self.trace = trace
  }

  /// Queues a frame once there is room, or drops it if the writer is closed.
  ///
  /// At that moment, and exactly once, `isWanted` is asked whether the frame is to go out at all.
  func send(_ frame: JSON, if isWanted: () -> Bool = { true }) {
    var line = frame.serialized()
    line.append(UInt8(ascii: "\n"))
    if sendAtOnce(line, if: isWanted) { return }
    while true {
      let piecesWritten = state.read(\.piecesWritten)
      let isDone: Bool? = state.wait(until: .now + patience) { self.queue(line, &$0, if: isWanted) }
      if isDone != nil { return }
      if state.read(\.piecesWritten) == piecesWritten, isClientGone() { close() }
    }
  }

  /// What a pipe takes whole, and so without waiting, if it takes anything.
  private static let shortLength = 4096

  /// Writes a short frame on this thread if nothing waits before it and it need not wait: that spares
  /// two switches between threads, half of the time that an answer takes.
  private func sendAtOnce(_ line: [UInt8], if isWanted: () -> Bool) -> Bool {
    guard line.count <= Self.shortLength else { return false }
    var (isOwn, isDone) = (false, false)
    state.change { state in
      guard !state.isClosed, state.pending.isEmpty, state.beingWritten == 0, output.isWritable
      else { return false }
      isDone = true
      isOwn = isWanted()
      if isOwn { state.beingWritten = line.count }
      return false
    }
    guard isOwn else { return isDone }
    trace?.record(.sent, lines: line)
    let isWritten = (try? output.write(line)) != nil
    state.change { state in
      state.beingWritten = 0
      state.piecesWritten += 1
      if !isWritten { state.isClosed = true }
      return state.isClosed || state.isFlushing || !state.pending.isEmpty
    }
    return true
  }

  /// Waits until everything that was sent is written, or cannot be. Returns whether it was in time.
  func flush(until limit: ContinuousClock.Instant) -> Bool {
    state.change { state in
      state.isFlushing = true
      return false
    }
    return state.wait(until: limit) { state in
      state.isClosed || (state.pending.isEmpty && state.beingWritten == 0) ? true : nil
    } ?? false
  }

  /// Drops what is queued and whatever is sent from now on.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.pending = []
    }
  }

  var isClosed: Bool { state.read(\.isClosed) }

  /// The most bytes that ever waited.
  var peak: Int { state.read(\.peak) }

  /// Writes until the writer is closed, or throws when the client takes no more and closes it.
  func run() throws(SystemError) {
    while let chunk = nextChunk() {
      trace?.record(.sent, lines: chunk)
      do { try write(chunk) } catch {
        close()
        throw error
      }
    }
  }

  /// Writes in pieces of what a pipe holds, so that a slow client is not taken for one that is gone.
  private func write(_ chunk: [UInt8]) throws(SystemError) {
    var rest = chunk[...]
    while !rest.isEmpty {
      try output.write(Array(rest.prefix(64 * 1024)))
      rest = rest.dropFirst(64 * 1024)
      state.withLock { $0.piecesWritten += 1 }
    }
    state.withLock { $0.beingWritten = 0 }
  }

  /// Nothing while there is no room, else whether the line goes out.
  private func queue(_ line: [UInt8], _ state: inout State, if isWanted: () -> Bool) -> Bool? {
    let hasRoom = state.pending.isEmpty || state.pending.count + line.count <= capacity
    guard hasRoom || state.isClosed else { return nil }
    guard isWanted(), !state.isClosed else { return false }
    state.pending += line
    state.peak = max(state.peak, state.pending.count)
    return true
  }

  /// Everything that is queued, once there is something; `nil` when the writer is closed.
  private func nextChunk() -> [UInt8]? {
    let chunk: [UInt8]? = state.wait { state in
      if state.isClosed { return [] }
      guard !state.pending.isEmpty, state.beingWritten == 0 else { return nil }
      let chunk = state.pending
      state.pending = []
      state.beingWritten = chunk.count
      return chunk
    }
    return chunk.flatMap { $0.isEmpty ? nil : $0 }
  }
}
