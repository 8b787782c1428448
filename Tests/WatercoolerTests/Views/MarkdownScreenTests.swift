import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct MarkdownScreenTests {
  private func lines(_ body: String, width: Int = 30) -> [String] {
    MarkdownScreen(body, width: width).lines.map(\.text)
  }

  private func looks(_ body: String) -> [[StyledText.Look]] {
    MarkdownScreen(body, width: 80).lines.map { $0.pieces.map(\.look) }
  }

  @Test func `prose is wrapped between words`() {
    #expect(
      lines("one two three four five six seven") == ["one two three four five six", "seven"])
    #expect(lines("日本語 日本語 日本語 日本語 日本語", width: 19) == ["日本語 日本語", "日本語 日本語", "日本語"])
  }

  @Test func `what follows hangs below where it began`() {
    #expect(
      lines("- one two three four five six seven eight")
        == ["- one two three four five six", "  seven eight"])
    #expect(
      lines("  12. one two three four five six")
        == ["  12. one two three four five", "      six"])
    #expect(
      lines("> one two three four five six seven")
        == ["> one two three four five six", "> seven"])
  }

  @Test func `a word too long for a line is left whole, and so is code`() {
    let long = String(repeating: "x", count: 40)
    #expect(lines("see \(long) now") == ["see", long, "now"])
    #expect(lines("```\n\(long) \(long)\n```") == ["```", "\(long) \(long)", "```"])
    #expect(lines("text\n\n    \(long) \(long)")[2] == "    \(long) \(long)")
  }

  @Test func `each kind of line has its look`() {
    let body = "# Head\n> quoted\n- item\n1. first\ntext\n~~~\ncode\n```\n~~~\ntext"
    #expect(
      looks(body) == [
        [.heading], [.dim], [.bold, .plain], [.bold, .plain], [.plain], [.dim], [.code], [.code],
        [.dim], [.plain],
      ])
  }

  @Test(arguments: ["#hash", "####### seven", "-item", "1.5 percent", "1234. no", "a # b"])
  func `what only looks like a mark is text`(line: String) {
    #expect(looks(line) == [[.plain]])
  }

  @Test(arguments: [
    ("a `b` c", ["a ", "`b`", " c"]), ("**bold** x", ["**bold**", " x"]), ("a ** b", ["a ** b"]),
    ("`open", ["`open"]), ("2 * 3 * 4", ["2 * 3 * 4"]), ("``", ["``"]), ("**", ["**"]),
    ("`a``b`", ["`a``b`"]),
  ])
  func `emphasis within a line`(text: String, pieces: [String]) {
    #expect(MarkdownScreen.inline(text).pieces.map(\.text) == pieces)
    #expect(MarkdownScreen.inline(text).text == text)
  }

  @Test func `no word is lost, whatever the body`() {
    let run = RandomRun("bodies on a screen", full: 20_000)
    var generator = TextGenerator(random: SeededGenerator(seed: run.seed))
    func words(_ text: String) -> [Substring] {
      text.split { $0.isNewline || $0 == " " || $0 == "\t" }.filter { $0 != ">" }
    }
    for _ in 0..<run.cases {
      let body = generator.body()
      let shown = lines(body, width: 24)
      #expect(words(shown.joined(separator: "\n")) == words(body), "\(body)")
    }
  }
}
