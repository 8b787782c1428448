import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What Foundation says of the same text.
@Suite struct `Text as Foundation reads it` {
  @Test func `Base64, both ways`() {
    let run = RandomRun("Base64", full: 20_000)
    var random = SeededGenerator(seed: run.seed)
    for _ in 0..<run.cases {
      let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in
        UInt8.random(in: .min ... .max, using: &random)
      }
      let text = Base64.text(of: bytes)
      #expect(text == Data(bytes).base64EncodedString())
      #expect(Base64.bytes(of: text.utf8) == bytes)
    }
  }

  @Test(arguments: ["AAA", "A A=", "A===", "====", "AA=A", "AA==AAAA", "AAAA\n", "_-__", "ÄÄ"])
  func `no Base64`(_ text: String) { #expect(Base64.bytes(of: text.utf8) == nil) }

  @Test(arguments: [
    "", "plain", "a%20b", "%C3%A4", "ü%41", "%00", "a+b", "%2f%2F", "%", "%2", "%zz", "%+1", "%ff",
    "%E2%82", "%25%32%35",
  ])
  func `percent signs`(_ text: String) {
    #expect(text.percentDecoded == text.removingPercentEncoding)
  }

  @Test(arguments: ["", "\n", "a", "\r\n\n a \u{2028}b\u{85}\n\u{2029}", "\n\u{301}a\u{B}\u{C}"])
  func `ends of lines around a text`(_ text: String) {
    #expect(text.trimmed(of: \.isNewline) == text.trimmingCharacters(in: .newlines))
  }

  @Test(arguments: ["", " \t", " less -R\u{A0}\u{2003}", "\nless\n"])
  func `spaces around a command`(_ text: String) {
    #expect(text.trimmed(of: \.isSpace) == text.trimmingCharacters(in: .whitespaces))
  }
}
