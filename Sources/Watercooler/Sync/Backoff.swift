internal import Platform

/// Waits between attempts: exponential with full jitter, in units of how long an attempt takes here,
/// so that a slow remote is not asked at the pace of a fast one.
struct Backoff {
  private var attempts = 0
  private var vagueFailures = 0
  private let began = ContinuousClock.now
  private var waited = Duration.zero

  /// Beyond this many doublings everybody has had a turn.
  private static let doublings = 4

  /// Whether to try again. A refusal without a reason is believed at the third.
  mutating func mayGoOn(isVague: Bool) -> Bool {
    if isVague { vagueFailures += 1 }
    return vagueFailures < 3
  }

  /// - Throws: `Interruption` when the deadline comes first.
  mutating func wait(until deadline: Deadline) throws(Interruption) {
    attempts += 1
    let worked = ContinuousClock.now - began - waited
    let attempt = max(.milliseconds(5), worked / attempts)
    let longest = attempt * (1 << min(attempts, Self.doublings))
    let pause = longest * Double.random(in: 0..<1)
    let end = ContinuousClock.now + pause
    while ContinuousClock.now < end {
      try deadline.check()
      let left = min(end - ContinuousClock.now, .milliseconds(50))
      if left > .zero { pauseThread(for: left) }
    }
    waited += pause
    try deadline.check()
  }
}
