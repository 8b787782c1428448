internal import Platform

/// The room that is left in a reply, in the units that clients count in: UTF-16.
///
/// A result goes out as text and as a value, and hosts differ in which of the two a model sees. So an
/// item takes what it takes as JSON, where a line feed is two characters and a control character six.
struct ReplyRoom {
  /// The longest reply unless a call asks for more: Claude Code cuts a result at about 25,000 tokens.
  static let standard = 40_000
  /// The longest there is. No line of the protocol may be over 8 MB, and a unit takes up to three
  /// bytes in the text and three in the value.
  static let most = 1_000_000

  private(set) var left: Int

  /// - Parameter size: How long the reply may be, with what stands around its items.
  init(_ size: Int, around: JSON = [:]) {
    // The sentences before and after the items are shorter than this.
    left = min(size, Self.most) - Self.units(of: around) - 600
  }

  /// How many of the items fit, from the first on. They take their room.
  mutating func fitting<Items: Sequence>(_ items: Items, as json: (Items.Element) -> JSON) -> Int {
    var count = 0
    for item in items {
      let size = Self.units(of: json(item))
      guard size <= left else { break }
      left -= size
      count += 1
    }
    return count
  }

  /// The units that a value takes as an element of a list, on lines of its own.
  static func units(of value: JSON) -> Int {
    let text = value.indented()
    return text.utf16.count + 4 * text.utf8.count(where: { $0 == .lineFeed }) + 6
  }

  /// The start of a text that takes at most so much.
  static func start(of text: String, units: Int) -> String {
    var left = units
    let scalars = text.unicodeScalars.prefix { scalar in
      switch scalar {
      case "\"", "\\", "\u{8}", "\t", "\n", "\u{C}", "\r": left -= 2
      case "\0"..<" ": left -= 6
      default: left -= UTF16.width(scalar)
      }
      return left >= 0
    }
    return String(scalars)
  }
}
