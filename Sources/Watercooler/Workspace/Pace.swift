/// The time to wait from one contact with the remote to the next.
///
/// News brings it back to the start; while nothing comes it grows slowly, and while the remote is away
/// it doubles.
package struct Pace: Sendable, Equatable {
  /// The wait until the next contact.
  package private(set) var interval: Duration
  private let start: Duration
  private let growth: Double
  /// The longest wait while nothing comes, and while the remote is away.
  private let longest: Duration
  private let longestAway: Duration

  private init(start: Duration, growth: Double, longest: Duration, poll: Duration) {
    (interval, self.start, self.growth, self.longest) = (start, start, growth, longest)
    longestAway = poll * 8
  }

  /// For watching without an end.
  package static func watching(poll: Duration) -> Pace {
    Pace(start: poll, growth: 1.25, longest: poll * 4, poll: poll)
  }

  /// For somebody who waits: an answer often comes soon, or late.
  package static func waiting(poll: Duration) -> Pace {
    Pace(start: min(poll, .seconds(1)), growth: 1.2, longest: poll, poll: poll)
  }

  /// For somebody who says how often.
  package static func steady(_ poll: Duration) -> Pace {
    Pace(start: poll, growth: 1, longest: poll, poll: poll)
  }

  mutating func newsCame() { interval = start }

  mutating func nothingCame() {
    // After a failure it is not begun with what that had grown to.
    interval = min(longest, max(start, min(interval, longest)) * growth)
  }

  mutating func remoteWasAway() { interval = min(longestAway, interval * 2) }
}
