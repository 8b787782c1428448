import Testing

@testable import Platform
@testable import Watercooler

private let path = ["servers", "w"]

@Suite struct TOMLTextTests {
  /// Sets values in a file; once is enough.
  private func edited(_ text: String, _ values: [([String], JSON)]) throws -> String {
    var file = try TOMLText(Array(text.utf8))
    for (name, value) in values { try file.set(value, at: path + name) }
    for (name, value) in values { #expect(file.value(at: path + name) == value) }
    let once = file.bytes
    for (name, value) in values { try file.set(value, at: path + name) }
    #expect(file.bytes == once)
    return String(decoding: once, as: UTF8.self)
  }

  private static let whole: [([String], JSON)] = [
    ([], ["command": "/bin/w", "args": ["-a", "b c"], "env": ["A": "1", "B C": "é\"\\"]])
  ]

  private static let single: [([String], JSON)] = [
    (["command"], "new"), (["args"], []), (["env", "A"], "1"), (["env", "B"], "2"),
  ]

  /// As the file shall be: `+` begins a line that is added, and `-` one that is gone.
  @Test(
    arguments: [
      (
        whole,
        """
        # mine
        model = "x" # "y"

        [servers.other]
        command = '''
        [servers.w]
        command = "no"'''
        +
        +[servers.w]
        +command = "/bin/w"
        +args = ["-a", "b c"]
        +
        +[servers.w.env]
        +A = "1"
        +"B C" = "é\\"\\\\"

        """
      ),
      (
        // With every kind of value on the way, and a table of the same name elsewhere.
        whole,
        #"""
        a = [ # ]
          "x", [1, 2], { b = 'c#', "d.e".f = """g"""" },
        ]
        when = 1979-05-27 07:32:00Z
        x.y."z" = +1_000
        inf = -inf
        [[list]]
        servers = { w = 1 }
        [list.servers.w]
        [profiles.servers.w]
        command = "no"
        +
        +[servers.w]
        +command = "/bin/w"
        +args = ["-a", "b c"]
        +
        +[servers.w.env]
        +A = "1"
        +"B C" = "é\"\\"

        """#
      ),
      (
        // Single values in a table that is there, with what the user has beside them.
        single,
        """
        [servers.w] # ours
        \tenabled = true
        -\tcommand = "old" # why
        +\tcommand = "new" # why
        \ttimeout = 10
        +\targs = []
        \t# about the timeout
        +
        +[servers.w.env]
        +A = "1"
        +B = "2"

        [servers.x]
        command = "x"
        """
      ),
      (
        // The environment on one line, and quoted names.
        single,
        """
        [ "servers" . 'w' ]
        -command = 'old'
        -"args" = ["a",
        -  # two
        -  "b"]
        -env = { "A" = "0", C = "3" }
        +command = "new"
        +"args" = []
        +env = { "A" = "1", C = "3", B = "2" }
        [a]
        """
      ),
      (
        // Dotted names.
        single,
        """
        [servers]
        [servers.w]
        env.C = "3"
        +env.A = "1"
        +env.B = "2"
        +command = "new"
        +args = []
        [a]
        """
      ),
      (
        // A table of its own, above the one that it belongs to; and the same again in a comment.
        single,
        """
        # [servers.w]
        [servers.w.env]
        -A = "0"
        +A = "1"
        +B = "2"
        [servers.w]
        +command = "new"
        +args = []

        # the end
        """
      ),
      (
        // Right below stands another table.
        [(["env", "A"], "1")],
        """
        [servers.w]
        command = "w"
        +
        +[servers.w.env]
        +A = "1"
        +
        [other]
        """
      ),
      (
        // In a list of tables of the entry itself.
        [(["command"], "new")],
        """
        [servers.w]
        -command = "old"
        +command = "new"
        [[servers.w.rules]]
        command = "x"
        [[servers.w.rules]]
        command = "y"
        """
      ),
    ] as [([([String], JSON)], String)])
  func `lines are added or replaced, and nothing else changes`(
    _ values: [([String], JSON)], _ marked: String
  ) throws {
    let lines = marked.split(separator: "\n", omittingEmptySubsequences: false)
    func text(without sign: String) -> String {
      lines.filter { !$0.hasPrefix(sign) }
        .map { $0.hasPrefix("+") || $0.hasPrefix("-") ? $0.dropFirst() : $0 }
        .joined(separator: "\n")
    }
    let (before, after) = (text(without: "+"), text(without: "-"))
    #expect(try edited(before, values) == after)
    // With the line ends of another system, and a byte order mark.
    func elsewhere(_ text: String) -> String {
      "\u{FEFF}" + text.replacing("\n", with: "\r\n")
    }
    #expect(try edited(elsewhere(before), values) == elsewhere(after))
  }

  @Test(arguments: [
    ("", ""), ("\u{FEFF}", "\u{FEFF}"), ("# one", "# one\n\n"), ("a = 1", "a = 1\n\n"),
  ])
  func `the end of a file may be anything`(_ before: String, _ kept: String) throws {
    let text = try edited(before, [([], ["command": "w"])])
    #expect(text == kept + "[servers.w]\ncommand = \"w\"\n")
  }

  @Test func `a last line without an end gets one`() throws {
    let text = try edited("[servers.w]\ncommand = 'w'", [(["args"], []), (["env", "A"], "1")])
    #expect(
      text == "[servers.w]\ncommand = 'w'\nargs = []\n\n[servers.w.env]\nA = \"1\"\n")
    #expect(try edited("[servers.w]", [(["args"], [])]) == "[servers.w]\nargs = []\n")
  }

  @Test(arguments: [
    ("env = {}", #"env = {A = "1"}"#), ("env = { }", #"env = { A = "1"}"#),
    ("env = { B = 2, }", #"env = { B = 2, A = "1", }"#),
    ("env = {\n  B = 2, # two\n}", "env = {\n  B = 2, A = \"1\", # two\n}"),
  ])
  func `braces are added to`(_ before: String, _ after: String) throws {
    let head = "[servers.w]\n"
    #expect(try edited(head + before, [(["env", "A"], "1")]) == head + after)
  }

  @Test(arguments: [
    ("servers = { x = 1 }", "'servers' defines it in one line, not under [servers.w]"),
    (
      "servers.w.command = 'x'", "'servers.w.command' defines it in one line, not under [servers.w]"
    ),
    ("[servers]\nw = { command = 'x' }", "'w' defines it in one line, not under [servers.w]"),
    ("[servers]\n'w'.command = 'x'", "'w.command' defines it in one line, not under [servers.w]"),
    ("[[servers]]", "[[servers]] is a list"), ("[[servers.w]]", "[[servers.w]] is a list"),
    ("[servers.w]\n[servers.w]", "[servers.w] is there twice"),
  ])
  func `what is written in another way is left alone`(_ text: String, _ problem: String) throws {
    var file = try TOMLText(Array(text.utf8))
    let error = #expect(throws: UneditableText.self) {
      try file.set("new", at: path + ["command"])
    }
    #expect(error?.problem == problem && file.bytes == Array(text.utf8))
  }

  @Test(arguments: [
    "servers = { w = { command = 'x', args = ['a'] } }",
    "servers.w.command = 'x'\nservers.w.args = ['a']",
    "servers.w = { command = 'x', args = ['a'] }",
    "[servers.w]\ncommand = \"\\u0078\"\nargs = [\n'''a''', # b\n]",
    "[servers.w]\ncommand = \"\"\"\n\\\n   x\"\"\"\nargs = ['a']",
  ])
  func `what is written in another way is read, and is left when it says the same`(
    _ text: String
  ) throws {
    #expect(try edited(text, [(["command"], "x"), (["args"], ["a"])]) == text)
  }

  @Test(arguments: [
    ("a = \"\"\"a\"\"b\"\"\"\"\"", #"a""b"""#), ("a = '''\r\na'''", "a"),
    (#"a = "\b\t\n\f\r\e\"\\\x41\u00e9\U0001F600""#, "\u{8}\t\n\u{C}\r\u{1B}\"\\Aé😀"),
    ("a = \"\"\"\na \\  \n\n   b\"\"\"", "a b"), (#"a = '\n'"#, #"\n"#),
  ])
  func `strings are read`(_ text: String, _ value: String) throws {
    #expect(try TOMLText(Array(text.utf8)).value(at: ["a"]) == .string(value))
  }

  @Test(arguments: [
    ("a = [1,\n 2", "'[' is never closed", 1, 5), ("a = {b = 1", "'{' is never closed", 1, 5),
    ("a = 1\nb = \"x\nc = 1", "a string is never closed", 2, 5),
    ("a = '''x''\n", "a string is never closed", 1, 5), ("[a\nb = 1", "a ']' is missing", 1, 3),
    ("[[a]\n", "a ']' is missing", 1, 5), ("a", "a '=' is missing", 1, 2),
    ("a = \nb = 1", "the line ends too early", 1, 5),
    ("a = 1 b = 2", "there is more in the line than one value", 1, 7),
    ("é = 1", "unexpected 'é'", 1, 1), ("a = nope", "nope is no TOML value", 1, 5),
    (#"a = "\q""#, "an escape that TOML has not", 1, 6),
    (#"a = "\"#, "an escape that TOML has not", 1, 6),
    (#"a = "\u00"#, "an escape that TOML has not", 1, 6), ("a = [1 2]", "a comma is missing", 1, 8),
    ("\u{FEFF}[]", "unexpected ']'", 1, 2),
  ])
  func `damage is said with its place`(
    _ text: String, _ problem: String, _ line: Int, _ column: Int
  ) {
    let bytes = Array(text.utf8)
    let error = #expect(throws: UneditableText.self) { try TOMLText(bytes) }
    let position = error?.position(in: bytes)
    #expect(error?.problem == problem && position?.line == line && position?.column == column)
  }
}
