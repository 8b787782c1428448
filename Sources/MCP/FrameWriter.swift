internal import Platform

/// Writes whole frames, each a line, in the order in which they were sent: a short one at once, where
/// nothing is in its way, the others from one thread.
///
/// The bytes that were sent and not yet written are bounded: past that, whoever sends waits, so that a
/// client that stops reading stops us too instead of filling our memory.
final class FrameWriter: Sendable {
  private struct State {
    var pending: [UInt8] = []
    /// The senders who want to know when the last byte of a frame is written, in that order.
    var confirmations: [Confirmation] = []
    /// Bytes that were ever queued, and those of them that the client has taken.
    var (queued, written) = (0, 0)
    /// Confirmations of which the last bytes are being written, or whose senders are being told.
    var unsettled = 0
    /// Confirmations whose senders are being told.
    var beingTold = 0
    /// Bytes taken from `pending` that the client may not have taken yet.
    var beingWritten = 0
    var piecesWritten = 0
    var isClosed = false
    /// Whether somebody waits until all is written.
    var isFlushing = false
    var peak = 0
  }

  /// Whom to tell that a frame is written.
  struct Confirmation: Sendable {
    /// The requests that the frame answers.
    let ids: [RequestID]
    let tell: @Sendable () -> Void
    /// Where the frame ends, among all bytes that were ever queued.
    fileprivate var end = 0

    init(for ids: [RequestID], tell: @escaping @Sendable () -> Void) {
      (self.ids, self.tell) = (ids, tell)
    }
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
  /// - Parameter confirmation: Told once all of the frame is written; never if it is not.
  func send(_ frame: JSON, confirmation: Confirmation? = nil, if isWanted: () -> Bool = { true }) {
    var line = frame.serialized()
    line.append(UInt8(ascii: "\n"))
    if sendAtOnce(line, confirmation, if: isWanted) { return }
    while true {
      let piecesWritten = state.read(\.piecesWritten)
      let isDone: Bool? = state.wait(until: .now + patience) {
        self.queue(line, confirmation, &$0, if: isWanted)
      }
      if isDone != nil { return }
      if state.read(\.piecesWritten) == piecesWritten, isClientGone() { close() }
    }
  }

  /// The longest frame that is short, in bytes: a pipe that takes anything takes so much whole, and so
  /// without waiting.
  private static let shortLength = 4096

  /// Writes a short frame on this thread if nothing waits before it and it need not wait: that spares
  /// two switches between threads, half of the time that an answer takes.
  private func sendAtOnce(
    _ line: [UInt8], _ confirmation: Confirmation?, if isWanted: () -> Bool
  ) -> Bool {
    guard line.count <= Self.shortLength else { return false }
    var (isOwn, isDone) = (false, false)
    state.change { state in
      guard !state.isClosed, state.pending.isEmpty, state.beingWritten == 0, output.isWritable
      else { return false }
      isDone = true
      isOwn = isWanted()
      if isOwn {
        state.beingWritten = line.count
        if confirmation != nil { state.unsettled += 1 }
      }
      return false
    }
    guard isOwn else { return isDone }
    trace?.record(.sent, lines: line)
    let isWritten = (try? output.write(line)) != nil
    state.change { state in
      state.beingWritten = 0
      state.piecesWritten += 1
      if confirmation != nil { state.beingTold += 1 }
      if !isWritten { state.isClosed = true }
      return state.isClosed || state.isFlushing || !state.pending.isEmpty
    }
    if let confirmation { settle(isWritten ? confirmation : nil) }
    return true
  }

  // MARK: - Confirmations

  /// Tells a sender, unless the frame was not written, or nobody wants its answers any more.
  private func settle(_ confirmation: Confirmation?) {
    confirmation?.tell()
    state.withLock { state in
      state.beingTold -= 1
      state.unsettled -= 1
    }
  }

  /// Waits until every sender knows of what the client may have got: it may act on it at once.
  func waitUntilSettled(until limit: ContinuousClock.Instant) {
    _ = state.wait(until: limit) { $0.unsettled == 0 ? true : nil }
  }

  /// The client has called this request off: an answer that is still queued is shown to nobody.
  func disown(_ id: RequestID) {
    state.withLock { state in state.confirmations.removeAll { $0.ids.contains(id) } }
  }

  /// Waits until everything that was sent is written, or cannot be. Returns whether it was in time.
  func flush(until limit: ContinuousClock.Instant) -> Bool {
    state.change { state in
      state.isFlushing = true
      return false
    }
    return state.wait(until: limit) { state in
      let isWritten = state.isClosed || (state.pending.isEmpty && state.beingWritten == 0)
      return isWritten && state.beingTold == 0 ? true : nil
    } ?? false
  }

  /// Drops what is queued and whatever is sent from now on.
  func close() {
    state.withLock { state in
      state.isClosed = true
      (state.pending, state.confirmations) = ([], [])
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
      // To the end of a frame whose sender wants to know, and no further: its reader may act on it
      // while the next one is not read.
      let (length, isEnd) = state.withLock { state -> (Int, Bool) in
        let end = state.confirmations.first.map { $0.end - state.written } ?? .max
        let length = min(64 * 1024, end, rest.count)
        if length == end { state.unsettled += 1 }
        return (length, length == end)
      }
      do { try output.write(Array(rest.prefix(length))) } catch {
        if isEnd { state.withLock { $0.unsettled -= 1 } }
        throw error
      }
      rest = rest.dropFirst(length)
      let confirmation: Confirmation? = state.withLock { state in
        state.written += length
        state.piecesWritten += 1
        if rest.isEmpty { state.beingWritten = 0 }
        guard isEnd else { return nil }
        state.beingTold += 1
        // Gone if it was disowned meanwhile.
        return state.confirmations.first?.end == state.written
          ? state.confirmations.removeFirst() : nil
      }
      if isEnd { settle(confirmation) }
    }
  }

  /// Nothing while there is no room, else whether the line goes out.
  private func queue(
    _ line: [UInt8], _ confirmation: Confirmation?, _ state: inout State, if isWanted: () -> Bool
  ) -> Bool? {
    let hasRoom = state.pending.isEmpty || state.pending.count + line.count <= capacity
    guard hasRoom || state.isClosed else { return nil }
    guard isWanted(), !state.isClosed else { return false }
    state.pending += line
    state.queued += line.count
    if var confirmation {
      confirmation.end = state.queued
      state.confirmations.append(confirmation)
    }
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
