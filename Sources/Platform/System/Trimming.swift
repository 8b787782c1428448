extension String {
  /// The text without those characters at both ends of which this is true, code point by code point.
  package func trimmed(of isTrimmed: (Unicode.Scalar) -> Bool) -> String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !isTrimmed($0) }),
      let last = scalars.lastIndex(where: { !isTrimmed($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}

extension Unicode.Scalar {
  /// Whether it ends a line.
  package var isNewline: Bool {
    switch value {
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  /// Whether it is a space, of any width, or a tab.
  package var isSpace: Bool { self == "\t" || properties.generalCategory == .spaceSeparator }
}
