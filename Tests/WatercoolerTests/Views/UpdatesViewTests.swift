import Testing

@testable import Platform
@testable import Watercooler

@Suite struct UpdatesViewTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func say(_ topic: String, _ body: String, title: String? = nil) throws {
    try home.say(topic, body) { ($0.agent, $0.title) = ("Codex (bob)", title) }
  }

  @Test func `updates as JSON`() throws {
    try say("plan", "The body", title: "Five phases")
    let json = UpdatesView(try home.workspace().updates()).json
    #expect(
      json.names == [
        "threads", "count", "total", "next_cursor", "next_cursor_note", "unread", "removed",
      ])
    #expect(json["count"] == 1 && json["total"] == 1)
    let thread = try #require(json["threads"]?.array?.first)
    #expect(
      thread.names == [
        "topic", "title", "status", "ball", "your_turn", "entry_count", "new_count", "entries",
      ])
    #expect(thread["topic"] == "plan" && thread["title"] == "Five phases")
    #expect(thread["ball"] == "Claude" && thread["your_turn"] == true)
    let entry = try home.thread("plan").entries[0]
    #expect(thread["entries"]?.array == [entry.json(number: 0, unseen: [], isOwn: false)])
  }

  @Test func `updates as Markdown`() throws {
    #expect(UpdatesView(try home.workspace().updates()).markdown == "Nothing new.\n")
    try say("plan", "one")
    try say("plan", "two")
    let first = ThreadView.markdown(try home.thread("plan").entries[0], number: 0)
    #expect(
      UpdatesView(try home.workspace().updates(limit: 1)).markdown == """
        # one

        plan | Status: OPEN | Ball: Claude | 2 entries | 2 new | your turn

        \(first)
        1 more entry is not shown: ask again

        """)
  }

  @Test func `what is new and not shown is counted on every screen`() throws {
    for body in ["one", "two"] { try say("plan", body) }
    let view = UpdatesView(try home.workspace().updates(limit: 0))
    #expect(view.markdown == "\n2 more entries are not shown: ask again\n")
    #expect(view.screen(width: 80).rendered(inColor: false) == "\n2 more not shown: ask again\n")
  }

  @Test(arguments: [2000, 5000, 40_000])
  func `a reply is as long as it may be, and all is shown in the end`(size: Int) throws {
    for topic in ["a", "b", "c"] {
      for number in 0..<6 { try say(topic, String(repeating: "\(topic) \(number)\n", count: 40)) }
    }
    var shown: [String] = []
    for _ in 0..<20 {
      let updates = try home.workspace().updates()
      if updates.isEmpty { break }
      let view = UpdatesView(updates, size: size)
      #expect(view.json.indented().utf16.count <= size)
      #expect(view.markdown.utf16.count <= size)
      #expect(view.json["count"]?.int == view.shown.count)
      #expect(view.json["total"]?.int == updates.total)
      #expect((view.json["next_cursor"] == .null) == (view.shown.count < updates.total))
      shown += view.shown.bodies.values.joined()
      try home.workspace().markSeen(view.shown)
    }
    #expect(shown.count == 18 && Set(shown).count == 18)
  }

  @Test func `an entry too long for a reply is cut, hides no other thread, and is not seen`() throws
  {
    try say("long", "short")
    try say("long", String(repeating: "words ", count: 20_000))
    try say("long", "after it")
    try say("other", "beside it")
    let view = UpdatesView(try home.workspace().updates(), size: ReplyRoom.standard)
    #expect(view.json.indented().utf16.count <= ReplyRoom.standard)
    let threads = try #require(view.json["threads"]?.array)
    let long = try #require(threads.first { $0["topic"] == "long" }?["entries"]?.array)
    #expect(long.map { $0["truncated"] ?? .null } == [.null, true])
    #expect(view.shown.bodies == ["long": ["short"], "other": ["beside it"]])
    #expect(
      view.markdown.contains(
        "[cut: read the whole of it in 'long', from_entry=1, max_chars=12"))
    #expect(view.markdown.contains("1 more entry is not shown"))
    try home.workspace().markSeen(view.shown)
    #expect(try home.workspace().updates().threads.map(\.new) == [[1, 2]])
  }
}
