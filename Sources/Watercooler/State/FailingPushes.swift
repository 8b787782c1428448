internal import Platform

/// How often pushes have ended in the same way without anybody knowing why, since the last that was accepted.
struct FailingPushes: Sendable {
  fileprivate let note: NoteFile

  /// From when on, and from how many on, it is not taken for passing any more.
  private static let patience: Int64 = 600
  private static let most = 5

  /// Notes one more.
  /// - Returns: How many there were since when, once that is too much; nil before.
  func add(_ words: String) -> (count: Int, since: Timestamp)? {
    let words = words.onOneLine
    let now = Timestamp.now
    var (count, since) = (1, now.seconds)
    let fields = ((try? note.bytes) ?? [])[...].trimmed.string.split(separator: " ", maxSplits: 2)
    if fields.count == 3, fields[2] == words, let known = Int(fields[0]),
      let first = Int64(fields[1])
    {
      (count, since) = (known + 1, min(first, now.seconds))
    }
    try? note.write(Array("\(count) \(since) \(words)\n".utf8))
    let isTooMuch = count >= Self.most && now.seconds - since >= Self.patience
    return isTooMuch ? (count, Timestamp(seconds: since)) : nil
  }

  func clear() { try? note.clear() }
}

extension Clone {
  var failingPushes: FailingPushes { FailingPushes(note: note(.failing)) }
}
