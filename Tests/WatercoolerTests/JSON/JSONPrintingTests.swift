import Testing

@testable import Platform
@testable import Watercooler

@Suite struct JSONPrintingTests {
  @Test func `one line holds a value, its members in their order`() {
    let value: JSON = ["z": [1, true, .null, "x"], "a": [:], "b": []]
    #expect(value.description == #"{"z":[1,true,null,"x"],"a":{},"b":[]}"#)
  }

  @Test func `only what must be escaped is`() {
    let text = "\"\\/\u{0}\u{1F}\u{8}\t\n\u{C}\r\u{7F}é\u{2028}😀"
    #expect(
      JSON.string(text).description
        == #""\"\\/\u0000\u001f\b\t\n\f\r"# + "\\u007fé\u{2028}😀\"")
  }

  @Test func `a member's name is escaped too`() {
    #expect(JSON.object([.init("a\n", 1)]).description == #"{"a\n":1}"#)
  }

  @Test func `people get a line for each member`() {
    let value: JSON = ["topic": "x", "entries": [1, ["n": 2]], "none": [], "empty": [:]]
    #expect(
      value.indented() == """
        {
          "topic": "x",
          "entries": [
            1,
            {
              "n": 2
            }
          ],
          "none": [],
          "empty": {}
        }
        """)
  }
}
