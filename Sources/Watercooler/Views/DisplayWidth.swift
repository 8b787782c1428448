extension Character {
  /// How many columns of a terminal it takes: 0, 1 or 2.
  ///
  /// The standard library knows categories and emoji, but not which scripts are wide: those are the
  /// blocks that Unicode's EastAsianWidth.txt (16.0) has as W or F.
  var displayWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    let properties = first.properties
    if properties.isEmojiPresentation { return 2 }
    // A variation selector asks for the picture of what else is text.
    if properties.isEmoji, unicodeScalars.dropFirst().first == "\u{FE0F}" { return 2 }
    if Self.isWide(first.value) { return 2 }
    switch properties.generalCategory {
    case .control, .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator:
      return 0
    default: return 1
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    switch value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
      0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1D300...0x1D376,
      0x1F200...0x1F265, 0x20000...0x3FFFD:
      return true
    default: return false
    }
  }
}

extension String {
  /// How many columns of a terminal the text takes, on one line.
  package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

  /// The text in exactly so many columns: cut with an ellipsis, or filled with spaces.
  func fitted(to width: Int) -> String {
    let cut = truncated(to: width)
    return cut + String(repeating: " ", count: max(0, width - cut.displayWidth))
  }

  /// The text in at most so many columns, cut with an ellipsis where it is longer.
  func truncated(to width: Int) -> String {
    if displayWidth <= width { return self }
    var (result, used) = ("", 0)
    for character in self {
      if used + character.displayWidth > width - 1 { break }
      result.append(character)
      used += character.displayWidth
    }
    return width > 0 ? result + "…" : ""
  }
}
