import Testing

@testable import Watercooler

@Suite struct EscapedTextTests {
  @Test(arguments: [
    ("plain \"text\"", "plain \"text\""), ("é 日本 🧑", "é 日本 🧑"),
    ("a\n\r\tb\\", "a\\n\\r\\tb\\\\"), ("\u{0}\u{1B}[31m\u{7F}", "\\x00\\x1b[31m\\x7f"),
    ("\u{9B}1A", "\\u{9b}1A"), ("\u{202E}abc\u{2066}", "\\u{202e}abc\\u{2066}"),
    ("\u{FEFF}a\u{A0}b\u{2028}", "\\u{feff}a\\u{a0}b\\u{2028}"), ("🧑\u{200D}🚀", "🧑\\u{200d}🚀"),
    ("\u{E000}", "\\u{e000}"),
  ])
  func `a character that does not show itself is written as its number`(
    text: String, escaped: String
  ) {
    #expect(Bytes(text).escaped == escaped)
  }

  @Test(arguments: [
    ([0xFF, 0x61], "\\xffa"), ([0xE2, 0x82], "\\xe2\\x82"), ([0xE2, 0x82, 0x61], "\\xe2\\x82a"),
    ([0x61, 0xC0, 0x80, 0xED, 0xA0, 0x80], "a\\xc0\\x80\\xed\\xa0\\x80"),
    ([0x0F, 0xF0], "\\x0f\\xf0"),
  ])
  func `a byte of no character is shown by itself`(bytes: [UInt8], escaped: String) {
    #expect(bytes[...].escaped == escaped)
    // Of a slice, too.
    #expect(([0x0A] + bytes)[1...].escaped == escaped)
  }

  @Test(arguments: [
    ("a\"b", 9, #""a\"b""#), ("abc", 3, "\"abc\""), ("abcd", 3, "\"abc\"…"), ("ab€", 3, "\"ab\"…"),
    ("ab€", 4, "\"ab\"…"), ("ab€", 5, "\"ab€\""), ("🧑🧑", 7, "\"🧑\"…"), ("…", 3, "\"…\""),
  ])
  func `what is cut is cut between characters, and shows it`(
    text: String, limit: Int, quoted: String
  ) {
    #expect(Bytes(text).quoted(upTo: limit) == quoted)
  }

  @Test func `bytes that begin no character are cut somewhere`() {
    #expect([UInt8](repeating: 0x80, count: 9)[...].quoted(upTo: 2) == "\"\\x80\\x80\"…")
  }

  @Test(arguments: [
    ("text\n", false), ("text\r\n", false), ("\ttext", false), ("🧑\u{200D}🚀 é\u{A0}", false),
    ("a\rb\n", true), ("\u{1B}[1m", true), ("\u{7F}", true), ("\u{85}", true), ("\u{202E}", true),
    ("\u{FEFF}a", true), ("\u{200B}", true),
  ])
  func `only what hides is told`(text: String, isHiding: Bool) {
    #expect(Bytes(text).hasHiddenCharacters == isHiding)
  }
}
