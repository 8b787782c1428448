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
  /// Control characters as pictures, but for line feed and tab: an escape sequence in somebody's body
  /// must not move the cursor or set the title.
  package var harmless: String {
    guard unicodeScalars.contains(where: \.isTerminalControl) else { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      let picture = scalar.value < 0x20 ? Unicode.Scalar(0x2400 + scalar.value) : "\u{2421}"
      result.append(scalar.isTerminalControl ? picture ?? "?" : scalar)
    }
    return String(result)
  }
}

extension Unicode.Scalar {
  fileprivate var isTerminalControl: Bool {
    switch value {
    case 0x09, 0x0A: false
    case ..<0x20, 0x7F...0x9F: true
    default: false
    }
  }
}
