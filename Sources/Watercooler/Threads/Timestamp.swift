internal import Platform

/// A moment, in whole seconds since 1970 (UTC).
///
/// Printed as `2026-11-21T01:54:50Z`. Fractions (dropped) and offsets are read; a time without a
/// zone is UTC.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let seconds: Int64

  package init(seconds: Int64) { self.seconds = seconds }

  /// The present moment.
  package static var now: Timestamp { Timestamp(seconds: WallTime.now.seconds) }

  /// Reads an ISO 8601 date and time, all of the text; nil for anything else.
  package init?(_ text: String) { self.init(Bytes(text)) }

  /// Reads an ISO 8601 date and time. Only the shape decides; a day or hour out of range counts on
  /// into the next, so that a hand-typed slip hides no entry.
  init?(_ text: Bytes) {
    var reader = Reader(rest: text)
    guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2),
      reader.skip("-"), let day = reader.number(2), reader.skip("T") || reader.skip("t"),
      let hour = reader.number(2), reader.skip(":"), let minute = reader.number(2),
      reader.skip(":"), let second = reader.number(2)
    else { return nil }
    if reader.skip(".") {
      guard reader.rest.first?.isDigit == true else { return nil }
      reader.rest = reader.rest.drop(while: \.isDigit)
    }
    guard let offset = reader.zone(), reader.rest.isEmpty else { return nil }
    let time = CalendarTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    seconds = time.secondsSince1970 - Int64(offset)
  }

  package var description: String {
    let time = CalendarTime(secondsSince1970: seconds)
    // Byte by byte: every entry that is shown has one.
    var text: [UInt8] = []
    text.reserveCapacity(20)
    func add(_ number: Int32, width: Int, then mark: Unicode.Scalar) {
      let digits = Array(String(number).utf8)
      text += repeatElement(UInt8(ascii: "0"), count: max(0, width - digits.count)) + digits
      text.append(UInt8(ascii: mark))
    }
    add(time.year, width: 4, then: "-")
    add(time.month, width: 2, then: "-")
    add(time.day, width: 2, then: "T")
    add(time.hour, width: 2, then: ":")
    add(time.minute, width: 2, then: ":")
    add(time.second, width: 2, then: "Z")
    return String(decoding: text, as: UTF8.self)
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

  private struct Reader {
    var rest: Bytes

    mutating func number(_ width: Int) -> Int32? {
      let digits = rest.prefix(width)
      guard digits.count == width, digits.allSatisfy(\.isDigit) else { return nil }
      rest = rest.dropFirst(width)
      return digits.reduce(0) { $0 * 10 + Int32($1 - 0x30) }
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: character) else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// The offset from UTC in seconds: nothing, `Z`, `+01:00` or `+0100`.
    mutating func zone() -> Int32? {
      if rest.isEmpty || skip("Z") || skip("z") { return 0 }
      let sign: Int32 = rest.first == UInt8(ascii: "-") ? -1 : 1
      guard skip("+") || skip("-"), let hours = number(2) else { return nil }
      _ = skip(":")
      guard let minutes = number(2) else { return nil }
      return sign * (hours * 3600 + minutes * 60)
    }
  }
}
