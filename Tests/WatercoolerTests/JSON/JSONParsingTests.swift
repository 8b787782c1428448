import Testing

@testable import Platform
@testable import Watercooler

@Suite struct JSONParsingTests {
  @Test(
    arguments: [
      ("null", JSON.null), ("true", true), ("false", false), ("0", 0), ("-7", -7),
      (" \t\r\n[ ] ", []), ("{}", [:]), (#""""#, ""),
      (#"{"b":1,"a":[2,{"c":null}]}"#, ["b": 1, "a": [2, ["c": .null]]]),
    ] as [(String, JSON)])
  func `a value is read`(text: String, expected: JSON) throws {
    #expect(try JSON(parsing: text.utf8) == expected)
  }

  @Test(arguments: [
    "12345678901234567890123", "-0", "0.10", "1E400", "1e-7", "1.5E+10", "9007199254740993",
  ])
  func `a number keeps its digits`(literal: String) throws {
    #expect(try JSON(parsing: literal.utf8) == .number(literal))
    #expect(try JSON(parsing: literal.utf8).description == literal)
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u00e9\u20AC\u0000""#, "é€\0"),
    (#""\ud83d\ude00!""#, "😀!"),
    (#""a\\u0041b""#, #"a\u0041b"#),
    ("\"é😀\u{2028}\u{7F}\"", "é😀\u{2028}\u{7F}"),
  ])
  func `escapes and characters are read`(text: String, expected: String) throws {
    #expect(try JSON(parsing: text.utf8) == .string(expected))
  }

  @Test(arguments: [
    (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83d\n""#, "\u{FFFD}\n"),
    (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
  ])
  func `half a surrogate pair becomes a replacement character`(
    text: String, expected: String
  ) throws {
    #expect(try JSON(parsing: text.utf8) == .string(expected))
  }

  @Test(arguments: [
    ("", "unexpected end at byte 0"),
    ("  ", "unexpected end at byte 2"),
    ("[1", "unexpected end at byte 2"),
    ("[1,]", "unexpected ']' at byte 3"),
    ("[1 2]", "unexpected '2' at byte 3"),
    ("{\"a\"}", "unexpected '}' at byte 4"),
    ("{a:1}", "unexpected 'a' at byte 1"),
    ("{\"a\":1,}", "unexpected '}' at byte 7"),
    ("nul", "unexpected end at byte 3"),
    ("nulL", "unexpected 'L' at byte 3"),
    ("NaN", "unexpected 'N' at byte 0"),
    ("01", "something after the value at byte 1"),
    ("1.", "unexpected end at byte 2"),
    (".5", "unexpected '.' at byte 0"),
    ("+1", "unexpected '+' at byte 0"),
    ("-", "unexpected end at byte 1"),
    ("1e", "unexpected end at byte 2"),
    ("0x1", "something after the value at byte 1"),
    ("1 1", "something after the value at byte 2"),
    ("'a'", "unexpected ''' at byte 0"),
    ("\"a", "unexpected end at byte 2"),
    ("\"a\\", "unexpected end at byte 3"),
    ("\"\\x\"", "invalid escape in a string at byte 1"),
    ("\"\\u12g4\"", "invalid escape in a string at byte 1"),
    ("\"\\u12", "unexpected end at byte 5"),
    ("\"a\tb\"", "unescaped byte 0x9 in a string at byte 2"),
    ("\u{FEFF}1", "unexpected byte 0xef at byte 0"),
  ])
  func `what is not JSON is refused, with the place`(text: String, error: String) {
    let thrown = #expect(throws: JSONError.self) { try JSON(parsing: text.utf8) }
    #expect(thrown?.description == error)
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22],
      [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
    ] as [[UInt8]])
  func `a string that is not UTF-8 is refused`(bytes: [UInt8]) {
    let thrown = #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
    #expect(thrown?.description == "string that is not UTF-8 at byte 0")
  }

  @Test func `nesting has a limit`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSON(parsing: nested(128).utf8)
    let thrown = #expect(throws: JSONError.self) { try JSON(parsing: nested(129).utf8) }
    #expect(thrown?.problem == .nestedTooDeeply(limit: 128))
    #expect(throws: JSONError.self) {
      try JSON(parsing: String(repeating: "{\"a\":", count: 1_000_000).utf8)
    }
  }

  @Test func `a slice is read by itself`() throws {
    let bytes = Array("xx[1]yy".utf8)
    #expect(try JSON(parsing: bytes[2..<5]) == [1])
  }

  @Test func `a megabyte of backslashes is read`() throws {
    let text = "\"" + String(repeating: "\\", count: 1 << 20) + "\""
    #expect(try JSON(parsing: text.utf8).string?.utf8.count == 1 << 19)
  }
}
