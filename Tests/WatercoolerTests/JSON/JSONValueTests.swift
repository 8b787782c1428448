import Testing

@testable import Platform
@testable import Watercooler

@Suite struct JSONValueTests {
  @Test func `members are found by name, of several the last`() throws {
    let value = try JSON(parsing: #"{"a":1,"b":2,"a":3}"#.utf8)
    #expect(value["a"] == 3)
    #expect(value["b"] == 2)
    #expect(value["c"] == nil)
    #expect(JSON.array([])["a"] == nil)
  }

  @Test func `names and strings that only look alike are different`() {
    let composed = "\u{E9}"
    let decomposed = "e\u{301}"
    #expect(JSON.string(composed) != JSON.string(decomposed))
    #expect(Set([JSON.string(composed), JSON.string(decomposed)]).count == 2)
    #expect(JSON.object([.init(composed, 1)])[decomposed] == nil)
  }

  @Test func `numbers are equal only if written alike`() {
    #expect(JSON.number("1") != JSON.number("1.0"))
    #expect(JSON.number("1") != JSON.string("1"))
  }

  @Test(arguments: [
    ("10", 10), ("10.0", 10), ("1e1", 10), ("-0", 0), ("1.5", nil),
    ("12345678901234567890123", nil), ("1e400", nil),
  ])
  func `a number is a whole one if its value is`(literal: String, expected: Int?) {
    #expect(JSON.number(literal).int == expected)
  }

  @Test func `accessors give nothing for other kinds`() {
    let text: JSON = "1"
    #expect(text.string == "1")
    #expect(text.int == nil)
    #expect(text.double == nil)
    #expect(text.bool == nil)
    #expect(text.array == nil)
    #expect(text.object == nil)
    #expect(!text.isNull)
    #expect(JSON.null.isNull)
  }

  @Test func `a number without a literal becomes null`() {
    #expect(JSON(0.5) == .number("0.5"))
    #expect(JSON(Double.infinity) == .null)
    #expect(JSON(Double.nan) == .null)
  }
}
