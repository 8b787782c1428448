import Testing

@testable import Platform
@testable import Watercooler

@Suite struct `Topics` {
  @Test(arguments: [
    "a", "auth-refactor", "v1.2_final", "A", "7", String(repeating: "x", count: 100),
  ])
  func `of letters, digits, dot, underscore and hyphen are topics`(name: String) throws {
    #expect(try Topic(name).fileName == name + ".md")
  }

  @Test(arguments: [
    ("", "the topic is empty; use letters, digits, '.', '_' and '-': 'release-plan'"),
    ("a/b", "topic 'a/b' has the character '/' in it; try 'a-b'"),
    ("../etc", "topic '../etc' has the character '/' in it; try 'etc'"),
    ("-x", "topic '-x' does not begin with a letter or digit; try 'x'"),
    (".hidden", "topic '.hidden' does not begin with a letter or digit; try 'hidden'"),
    ("a\u{7}", "topic 'a\\u{07}' has the character U+7 in it; try 'a'"),
    ("plän", "topic 'plän' has the character 'ä' in it; try 'pl-n'"),
    (
      "計画",
      "topic '計画' has the character '計' in it; use letters, digits, '.', '_' and '-': 'release-plan'"
    ),
    ("con", "topic 'con' is a name reserved for other files; try 'thread-con'"),
    ("LPT1.x", "topic 'LPT1.x' is a name reserved for other files; try 'thread-lpt1.x'"),
    ("README", "topic 'README' is a name reserved for other files; try 'thread-readme'"),
    ("auth.md", "topic 'auth.md' ends in '.md', which its file adds by itself; try 'auth'"),
  ])
  func `anything else is refused with one that would do`(name: String, error: String) {
    #expect(throws: InvalidTopic.self) { try Topic(name) }
    do { _ = try Topic(name) } catch { #expect("\(error)" == error.description) }
    let thrown = #expect(throws: InvalidTopic.self) { try Topic(name) }
    #expect(thrown?.description == error)
  }

  @Test func `a topic has at most 100 bytes`() {
    let thrown = #expect(throws: InvalidTopic.self) {
      try Topic(String(repeating: "x", count: 101))
    }
    #expect(thrown?.message.hasSuffix("has 101 bytes, the limit is 100") == true)
  }

  @Test func `a new topic becomes lower case, with hyphens for spaces`() throws {
    #expect(try Topic(new: "Release Plan").name == "release-plan")
  }
}

@Suite struct `Entry-IDs` {
  @Test func `print as 26 digits and are read in either case`() {
    let text = "01M7XX0F93F0WMC16VMVX7YP8Z"
    #expect(EntryID(text)?.description == text)
    #expect(EntryID(text.lowercased())?.description == text)
  }

