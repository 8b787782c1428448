import Testing

@testable import Platform
@testable import Watercooler

/// Files in which something is not as it should be: what a dump is for.
@Suite struct DumpOfDamageTests {
  private func dump(_ file: String) throws -> String { try DumpView(of: Array(file.utf8)).text }

  @Test func `a damaged thread: what is wrong, and what became of the lines`() throws {
    let file = #"""
      ---
      format: 1
      Title: "x
      status: OPEN
      Status: CLOSED
      no key

      # note
      y: 1
      - 2


      """#
    let expected = #"""
      /t.md: format 1, 0 entries, 77 bytes, 11 lines
      status "OPEN"
      problem at 3:8: expected a value that ends on this line: "Title: \"x"
      problem at 6:1: expected 'key: value' in the front matter: "no key"
      problem at 1:1: this front matter is not closed: a line '---' is to end it: "---"

      offset  length    line  part
           0      77       1  front matter
           0       4       1    opening "---\n"
           4      10       2    format "format: 1\n"
          14      10       3    Title, no value "Title: \"x\n"
          24      13       4    status "status: OPEN\n"
          37      15       5    Status, repeated "Status: CLOSED\n"
          52       7       6    other "no key\n"
          59       1       7    blank "\n"
          60       7       8    comment "# note\n"
          67       9       9    unknown key y "y: 1\n- 2\n"
          76       1      11    blank "\n"

      """#
    #expect(try dump(file) == expected)
  }

  @Test func `control characters are only shown as numbers`() throws {
    let lines = [
      "---", "format: 1", #"title: "a\e[1m""#, "---", "", "# \u{202E}title", "", "---",
      "Entry: Evil \u{1B}]0;x\u{7} 2026-11-21T01:54:50Z", "Title:\u{A0}\u{9B}1A", "", "fine",
      "\u{1B}[2J \"red\"", "lone \r return", "",
    ]
    let expected = #"""
      /t.md: format 1, 1 entry, 149 bytes, 14 lines
      title "a\x1b[1m", status "OPEN", created "2026-11-21T01:54:50Z", updated "2026-11-21T01:54:50Z"

      offset  length    line  part
           0      38       1  front matter
           0       5       1    opening "---\r\n"
           5      11       2    format "format: 1\r\n"
          16      17       3    title "title: \"a\\e[1m\"\r\n"
          33       5       4    closing "---\r\n"
          38      16       5  preamble: 3 lines
          40      12       6    heading, hidden characters "# \u{202e}title\r\n"
          54      95       8  entry 0: format 1, not of this program, no Entry-ID, agent "Evil \x1b]0;x\x07", time "2026-11-21T01:54:50Z"
          54      46       8    header
          54       5       8      separator "---\r\n"
          59      41       9      entry line "Entry: Evil \x1b]0;x\x07 2026-11-21T01:54:50Z\r\n"
         100      47      10    body: 5 lines, 0 quoted
         100      14      10      hidden characters "Title:\u{a0}\u{9b}1A\r\n"
         122      12      13      hidden characters "\x1b[2J \"red\"\r\n"
         134      13      14      hidden characters "lone \r return"
         147       2      14    gap "\r\n"

      """#
    #expect(try dump(lines.joined(separator: "\r\n")) == expected)
  }

  @Test func `bytes that are no text`() throws {
    let file = Array("---\nformat: 1\n---\n\nabc ".utf8) + [0xFF, 0x0A, 0x00, 0x0A]
    let expected = #"""
      /t.md: format 1, 0 entries, 27 bytes, 6 lines
      status "OPEN"
      problem at 5:5: expected UTF-8: "abc \xff"
      problem at 6:1: expected text, found a NUL character: "\x00"

      offset  length    line  part
           0      18       1  front matter
           0       4       1    opening "---\n"
           4      10       2    format "format: 1\n"
          14       4       3    closing "---\n"
          18       9       4  preamble: 3 lines
          19       6       5    no UTF-8 "abc \xff\n"
          25       2       6    hidden characters "\x00\n"

      """#
    #expect(try DumpView(of: file).text == expected)
  }

  @Test func `a file that is no thread, through a link`() throws {
    let text = """
      # Notes

      Entry: me 2026-11-21T01:54:50Z
      Entry: soon
      <<<<<<< ours
      \(String(repeating: "x", count: 170))

      """
    let expected = #"""
      /t.md: no thread (no head and no entry of ours), 236 bytes, 6 lines
      a link to /tmp/\x1b[31mnotes

      offset  length    line  part
           0     236       1  text: 6 lines
           0       8       1    heading "# Notes\n"
           9      31       3    entry line without '---' "Entry: me 2026-11-21T01:54:50Z\n"
          40      12       4    entry line without an agent and a time "Entry: soon\n"
          52      13       5    conflict marker "<<<<<<< ours\n"

      """#
    #expect(try DumpView(of: Array(text.utf8), target: "/tmp/\u{1B}[31mnotes").text == expected)
  }

  @Test func `an empty file`() throws {
    #expect(
      try dump("") == """
        /t.md: no thread (no head and no entry of ours), 0 bytes, 0 lines

        offset  length    line  part

        """)
  }
}
