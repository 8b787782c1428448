import Testing

@testable import Watercooler

@Suite struct `Legacy threads` {
  private func parse(_ text: String) throws -> Thread {
    try #require(ThreadParser.parse(Bytes(text)))
  }

  private let head =
    "# plan — Thread\nStatus: open\nBall: codex\nOwner: Team\nTopic: plan\nCreated: 2025-10-07T00:27:54Z\n"

  @Test func `a head of the Python tool is understood`() throws {
    let thread = try parse(
      head + "\n---\nEntry: Codex (bob) 2025-10-07T00:28:00Z\nType: Note\nTitle: Hi\n\nbody\n")
    #expect(thread.title == "plan")
    #expect(thread.status == "open")
    #expect(thread.ball?.description == "codex")
    #expect(thread.format == nil)
    let entry = try #require(thread.entries.first)
    #expect(entry.agent.description == "Codex (bob)")
    #expect(entry.role == nil && entry.id == nil)
    #expect(entry.body.string == "body")
  }

  @Test(arguments: [
    "# plan\n\nTopic: plan\nStatus: CLOSED\nBall: Codex (bob)\nCreated: 2025-10-07T00:27:54Z\n\n",
    "# plan\n\nTopic: plan\n\nStatus: CLOSED\n\n\nBall: Codex (bob)\n",
    "\n\n# plan — Thread\nStatus: CLOSED\n\nBall: Codex (bob)\n\n",
    "\u{FEFF}# plan\n\nStatus: CLOSED\nBall: Codex (bob)\n\n",
    "\u{FEFF}Status: CLOSED\r\n\r\nBall: Codex (bob)\r\n\r\n",
    "Status: CLOSED\n \nBall: Codex (bob)\n",
  ])
  func `blank lines in a head end it not`(_ head: String) throws {
    let text = head + "---\nEntry: Codex (bob) 2025-10-07T00:28:00Z\nTitle: Hi\n\nbody\n"
    let thread = try parse(text)
    #expect(thread.isClosed && thread.ball?.description == "Codex (bob)")
    #expect(thread.entries.count == 1 && String(decoding: thread.bytes, as: UTF8.self) == text)
    let after = thread.inFormatOne(topic: try Topic("plan"))
    let again = try #require(ThreadParser.parse(after.bytes[...]))
    #expect(again.isClosed && again.ball?.description == "Codex (bob)")
    #expect(again.title == thread.title ?? "plan" && again.entries.count == 1)
    #expect(!String(decoding: again.preamble, as: UTF8.self).contains("Status:"))
  }

  @Test(arguments: [
    "# plan — Thread\nStatus: open\n\nBall: is what we call it, said Bob\nand more\n\n",
    "# plan — Thread\nStatus: open\n\nsome words\n\nBall: Bob\n",
  ])
  func `text after a head is no part of it, but for keys that it has not`(_ text: String) throws {
    let thread = try parse(text + "---\nEntry: Codex 2025-10-07T00:28:00Z\n\nbody\n")
    #expect(thread.status == "open" && thread.ball?.description != "Bob")
  }

  @Test(arguments: ["# Read me\n\nSome words.\n\nStatus: alpha\n", "Words\n\nStatus: alpha\n"])
  func `a file of words is no thread`(_ text: String) {
    #expect(ThreadParser.parse(Bytes(text)) == nil)
  }

  @Test(arguments: ["---\n", "\n---\n", "words\n\n---\n"])
  func `a byte order mark hides no first entry`(_ start: String) throws {
    let entries =
      "Entry: A 2025-10-07T00:28:00Z\n\none\n\n---\nEntry: B 2025-10-07T00:29:00Z\n\ntwo\n"
    let text = "\u{FEFF}" + start + entries
    let thread = try parse(text)
    #expect(thread.entries.map(\.body.string) == ["one", "two"])
    #expect(String(decoding: thread.bytes, as: UTF8.self) == text)
  }

  @Test func `a line may say all of an entry's head`() throws {
    let entries = [
      "Entry: Claude (caleb) (planner) [Plan] - Shall we [now] - or not? @ 2025-10-07T00:28:00Z",
      "Entry: Codex (bob) (critic) [Note] - No @ 2025-10-07T00:29:00Z\nType: Decision",
      "Entry: me @ 2025-10-07T00:30:00Z", "Entry: a [x] - b @ 2025-10-07T00:31:00Z",
    ]
    let thread = try parse(head + entries.map { "\n---\n\($0)\n\nbody\n" }.joined())
    let read = thread.entries.map { entry in
      [entry.agent.description, entry.role?.text, entry.type?.text, entry.title?.text]
    }
    #expect(read[0] == ["Claude (caleb)", "planner", "Plan", "Shall we [now] - or not?"])
    #expect(read[1] == ["Codex (bob)", "critic", "Decision", "No"])
    #expect(read[2] == ["me @", nil, nil, nil] && read[3] == ["a [x] - b @", nil, nil, nil])
    let after = thread.inFormatOne(topic: try Topic("plan"))
    #expect(after.entries.map(\.agent) == thread.entries.map(\.agent))
    #expect(after.entries.map(\.title) == thread.entries.map(\.title))
  }

