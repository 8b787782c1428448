/// A body, any Markdown, as a terminal shows it: line by line, in the width it has.
///
/// Heads, quotes, lists, code and emphasis get a look and no more: nothing is reordered or left out,
/// so that what somebody wrote can still be told from it. Prose is wrapped between words; code is not.
struct MarkdownScreen {
  private let width: Int
  private(set) var lines: [StyledText] = []
  /// The mark that ends the code block that the last line is in.
  private var fence: String?

  init(_ body: String, width: Int) {
    self.width = width
    for line in body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      add(String(line).replacing("\t", with: "    "))
    }
  }

  private mutating func add(_ line: String) {
    let indentation = String(line.prefix { $0 == " " })
    let words = String(line.dropFirst(indentation.count))
    if let fence {
      if words.hasPrefix(fence), words.allSatisfy({ $0 == fence.first || $0 == " " }) {
        self.fence = nil
        return lines.append(StyledText(line, .dim))
      }
      return lines.append(StyledText(line, .code))
    }
    if let mark = ["`", "~"].first(where: { words.hasPrefix($0 + $0 + $0) }) {
      fence = String(words.prefix { String($0) == mark })
      return lines.append(StyledText(line, .dim))
    }
    if indentation.count >= 4, lines.last.map({ $0.isEmpty || $0.pieces[0].look == .code }) ?? true
    {
      return lines.append(StyledText(line, .code))
    }
    let marks = words.prefix { $0 == "#" }
    if (1...6).contains(marks.count), words.dropFirst(marks.count).hasPrefix(" ") {
      return wrap(StyledText(line, .heading), hanging: 0)
    }
    if words.hasPrefix(">") { return wrap(StyledText(line, .dim), hanging: 2, with: "> ") }
    let bullet = Self.bullet(of: words)
    wrap(
      StyledText(indentation + bullet, .bold) + Self.inline(String(words.dropFirst(bullet.count))),
      hanging: indentation.count + bullet.count)
  }

  /// `- `, `* `, `+ ` or `12. `; empty where a line begins with none.
  private static func bullet(of words: String) -> String {
    if ["- ", "* ", "+ "].contains(where: words.hasPrefix) { return String(words.prefix(2)) }
    let digits = words.prefix { $0.isASCII && $0.isNumber }
    let rest = words.dropFirst(digits.count)
    let isNumbered =
      !digits.isEmpty && digits.count < 4 && (rest.hasPrefix(". ") || rest.hasPrefix(") "))
    return isNumbered ? String(words.prefix(digits.count + 2)) : ""
  }

  /// Code and strong words within a line; a mark that nothing ends is text.
  static func inline(_ text: String) -> StyledText {
    var result = StyledText()
    var rest = Substring(text)
    while let start = rest.firstIndex(where: { $0 == "`" || $0 == "*" }) {
      result.append(String(rest[..<start]))
      rest = rest[start...]
      let mark = rest.hasPrefix("**") ? "**" : rest.hasPrefix("`") ? "`" : "*"
      let inner = rest.dropFirst(mark.count)
      let isOpening = inner.first.map { mark == "`" || !$0.isWhitespace } ?? false
      guard mark != "*", isOpening, let end = inner.firstRange(of: mark),
        end.lowerBound > inner.startIndex
      else {
        result.append(mark)
        rest = inner
        continue
      }
      result.append(mark + inner[..<end.lowerBound] + mark, mark == "`" ? .code : .bold)
      rest = inner[end.upperBound...]
    }
    result.append(String(rest))
    return result
  }

  /// Adds a line, as several where it is too long.
  /// - Parameters:
  ///   - hanging: How far the ones after the first are indented.
  ///   - prefix: What they begin with instead of spaces.
  private mutating func wrap(_ text: StyledText, hanging: Int, with prefix: String? = nil) {
    let look = text.pieces.first?.look ?? .plain
    let indentation = prefix ?? String(repeating: " ", count: min(hanging, width / 2))
    var (line, used, hasWord) = (StyledText(), 0, false)
    var gap: (text: String, look: StyledText.Look)?
    for (word, wordLook) in Self.words(of: text) {
      if word.first == " " {
        gap = (word, wordLook)
        continue
      }
      if hasWord, used + (gap?.text.count ?? 0) + word.displayWidth > width {
        lines.append(line)
        line = StyledText(indentation, prefix == nil ? .plain : look)
        used = indentation.displayWidth
      } else if let gap {
        line.append(gap.text, gap.look)
        used += gap.text.count
      }
      line.append(word, wordLook)
      used += word.displayWidth
      (hasWord, gap) = (true, nil)
    }
    lines.append(line)
  }

  /// The runs of spaces and of other characters, in order.
  private static func words(of text: StyledText) -> [(String, StyledText.Look)] {
    text.pieces.flatMap { piece -> [(String, StyledText.Look)] in
      var runs: [(String, StyledText.Look)] = []
      for character in piece.text {
        let isSpace = character == " "
        if let last = runs.last?.0, (last.last == " ") == isSpace {
          runs[runs.count - 1].0.append(character)
        } else {
          runs.append((String(character), piece.look))
        }
      }
      return runs
    }
  }
}