  @Test(arguments: [
    "", "01M7XX0F93F0WMC16VMVX7YP8", "81M7XX0F93F0WMC16VMVX7YP8Z", "01M7XX0F93F0WMC16VMVX7YP8U",
    "01M7XX0F93F0WMC16VMVX7YP8é",
  ])
  func `anything else is none`(text: String) { #expect(EntryID(text) == nil) }

  @Test func `of one process rise, whatever the clock does`() {
    var last: EntryID?
    for milliseconds: UInt64 in [5, 5, 3, 5, 6, 1] {
      let next = EntryID.successor(of: last, milliseconds: milliseconds, random: 0)
      if let last { #expect(next > last) }
      last = next
    }
    let many = (0..<1000).map { _ in EntryID.make() }
    #expect(many == many.sorted() && Set(many).count == 1000)
  }
}

@Suite struct `Times` {
  @Test(arguments: [
    ("2026-11-21T01:54:50Z", "2026-11-21T01:54:50Z"),
    ("2026-11-21T01:54:50.999999+00:00", "2026-11-21T01:54:50Z"),
    ("2026-11-21T01:54:50+02:00", "2026-11-20T23:54:50Z"),
    ("2026-11-21T01:54:50-0130", "2026-11-21T03:24:50Z"),
    ("2026-11-21t01:54:50z", "2026-11-21T01:54:50Z"),
    ("2026-11-21T01:54:50", "2026-11-21T01:54:50Z"),
    ("2024-02-29T23:59:60Z", "2024-03-01T00:00:00Z"),
  ])
  func `are read with fractions and offsets and printed in UTC`(text: String, printed: String) {
    #expect(Timestamp(text)?.description == printed)
  }

  @Test(arguments: [
    "", "2026-11-21", "2026-11-21T01:54Z", "2026-11-21 01:54:50Z", "2026-11-21T01:54:50X",
    "2026-11-21T01:54:50.Z", "now",
  ])
  func `of another shape are none`(text: String) { #expect(Timestamp(text) == nil) }

  @Test(arguments: [67_768_036_191_676_799, -67_768_040_609_740_800, .max, .min])
  func `of a commit that is dated beyond all years are printed`(seconds: Int64) {
    #expect(!Timestamp(seconds: seconds).description.isEmpty)
  }
}

@Suite struct `Agents` {
  @Test(
    arguments: [
      ("Claude", "Claude", nil), ("Claude (alice)", "Claude", "alice"),
      ("Claude Code (a b)", "Claude Code", "a b"), ("(x)", "(x)", nil), ("A ()", "A ()", nil),
      ("GPT-5 (x) (y)", "GPT-5 (x)", "y"),
    ] as [(String, String, String?)])
  func `may have a person`(text: String, name: String, person: String?) throws {
    let agent = try Agent(text)
    #expect(agent.name.text == name && agent.person?.text == person)
    #expect(agent.description == text)
  }

  @Test func `answer to a ball by name, and by person where both have one`() throws {
    let mine = try Agent("Claude (alice)")
    #expect(mine.answers(to: try Agent("claude")))
    #expect(mine.answers(to: try Agent("Claude (Alice)")))
    #expect(!mine.answers(to: try Agent("Claude (bob)")))
    #expect(!mine.answers(to: try Agent("Codex")))
  }

  @Test(arguments: [
    "a\nb", "a\rb", "a\u{B}b", "a\u{C}b", "a\u{85}b", "a\u{2028}b", "a\u{2029}b", "a\u{0}b", " ",
  ])
  func `are single lines`(text: String) {
    #expect(throws: InvalidText.self) { try Agent(text) }
  }

  @Test func `have the first of several spellings that differ in case alone`() throws {
    let registry = AgentRegistry(canonicalNames: ["opus": "Three", "Opus": "Two", "OPUS": "One"])
    #expect(registry.canonical(try Agent("opuS")).description == "One")
  }

  @Test func `hand the ball to whom the configuration, the thread or the registry names`() throws {
    let registry = AgentRegistry()
    func entry(_ agent: String) throws -> Entry {
      Entry(EntryDraft(agent: try Agent(agent), time: .now, body: [], id: .make()))
    }
    let claude = try Agent("Claude (alice)")
    #expect(registry.counterpart(of: claude, configured: nil, in: []).description == "Codex")
    #expect(
      registry.counterpart(of: try Agent("codex"), configured: nil, in: []).description == "Claude")
    #expect(
      registry.counterpart(of: try Agent("Gemini"), configured: nil, in: []).description == "Team")
    let entries = [try entry("Gemini (bob)"), try entry("Claude (alice)")]
    #expect(
      registry.counterpart(of: claude, configured: nil, in: entries).description == "Gemini (bob)")
    #expect(
      registry.counterpart(of: claude, configured: try Agent("Pat"), in: entries).description
        == "Pat")
  }
}

@Suite struct `Values of a front matter` {
  @Test(arguments: [
    ("Refactor auth", "Refactor auth"), ("IN_REVIEW", "IN_REVIEW"),
    ("Claude (alice)", "Claude (alice)"),
    ("true", "\"true\""), ("No", "\"No\""), ("null", "\"null\""), ("12", "\"12\""),
    ("1e3", "\"1e3\""),
    ("2026-11-21", "\"2026-11-21\""), ("", "\"\""), ("a: b", "\"a: b\""), ("a #b", "\"a #b\""),
    ("a:b#c", "a:b#c"),
    ("- x", "\"- x\""), ("say \"hi\"", "say \"hi\""), ("\"hi\"", "\"\\\"hi\\\"\""),
    ("tab\tin", "\"tab\\tin\""),
    ("\u{1B}[1m", "\"\\u001B[1m\""), ("日本 é", "日本 é"), ("x:", "\"x:\""),
  ])
  func `are quoted where YAML would read something else`(text: String, written: String) throws {
    #expect(YAMLScalar.encoded(text) == written)
    let read = try #require(YAMLScalar.decode(Bytes(" " + written + "  # why\n")))
    #expect(Bytes(read.value) == Bytes(text))
    #expect(read.trailer.string == "  # why\n")
  }

  @Test(arguments: [
    ("'it''s'", "it's"), ("\"\\x41\\u00e9\\U0001F600\"", "Aé😀"), ("plain # no", "plain"),
    ("''", ""),
  ])
  func `are read in every form`(written: String, text: String) {
    #expect(YAMLScalar.decode(Bytes(written))?.value == text)
  }

  @Test(arguments: ["\"open", "'open", "\"a\" b", "\"\\q\"", "\"\\u00\""])
  func `that are broken are none`(written: String) {
    #expect(YAMLScalar.decode(Bytes(written)) == nil)
  }
}
