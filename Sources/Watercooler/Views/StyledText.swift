/// Text for a terminal, in pieces that each have a look.
///
/// The words of a piece are made harmless when they are printed, whoever wrote them: an escape
/// sequence only ever comes from its look.
package struct StyledText: Sendable, Equatable {
  /// The look of a piece, by the parameters of the escape sequence that sets it. The colours are those of
  /// the terminal's own palette.
  package enum Look: String, Sendable {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case italic = "3"
    case code = "36"
    case heading = "1;34"
    case yours = "1;32"
    case warning = "33"
  }

  /// Words of one look, not yet made harmless.
  package struct Piece: Sendable, Equatable {
    package var text: String
    package let look: Look
  }

  package private(set) var pieces: [Piece] = []

  package init() {}

  package init(_ text: String, _ look: Look = .plain) { append(text, look) }

  /// Adds words at the end; those of the same look as the last piece become part of it.
  package mutating func append(_ text: String, _ look: Look = .plain) {
    if text.isEmpty { return }
    if pieces.last?.look == look {
      pieces[pieces.count - 1].text += text
    } else {
      pieces.append(Piece(text: text, look: look))
    }
  }

  package static func + (left: StyledText, right: StyledText) -> StyledText {
    var result = left
    for piece in right.pieces { result.append(piece.text, piece.look) }
    return result
  }

  package static func += (left: inout StyledText, right: StyledText) { left = left + right }

  /// The words alone.
  package var text: String { pieces.map(\.text).joined() }

  package var isEmpty: Bool { pieces.isEmpty }

  /// The text as a terminal gets it: harmless, with its colours or clean.
  package func rendered(inColor: Bool) -> String {
    pieces.map { piece in
      let words = piece.text.harmless
      if !inColor || piece.look == .plain { return words }
      return "\u{1B}[\(piece.look.rawValue)m\(words)\u{1B}[0m"
    }.joined()
  }
}

extension [StyledText] {
  /// The lines as one text, each with its end.
  package var lines: StyledText {
    reduce(into: StyledText()) { text, line in
      text += line
      text.append("\n")
    }
  }
}

extension String {
  /// Control characters as pictures, but for line ends and tabs: an escape sequence in somebody's body must not move
  /// the cursor or set the title, nor may what stands there be shown in another order than it has.
  package var harmless: String {
    // As nearly all is.
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x09 }) { return self }
    guard unicodeScalars.contains(where: \.isTerminalControl) else { return self }
    var result = String.UnicodeScalarView()
    var wasReturn = false
    for scalar in unicodeScalars {
      if wasReturn, scalar != "\n" { result.append("\u{240D}") }
      wasReturn = scalar == "\r"
      if !wasReturn { result.append(scalar.isTerminalControl ? scalar.picture : scalar) }
    }
    if wasReturn { result.append("\u{240D}") }
    return String(result)
  }
}

extension Unicode.Scalar {
  fileprivate var isTerminalControl: Bool {
    switch value {
    case 0x09, 0x0A: false
    case ..<0x20, 0x7F...0x9F: true
    // They turn the direction of what follows. The marks U+200C to U+200F are needed: by emoji, Persian and Hebrew.
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// What stands for a control character: its own picture in ASCII, that of DEL for one beyond, and the one for a
  /// substitute for a change of direction.
  fileprivate var picture: Unicode.Scalar {
    switch value {
    case ..<0x20: Unicode.Scalar(0x2400 + value) ?? "?"
    case 0x7F...0x9F: "\u{2421}"
    default: "\u{2426}"
    }
  }
}
