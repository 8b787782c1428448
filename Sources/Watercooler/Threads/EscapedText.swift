extension Bytes {
  /// The bytes as text on one line that can be shown anywhere, and from which each of them can be told:
  /// `\n`, `\r`, `\t` and `\\`; `\x1b` for another control character of ASCII, or a byte that belongs to no
  /// UTF-8 character; `\u{202e}` for any other character that shows nothing of its own.
  var escaped: String {
    var text = String.UnicodeScalarView()
    var parser = UTF8.ForwardParser()
    var source = makeIterator()
    var offset = startIndex
    while true {
      switch parser.parseScalar(from: &source) {
      case .emptyInput: return String(text)
      case .valid(let character):
        offset += character.count
        text.append(contentsOf: UTF8.decode(character).escaped)
      case .error(let length):
        for byte in self[offset..<(offset + length)] { text.append(contentsOf: byte.escaped) }
        offset += length
      }
    }
  }

  /// The same between quotation marks; of what is longer, the start and `…` behind it.
  /// - Parameter limit: In bytes.
  func quoted(upTo limit: Int = .max) -> String {
    var shown = prefix(limit)
    // Not the half of a character.
    if shown.count < count, let first = self[shown.endIndex...].first, first.isContinuation {
      let end = shown.suffix(3).lastIndex { !$0.isContinuation }
      shown = shown[..<(end ?? shown.endIndex)]
    }
    let text = shown.escaped.replacing("\"", with: "\\\"")
    return "\"\(text)\"" + (shown.count < count ? "…" : "")
  }

  /// Whether there is a character that moves a cursor, turns the direction of text, breaks a line
  /// where no line ends, or is not seen at all. A joiner of emoji is none.
  var hasHiddenCharacters: Bool {
    var text = last == .lineFeed ? dropLast() : self
    if text.last == .carriageReturn { text = text.dropLast() }
    if text.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x09 }) { return false }
    return text.string.unicodeScalars.contains { scalar in
      scalar != "\t" && scalar != "\u{200D}" && scalar.isHidden
    }
  }
}

extension UInt8 {
  fileprivate var isContinuation: Bool { self & 0xC0 == 0x80 }

  fileprivate var escaped: String.UnicodeScalarView {
    (self < 0x10 ? "\\x0" : "\\x" + String(self >> 4, radix: 16)).unicodeScalars
      + String(self & 15, radix: 16).unicodeScalars
  }
}

extension Unicode.Scalar {
  fileprivate var escaped: String.UnicodeScalarView {
    switch self {
    case "\n": "\\n".unicodeScalars
    case "\r": "\\r".unicodeScalars
    case "\t": "\\t".unicodeScalars
    case "\\": "\\\\".unicodeScalars
    case _ where isASCII:
      isHidden ? UInt8(value).escaped : String.UnicodeScalarView(CollectionOfOne(self))
    case _ where isHidden || isLikeAnother:
      "\\u{\(String(value, radix: 16))}".unicodeScalars
    default: String.UnicodeScalarView(CollectionOfOne(self))
    }
  }

  fileprivate var isHidden: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    return switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// A space that is not the space, or a character of which nobody knows how it looks.
  private var isLikeAnother: Bool {
    switch properties.generalCategory {
    case .spaceSeparator, .unassigned, .privateUse, .surrogate: true
    default: false
    }
  }
}
