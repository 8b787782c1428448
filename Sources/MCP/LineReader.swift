internal import Platform

/// Cuts what comes in into lines, looking at each byte once.
struct LineReader {
  enum Line: Equatable {
    /// A line without its end. What comes last may have none.
    case text([UInt8])
    /// A line that is longer than the limit; it is skipped, and never held as a whole.
    case tooLong
  }

  private let input: ClientStream
  private let limit: Int
  private var chunk = [UInt8](repeating: 0, count: 64 * 1024)
  /// The part of the chunk that was not looked at yet.
  private var unread = 0..<0
  /// The start of the current line, from earlier chunks.
  private var pending: [UInt8] = []
  private var isSkipping = false

  init(_ input: ClientStream, limit: Int) {
    self.input = input
    self.limit = limit
  }

  /// Waits for the next line. Returns `nil` at the end of the input.
  mutating func next() throws(SystemError) -> Line? {
    while true {
      if unread.isEmpty {
        unread = 0..<(try input.read(into: &chunk))
        if unread.isEmpty { return lastLine() }
      }
      let end = chunk[unread].firstIndex(of: UInt8(ascii: "\n"))
      let part = chunk[unread.lowerBound..<(end ?? unread.upperBound)]
      unread = (end.map { $0 + 1 } ?? unread.upperBound)..<unread.upperBound
      let wasSkipping = isSkipping
      isSkipping = end == nil && (isSkipping || pending.count + part.count > limit)
      if wasSkipping { continue }
      if pending.count + part.count > limit {
        pending = []
        return .tooLong
      }
      pending += part
      if end != nil { return takeLine() }
    }
  }

  private mutating func lastLine() -> Line? {
    pending.isEmpty ? nil : takeLine()
  }

  private mutating func takeLine() -> Line {
    // A new array, since a kept one would stay as large as the longest line.
    defer { pending = [] }
    return .text(pending)
  }
}
