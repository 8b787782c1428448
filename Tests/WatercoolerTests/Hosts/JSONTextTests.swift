import Testing

@testable import Platform
@testable import Watercooler

private let entry: JSON = ["command": "/bin/w", "args": []]

/// The text of a file after the entry is set in it.
private func edited(_ text: String, _ value: JSON = entry, at path: [String] = ["s", "w"]) throws
  -> String
{
  var file = try JSONText(Array(text.utf8))
  try file.set(value, at: path)
  #expect(file.value(at: path) == value)
  let once = file.bytes
  try file.set(value, at: path)
  #expect(file.bytes == once)
  return String(decoding: once, as: UTF8.self)
}

@Suite struct JSONTextTests {
  static let added: [(String, String)] = [
    (
      "",
      "{\n  \"s\": {\n    \"w\": {\n      \"command\": \"/bin/w\",\n      \"args\": []\n    }\n  }\n}\n"
    ),
    // A file that is one line stays one.
    (#"{"a":1}"#, #"{"a":1,"s":{"w":{"command":"/bin/w","args":[]}}}"#),
    (#"{"s":{}}"#, #"{"s":{"w":{"command":"/bin/w","args":[]}}}"#),
    (
      #"{"s": {"a": {}, /* x */ } }"#,
      #"{"s": {"a": {}, /* x */ "w":{"command":"/bin/w","args":[]},} }"#
    ),
  ]

  @Test(arguments: added)
  func `an entry is added`(_ before: String, _ after: String) throws {
    #expect(try edited(before) == after)
  }

  /// As the file shall be: `+` begins a line that is added, `«,»` is a comma that is.
  @Test(arguments: [
    // Beside others, with comments wherever they may be.
    """
    // above
    {
      "s": { // beside
        /* before */ "a": 1, // after
        "b": 2«,» // the last
        // below
    +    "w": {
    +      "command": "/bin/w",
    +      "args": []
    +    }
      }, // "w": {}
      "c": "// none"
    }
    """,
    // A comma at the end stays a habit.
    """
    {
    \t"s": {
    \t\t"a": [1, 2,],
    +\t\t"w": {
    +\t\t\t"command": "/bin/w",
    +\t\t\t"args": []
    +\t\t},
    \t},
    }
    """,
    // The same names elsewhere are not it.
    """
    {
        "w": {"s": {"w": 1}},
        "x": {"s": {"w": {"command": "no"}}},
        "s": {
            "x": {"w": 2}«,»
    +        "w": {
    +            "command": "/bin/w",
    +            "args": []
    +        }
        }
    }
    """,
    // Nothing that it belongs to is there.
    """
    {
      "a": {"b": 1}«,» /* } */
    +  "s": {
    +    "w": {
    +      "command": "/bin/w",
    +      "args": []
    +    }
    +  }

    }
    """,
    // Of two, parsers take the last.
    """
    {
      "s": {"w": 1},
      "s": {
        "\\u0061": "}"«,»
    +    "w": {
    +      "command": "/bin/w",
    +      "args": []
    +    }
      }
    }
    """,
    // An empty object is opened.
    """
    {
      "a": 1,
      "s": {
        // none yet
    +    "w": {
    +      "command": "/bin/w",
    +      "args": []
    +    }
      }
    }

    """,
  ])
  func `lines are added, and nothing else changes`(_ marked: String) throws {
    let lines = marked.split(separator: "\n", omittingEmptySubsequences: false)
    let before = lines.filter { !$0.hasPrefix("+") }.joined(separator: "\n")
      .replacing("«,»", with: "")
    let after = lines.map { $0.hasPrefix("+") ? $0.dropFirst() : $0 }.joined(separator: "\n")
      .replacing("«,»", with: ",")
    #expect(try edited(before) == after)
    // With the line ends of another system, and a byte order mark.
    func elsewhere(_ text: String) -> String {
      "\u{FEFF}" + text.replacing("\n", with: "\r\n")
    }
    #expect(try edited(elsewhere(before)) == elsewhere(after))
  }

  @Test func `comments alone are no document, and stay above it`() throws {
    for comments in ["// one", "/* one */\n// two\n", "\n\n"] {
      let text = try edited(comments)
      #expect(text.hasPrefix(comments) && text.hasSuffix("\n}\n"))
    }
    #expect(try edited("\u{FEFF}").hasPrefix("\u{FEFF}{\n"))
  }

  @Test(
    arguments: [
      (
        #"{"s":{"w":{"command":"old", "timeout" : 5}}}"#, ["s", "w", "command"], "new",
        #"{"s":{"w":{"command":"new", "timeout" : 5}}}"#
      ),
      (
        "{\n \"s\": {\n  \"w\": {\"e\":{\"A\":\"1\"}}}}", ["s", "w", "e", "B"], "2",
        "{\n \"s\": {\n  \"w\": {\"e\":{\"A\":\"1\",\"B\":\"2\"}}}}"
      ),
      (
        #"{"s":{"w":{"command":"x"}}}"#, ["s", "w", "env", "A"], "1",
        #"{"s":{"w":{"command":"x","env":{"A":"1"}}}}"#
      ),
      (#"{"\u0073":{"w":"x"}}"#, ["s", "w"], "y", #"{"\u0073":{"w":"y"}}"#),
      ("{\n  \"s\": {}\n}", ["s", "w"], "y", "{\n  \"s\": {\n    \"w\": \"y\"\n  }\n}"),
    ] as [(String, [String], JSON, String)])
  func `one value is set, and the rest of an entry stays`(
    _ before: String, _ path: [String], _ value: JSON, _ after: String
  ) throws {
    #expect(try edited(before, value, at: path) == after)
  }

  @Test(arguments: [
    ("{\n  \"s\": {\n", "'{' is never closed", 2, 8),
    ("{\"a\": 1 \"b\": 2}", "a comma is missing", 1, 9),
    ("{\n \"é\": tru}", "tru is no JSON value", 2, 7),
    ("{\"a\": \"x\n\"}", "a string is never closed", 1, 7),
    ("{} x", "unexpected 'x'", 1, 4), ("{\"a\" 1}", "unexpected '1'", 1, 6),
    ("/* \n", "a comment is never closed", 1, 1), ("{a: 1}", "a is no JSON value", 1, 2),
    ("{,}", "unexpected ','", 1, 2), ("{\"a\": [1,\n,]}", "unexpected ','", 2, 1),
    ("{1: 2}", "a name in quotes is missing", 1, 2), ("{\"a\":", "it ends too early", 1, 6),
    ("{\"a\": 1]", "a comma is missing", 1, 8), ("\u{FEFF}{\"a\": }", "unexpected '}'", 1, 7),
  ])
  func `damage is said with its place`(
    _ text: String, _ problem: String, _ line: Int, _ column: Int
  ) {
    let bytes = Array(text.utf8)
    let error = #expect(throws: UneditableText.self) { try JSONText(bytes) }
    #expect(error?.problem == problem)
    #expect(error?.position(in: bytes).line == line && error?.position(in: bytes).column == column)
  }

  @Test func `nesting has a limit`() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: UneditableText.self) { try JSONText(Array(deep.utf8)) }
  }

  @Test(arguments: [
    ("[]", "the document is no object", 0), (#"{"s": []}"#, #""s" is no object"#, 6),
    (#"{"s": null}"#, #""s" is no object"#, 6),
  ])
  func `what is no object is left alone`(_ text: String, _ problem: String, _ offset: Int) throws {
    var file = try JSONText(Array(text.utf8))
    #expect(throws: UneditableText(problem: problem, offset: offset)) {
      try file.set(entry, at: ["s", "w"])
    }
    #expect(file.bytes == Array(text.utf8))
  }
}