  @Test func `a first write makes it format 1 and keeps lines that have no key of ours`() throws {
    let before = try parse(
      head + "\nsome words\n\n---\nEntry: Codex 2025-10-07T00:28:00Z\nTitle: Hi\n\nbody\n")
    let after = before.inFormatOne(topic: try Topic("plan"))
    #expect(
      String(decoding: after.bytes, as: UTF8.self) == """
        ---
        format: 1
        topic: plan
        title: plan
        status: open
        ball: codex
        created: 2025-10-07T00:27:54Z
        updated: 2025-10-07T00:28:00Z
        ---

        # plan — Thread
        Owner: Team

        some words

        ---
        Entry: Codex 2025-10-07T00:28:00Z
        Title: Hi

        body

        """)
  }

  @Test func `a fence protects an entry line, and is quoted at the first write`() throws {
    let text =
      head + """

        ---
        Entry: Codex 2025-10-07T00:28:00Z
        Title: Format

        ```
        ---
        Entry: Claude 2025-10-07T00:29:00Z
        ```
        after

        ---
        Entry: Claude 2025-10-07T00:30:00Z

        second

        """
    let thread = try parse(text)
    #expect(thread.entries.count == 2)
    let written = thread.inFormatOne(topic: try Topic("plan"))
    let read = try parse(String(decoding: written.bytes, as: UTF8.self))
    #expect(read.entries.map(\.body) == thread.entries.map(\.body))
    #expect(
      String(decoding: written.bytes, as: UTF8.self).contains(
        "\n\\Entry: Claude 2025-10-07T00:29:00Z\n"))
  }

  @Test(arguments: [
    "```\nnever closed\n",
    "```\nnever closed\n\n---\nEntry: B 2025-10-07T00:29:00Z\n\n```swift\nlet a = 1\n```\n",
  ])
  func `an unclosed fence ends at the next entry`(body: String) throws {
    let text =
      head + "\n---\nEntry: A 2025-10-07T00:28:00Z\n\n" + body
      + "\n---\nEntry: C 2025-10-07T00:30:00Z\n\nlast\n"
    let thread = try parse(text)
    #expect(thread.entries.map(\.agent.description).first == "A")
    #expect(thread.entries.map(\.agent.description).last == "C")
    #expect(thread.entries.count == (body.contains("Entry: B") ? 3 : 2))
  }

  @Test func `a fence with two examples in it protects both`() throws {
    let example = "---\nEntry: X 2025-10-07T00:29:00Z\n\nwords\n"
    let text =
      head
      + "\n---\nEntry: A 2025-10-07T00:28:00Z\n\n```\n\(example)\(example)```\n\n---\nEntry: C 2025-10-07T00:30:00Z\n"
    #expect(try parse(text).entries.map(\.agent.description) == ["A", "C"])
  }

  @Test func `the oldest generation has Updated blocks`() throws {
    let text =
      "Title: release\nStatus: in-progress\nBall: claude\nUpdated: 2025-10-01T00:00:00Z\n\n# release\n\n---\n\n- Updated: 2025-10-02T00:00:00Z by Codex (bob)\n\nfirst\n\n\n---\n\n- Updated: 2025-10-03T00:00:00Z\n\nsecond\n"
    let thread = try parse(text)
    #expect(thread.title == "release")
    #expect(thread.entries.map(\.agent.description) == ["Codex (bob)", "unknown"])
    #expect(thread.entries.map(\.body.string) == ["first", "second"])
    let written = thread.inFormatOne(topic: try Topic("release"))
    let read = try parse(String(decoding: written.bytes, as: UTF8.self))
    #expect(read.entries.map(\.body.string) == ["first", "second"])
    #expect(read.entries.map(\.time) == thread.entries.map(\.time))
    #expect(read.status == "in-progress")
  }

  @Test func `the newer Python tool writes microseconds and a blank line before the ID`() throws {
    let thread = try parse(
      head
        + "\n---\nEntry: Claude Code (caleb) 2026-01-09T02:35:37.123456+00:00\nRole: pm\nTitle: T\n\nbody\n\n<!-- Entry-ID: 01KC0FDPSVV2GBZN0FN68A61NB -->\n"
    )
    let entry = try #require(thread.entries.first)
    #expect(entry.agent.description == "Claude Code (caleb)")
    #expect(entry.time.description == "2026-01-09T02:35:37Z")
    #expect(entry.body.string == "body")
    #expect(entry.id?.description == "01KC0FDPSVV2GBZN0FN68A61NB")
  }

  @Test func `a hand-made file needs no head at all`() throws {
    let thread = try parse("---\nEntry: Codex (caleb) 2025-10-25T00:22:00Z\nType: Plan\n\nwords\n")
    #expect(thread.entries.count == 1)
    #expect(thread.status == "OPEN" && thread.ball == nil && thread.title == nil)
    let written = thread.inFormatOne(topic: try Topic("mine"))
    #expect(written.title == "mine")
    #expect(written.entries == thread.entries.map(\.inFormatOne))
  }

  @Test func `text before the first entry is kept`() throws {
    let text = "Some words\nby hand\n\n---\nEntry: A 2025-10-25T00:22:00Z\n\nwords\n"
    let written = try parse(text).inFormatOne(topic: try Topic("mine"))
    #expect(
      String(decoding: written.bytes, as: UTF8.self).contains(
        "\n# mine\n\nSome words\nby hand\n\n---\nEntry: A"))
  }

  @Test(arguments: [
    "", "# A document\n\nwith text\n", "---\ntitle: A blog post\n---\n\nwords\n", "let code = 1\n",
  ])
  func `other Markdown is no thread`(text: String) {
    #expect(ThreadParser.parse(Bytes(text)) == nil)
  }
}
