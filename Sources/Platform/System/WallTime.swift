#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
  // To the compiler, `timespec` is a part of what it has read first: of this, where there is no Foundation.
  internal import SwiftOverlayShims
#endif

/// A moment by the clock on the wall, which people and the network set: to the nanosecond.
///
/// For what other processes and machines are told. Waits go by `ContinuousClock`.
package struct WallTime: Sendable, Equatable {
  /// Whole ones since 1970 (UTC), rounded down.
  package let seconds: Int64
  /// The nanoseconds beyond the whole seconds: 0 to 999,999,999.
  package let nanoseconds: Int64

  package static var now: WallTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(time)
  }

  init(_ time: timespec) {
    (seconds, nanoseconds) = (Int64(time.tv_sec), Int64(time.tv_nsec))
  }

  /// As the system's calls take it.
  var inSystemForm: timespec {
    timespec(tv_sec: numericCast(seconds), tv_nsec: numericCast(nanoseconds))
  }

  /// Whole milliseconds since 1970 (UTC).
  package var milliseconds: Int64 { seconds * 1000 + nanoseconds / 1_000_000 }

  /// Hours, minutes, seconds and milliseconds, UTC: `22:13:20.123`.
  package var timeOfDay: String {
    let time = CalendarTime(secondsSince1970: seconds)
    let parts = [time.hour, time.minute, time.second].map { Self.digits(Int64($0), 2) }
    return parts.joined(separator: ":") + "." + Self.digits(nanoseconds / 1_000_000, 3)
  }

  private static func digits(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// The time from `earlier` to `later`; negative where `later` comes first.
  package static func - (later: WallTime, earlier: WallTime) -> Duration {
    .seconds(later.seconds - earlier.seconds)
      + .nanoseconds(later.nanoseconds - earlier.nanoseconds)
  }

  /// The moment so long before.
  package static func - (moment: WallTime, duration: Duration) -> WallTime {
    let (seconds, attoseconds) = duration.components
    let rest = moment.nanoseconds - attoseconds / 1_000_000_000
    let whole = moment.seconds - seconds
    return switch rest {
    case ..<0: WallTime(seconds: whole - 1, nanoseconds: rest + 1_000_000_000)
    case 1_000_000_000...: WallTime(seconds: whole + 1, nanoseconds: rest - 1_000_000_000)
    default: WallTime(seconds: whole, nanoseconds: rest)
    }
  }

  private init(seconds: Int64, nanoseconds: Int64) {
    (self.seconds, self.nanoseconds) = (seconds, nanoseconds)
  }
}
