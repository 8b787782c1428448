internal import Platform

/// As much of a reading as fits into a reply, with what is around it.
struct ThreadPage {
  /// The end of the thread that is kept where not all of it fits.
  enum End { case first, last }

  let reading: ThreadReading
  private let range: Range<Int>
  /// The start of the one body that is shown, where that is too long for a reply by itself.
  private var bodyStart: String?

  /// - Parameter size: How long the reply may be, in UTF-16 units; at least one entry is shown, cut if
  ///   it is longer than that by itself.
  init(_ reading: ThreadReading, size: Int, keeping end: End) {
    self.reading = reading
    let entries = reading.thread.entries
    let numbers = end == .first ? Array(reading.range) : reading.range.reversed()
    var room = ReplyRoom(size, around: ThreadView(reading.showing(0..<0)).json)
    if Self.certainlyFit(reading.entries, in: room) {
      range = reading.range
      return
    }
    let view = ThreadView(reading)
    let count = room.fitting(numbers) { view.json(of: $0) }
    let shown = max(min(1, numbers.count), count)
    range = end == .first ? reading.range.prefix(shown) : reading.range.suffix(shown)
    if count == 0, let number = numbers.first {
      let around = ReplyRoom.units(of: view.json(of: number, body: ""))
      bodyStart = ReplyRoom.start(
        of: entries[number].body.string, units: max(200, room.left - around))
    }
  }

  /// Whether entries need not even be counted: a byte takes at most six units, an entry's names and
  /// indentation less than 700.
  private static func certainlyFit(_ entries: ArraySlice<Entry>, in room: ReplyRoom) -> Bool {
    var left = room.left
    return entries.allSatisfy { entry in
      left -= entry.raw.count * 6 + 700
      return left >= 0
    }
  }

  /// The entries that are shown whole, and so count as seen; one that is cut does not.
  var whole: Range<Int> { bodyStart == nil ? range : range.lowerBound..<range.lowerBound }

  var json: JSON {
    guard case .object(var members) = ThreadView(reading.showing(range)).json else { return .null }
    if let bodyStart, let number = range.first {
      guard case .object(let parts) = ThreadView(reading).json(of: number, body: bodyStart) else {
        return .null
      }
      members.removeAll { $0.name == "entries" }
      members.append(JSON.Member("entries", [.object(parts + [JSON.Member("truncated", true)])]))
    }
    return .object(members)
  }

  var markdown: String {
    let view = ThreadView(reading)
    var text = view.heading
    text += "\n\(ForeignWords.notice)\n"
    if range.count < reading.thread.entries.count {
      text +=
        "\nShown: \(range.isEmpty ? "no entries" : "entries \(range.lowerBound) to \(range.upperBound - 1)")"
      text += " of \(reading.thread.entries.count)."
      if range.lowerBound > 0 { text += " Earlier ones: from_entry=0." }
      if range.upperBound < reading.thread.entries.count {
        text += " Go on with from_entry=\(range.upperBound)."
      }
      text += "\n"
    }
    for number in range { text += "\n" + view.markdown(of: number, body: bodyStart) }
    return text + (bodyStart.map(cutNote) ?? "")
  }

  /// Says that a body was cut, and how the whole of it is had.
  private func cutNote(after start: String) -> String {
    let entry = reading.thread.entries[range.lowerBound]
    let whole = ReplyRoom.units(of: ThreadView(reading).json(of: range.lowerBound))
    let needed = whole + ReplyRoom.units(of: ThreadView(reading.showing(0..<0)).json) + 600
    let counts = "\(start.utf16.count) of \(entry.body.string.utf16.count) characters"
    if needed > ReplyRoom.most {
      return "\n[cut after \(counts): no reply holds all of it, the file is \(reading.path)]\n"
    }
    let arguments = "from_entry=\(range.lowerBound), limit=1, max_chars=\(needed)"
    return "\n[cut after \(counts): ask again with \(arguments)]\n"
  }
}

extension ThreadReading {
  fileprivate func showing(_ range: Range<Int>) -> ThreadReading {
    var shown = self
    shown.range = range
    return shown
  }
}
