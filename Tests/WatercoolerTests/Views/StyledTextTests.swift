import Testing

@testable import Platform
@testable import Watercooler

@Suite struct StyledTextTests {
  @Test func `colours are asked for, and words never bring their own`() {
    let text = StyledText("\u{1B}[31mred", .bold) + StyledText(" plain\u{7}")
    #expect(text.rendered(inColor: true) == "\u{1B}[1m␛[31mred\u{1B}[0m plain␇")
    #expect(text.rendered(inColor: false) == "␛[31mred plain␇")
    #expect(text.text == "\u{1B}[31mred plain\u{7}")
  }

  @Test func `pieces of one look are one piece`() {
    var text = StyledText("a", .dim)
    text.append("b", .dim)
    text.append("", .bold)
    text += StyledText("c")
    #expect(text.pieces.map(\.text) == ["ab", "c"])
  }

  @Test(arguments: [
    ("plain", 5), ("", 0), ("日本語", 6), ("한글", 4), ("é", 1), ("e\u{301}", 1), ("👩‍🚀", 2), ("🇩🇪", 2),
    ("⚠", 1), ("⚠️", 2), ("☕", 2), ("ﾊﾝ", 2), ("Ａ", 2), ("\u{200B}", 0), ("─✂", 2), ("༼", 1),
  ])
  func `columns of a terminal`(text: String, width: Int) {
    #expect(text.displayWidth == width)
  }

  @Test(arguments: [
    ("plain", 8, "plain   "), ("plain", 5, "plain"), ("plain", 4, "pla…"), ("日本語", 5, "日本…"),
    ("日本語", 4, "日… "), ("x", 0, ""), ("日", 1, "…"),
  ])
  func `cut or filled to a width`(text: String, width: Int, result: String) {
    #expect(text.fitted(to: width) == result)
  }
}
