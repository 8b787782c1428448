/// A date as HTTP has it, in any of its three forms: `Sun, 06 Nov 1994 08:49:37 GMT`,
/// `Sunday, 06-Nov-94 08:49:37 GMT`, or `Sun Nov  6 08:49:37 1994`.
struct HTTPDate: Sendable, Equatable {
  let time: Timestamp

  init?(_ text: String) {
    if let match = text.wholeMatch(
      of: /[A-Z][a-z]+, (\d\d)[ -]([A-Z][a-z]{2})[ -](\d{4}|\d\d) (\d\d:\d\d:\d\d) GMT/)
    {
      self.init(day: match.1, month: match.2, year: match.3, time: match.4)
    } else if let match = text.wholeMatch(
      of: /[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d) (\d{4})/)
    {
      self.init(day: match.2, month: match.1, year: match.4, time: match.3)
    } else {
      return nil
    }
  }

  private init?(day: Substring, month: Substring, year: Substring, time: Substring) {
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard let index = names.firstIndex(of: String(month)) else { return nil }
    let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
    // Two digits are of our time.
    let century = year.utf8.count == 4 ? "" : "20"
    let date = "\(century)\(year)-\(number)-\(day.replacing(" ", with: "0"))"
    guard let moment = Timestamp("\(date)T\(time)Z") else { return nil }
    self.time = moment
  }
}
