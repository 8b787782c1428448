/// How long a host wants to be left alone: what it says in `Retry-After`, with a status of 429 or 503.
struct RetryAfter: Sendable, Equatable {
  let until: Timestamp
  let status: Int

  /// A wrong header must not silence a clone for days.
  static let longest: Int64 = 3600

  /// - Parameter now: When the answer came, by this machine's clock.
  init?(_ trace: HTTPTrace, now: Timestamp = .now) {
    guard let status = trace.status, [429, 503].contains(status),
      let value = trace.headers["retry-after"]
    else { return nil }
    let seconds: Int64
    if !value.isEmpty, value.utf8.allSatisfy(\.isDigit) {
      seconds = Int64(value) ?? .max
    } else if let date = HTTPDate(value)?.time {
      // By the host's own clock, which need not be ours.
      let sent = trace.headers["date"].flatMap { HTTPDate($0)?.time } ?? now
      seconds = date.seconds - sent.seconds
    } else {
      return nil
    }
    if seconds <= 0 { return nil }
    // The current second is not over yet.
    until = Timestamp(seconds: now.seconds + min(seconds, Self.longest) + 1)
    self.status = status
  }

  private init?(note: Bytes, of host: String) {
    let words = note.string.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, let until = Int64(words[0]), let status = Int(words[1]),
      words[2] == host + "\n"
    else { return nil }
    (self.until, self.status) = (Timestamp(seconds: until), status)
  }

  private func note(of host: String) -> [UInt8] {
    Array("\(until.seconds) \(status) \(host)\n".utf8)
  }

  var problem: RemoteProblem {
    RemoteProblem(.leftAlone, detail: "\(until) (it answered \(status))")
  }

  /// Whether it still holds. A clock that was set back does not make it hold for longer than it could at
  /// first.
  fileprivate var holds: Bool {
    let left = until.seconds - Timestamp.now.seconds
    return left > 0 && left <= Self.longest + 1
  }
}

extension RetryAfter {
  /// The wish of a remote, as it is kept for every process of a clone.
  struct Note {
    let file: NoteFile
    /// The remote that it is about: another one, in its place, did not ask for it.
    let host: String

    /// The wish that is kept to now. A note that cannot be read is none: to ask too early does no harm.
    var current: RetryAfter? {
      guard let bytes = try? file.bytes, !bytes.isEmpty else { return nil }
      return RetryAfter(note: bytes[...], of: host).flatMap { $0.holds ? $0 : nil }
    }

    func keep(_ retryAfter: RetryAfter) {
      // Where it cannot be noted, the next command asks again, and is told again.
      try? file.write(retryAfter.note(of: host))
    }
  }
}
