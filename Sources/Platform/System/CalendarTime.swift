#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A date and a time of day, UTC, as the calendar counts them: months and days from 1.
package struct CalendarTime: Sendable, Equatable {
  package var (year, month, day): (Int32, Int32, Int32)
  package var (hour, minute, second): (Int32, Int32, Int32)

  package init(
    year: Int32, month: Int32, day: Int32, hour: Int32, minute: Int32, second: Int32
  ) {
    (self.year, self.month, self.day) = (year, month, day)
    (self.hour, self.minute, self.second) = (hour, minute, second)
  }

  /// The date and the time of day of a moment; it may be before 1970.
  package init(secondsSince1970 seconds: Int64) {
    var fields = tm()
    var time = time_t(seconds)
    gmtime_r(&time, &fields)
    // The year of a moment that somebody made up may be more than fits.
    year = Int32(clamping: Int64(fields.tm_year) + 1900)
    (month, day) = (fields.tm_mon + 1, fields.tm_mday)
    (hour, minute, second) = (fields.tm_hour, fields.tm_min, fields.tm_sec)
  }

  /// A month, a day or an hour out of range counts on into the next.
  package var secondsSince1970: Int64 {
    var fields = tm()
    fields.tm_year = year - 1900
    fields.tm_mon = month - 1
    fields.tm_mday = day
    fields.tm_hour = hour
    fields.tm_min = minute
    fields.tm_sec = second
    return Int64(timegm(&fields))
  }
}
