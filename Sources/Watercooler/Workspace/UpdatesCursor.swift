internal import Platform

/// The place from which a program that keeps count itself goes on.
struct UpdatesCursor: Sendable {
  /// The words that the program gives as `since`; nil where there is nothing to give.
  var place: String?
  /// Why there is none, or why it stays where it was.
  var note: String?
  /// Whether it stays where it was.
  var isHeld = false
}

extension UpdatesCursor {
  /// The time that a duration up to now names.
  static func time(ago text: String) -> Timestamp? {
    guard text.last?.isLetter == true, let ago = Duration(text) else { return nil }
    return Timestamp(seconds: Timestamp.now.seconds - ago.components.seconds)
  }

  /// One that stays where it was, as git failed.
  init(failing error: any Error) {
    let reason = explained(error).message
    self.init(note: "git could not tell a new one: \(reason)", isHeld: true)
  }

  /// No cursor goes past a thread that was not read.
  mutating func hold(at unread: [UnreadThread]) {
    if unread.isEmpty { return }
    let names = unread.map { "'\($0.topic)'" }.joined(separator: ", ")
    self = UpdatesCursor(note: "none goes past what could not be read: \(names)", isHeld: true)
  }
}

/// The place from which on somebody asks, and the entries after it that were shown already.
struct UpdatesPlace: Sendable, CustomStringConvertible {
  /// A commit of the remote, a time or an Entry-ID.
  let place: String
  private(set) var shown: Set<EntryName.Number> = []

  /// - Parameter text: What `description` gives; a duration up to now, `2h`, is a time.
  init(_ text: String) throws(UpdatesError) {
    let parts = text.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
    place = UpdatesCursor.time(ago: String(parts[0]))?.description ?? String(parts[0])
    if parts.count == 1 { return }
    guard let shown = EntryName.unpacked(Array(parts[1].utf8)[...]) else { throw .noPlace(text) }
    self.shown = Set(shown)
  }

  init(_ place: String, shown: Set<EntryName.Number>) { (self.place, self.shown) = (place, shown) }

  func adding(_ numbers: [EntryName.Number]) -> UpdatesPlace {
    var place = self
    place.shown.formUnion(numbers)
    return place
  }

  var description: String {
    shown.isEmpty ? place : place + "~" + EntryName.packed(shown.sorted())
  }
}
