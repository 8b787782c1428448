import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct UpdatesTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func updates(
    _ since: String? = nil, topics: [String] = [], limit: Int = .max, as agent: String = "Claude"
  ) throws -> Updates {
    try home.workspace(["WATERCOOLER_AGENT": agent])
      .updates(since: since, topics: topics, limit: limit)
  }

  private func say(_ topic: String, _ body: String, as agent: String = "Codex (bob)") throws {
    try home.say(topic, body) { $0.agent = agent }
  }

  private func read(_ topic: String) throws {
    let workspace = try home.workspace()
    workspace.markSeen(try workspace.read(topic))
  }

  /// A thread whose entries are of these times of a day.
  private func write(_ topic: String, _ times: [String], day: String = "2026-11-21") throws {
    var text = "---\nformat: 1\ntopic: \(topic)\nstatus: OPEN\nball: Team\n---\n\n# \(topic)\n"
    for time in times {
      text += "\n---\nEntry: Codex \(day)T\(time)Z\nTitle: T\n\n\(topic) \(time)\n"
      text += "<!-- Entry-ID: \(EntryID.make()) -->\n"
    }
    try home.write(text, to: "\(topic).md")
  }

  @Test func `what others said is new until it was shown, and own words never are`() throws {
    try say("plan", "one")
    try say("plan", "mine", as: "Claude")
    try say("plan", "two")
    let first = try updates()
    #expect(first.bodies == ["plan": ["one", "two"]])
    #expect(first.threads[0].new == [0, 2] && first.total == 2)
    try home.workspace().markSeen(first)
    #expect(try updates().isEmpty)
    try say("plan", "three")
    #expect(try updates().bodies == ["plan": ["three"]])
    #expect(try updates(as: "Gemini").total == 4)
  }

  @Test func `threads with your turn come first, then those that began to be new earlier`() throws {
    try write("late", ["12:00:00"])
    try write("early", ["08:00:00", "13:00:00"])
    try write("mine", ["14:00:00"])
    _ = try home.workspace().setBall("mine", to: "Claude", deadline: soon())
    let updates = try updates()
    #expect(updates.threads.map(\.reading.topic.name) == ["mine", "early", "late"])
    #expect(updates.threads.map(\.isYourTurn) == [true, false, false])
  }

  @Test func `a thread that was over before the reader came is no news`() throws {
    try say("done", "said")
    _ = try home.workspace().setStatus("done", to: "CLOSED", deadline: soon())
    try say("taken-part", "asked")
    try say("taken-part", "answered", as: "Claude")
    try say("looked-into", "one")
    try read("looked-into")
    for topic in ["taken-part", "looked-into"] {
      try say(topic, "and closed")
      _ = try home.workspace().setStatus(topic, to: "CLOSED", deadline: soon())
    }
    #expect(
      try updates().bodies == [
        "taken-part": ["asked", "and closed"], "looked-into": ["and closed"],
      ])
    // Who asks for a time asks for all of it.
    #expect(try updates("1h").bodies["done"] == ["said"])
  }

  @Test func `a limit is for all threads together, counts the rest, and gives no cursor`() throws {
    try write("a", ["08:00:00", "09:00:00"])
    try write("b", ["10:00:00", "11:00:00"])
    try write("c", ["12:00:00"])
    var seen: [[String: [String]]] = []
    for _ in 0..<9 {
      let updates = try updates(limit: 3)
      if updates.isEmpty { break }
      seen.append(updates.bodies)
      #expect((updates.nextCursor == nil) == (updates.count < updates.total))
      try home.workspace().markSeen(updates)
    }
    #expect(
      seen == [
        ["a": ["a 08:00:00", "a 09:00:00"], "b": ["b 10:00:00"]],
        ["b": ["b 11:00:00"], "c": ["c 12:00:00"]],
      ])
    #expect(try updates(limit: 0).total == 0)
  }

  @Test func `only in the topics that are asked for`() throws {
    for topic in ["a", "b", "c"] { try say(topic, topic) }
    #expect(try updates(topics: ["C", "a", "c"]).bodies == ["a": ["a"], "c": ["c"]])
    #expect(throws: StoreError.self) { try updates(topics: ["nowhere"]) }
  }

  @Test(
    arguments: [
      ("2026-11-21T09:00:00Z", ["a": ["a 09:00:00", "a 08:30:00"], "b": ["b 10:00:00"]]),
      ("2026-11-21T11:00:00+01:00", ["b": ["b 10:00:00"]]), ("2026-11-21T10:00:01Z", [:]),
    ] as [(String, [String: [String]])])
  func `since a time, inclusive, in the order of arrival`(
    since: String, bodies: [String: [String]]
  ) throws {
    try write("a", ["08:00:00", "09:00:00", "08:30:00"])
    try write("b", ["10:00:00"])
    try read("b")
    #expect(try updates(since).bodies == bodies)
  }

  @Test func `since an entry: what came after it, and in other threads from its time on`() throws {
    try write("a", ["08:00:00", "09:00:00"])
    try write("b", ["07:00:00", "08:00:00"])
    let id = try #require(try home.thread("a").entries[0].id)
    #expect(try updates("\(id)").bodies == ["a": ["a 09:00:00"], "b": ["b 08:00:00"]])
  }

  @Test(arguments: ["30s", "10m", "2h", "3d", "1w"])
  func `since some time ago`(since: String) throws {
    try write("old", ["08:00:00"], day: "2020-11-21")
    try say("plan", "now")
    #expect(try updates(since).bodies == ["plan": ["now"]])
  }

  @Test(arguments: ["yesterday", "", "90", "2x", "-1h", "abc", "01M7XX0F93F0WMC16VMVX7YP8"])
  func `what names no place is refused`(since: String) {
    let error = #expect(throws: UpdatesError.self) { try updates(since) }
    #expect(error == .noPlace(since) && error?.hint?.isEmpty == false)
  }

  @Test func `an entry and a commit that nobody knows are refused`() throws {
    let id = EntryID.make()
    #expect(throws: UpdatesError.unknownEntry(id)) { try updates("\(id)") }
    #expect(throws: UpdatesError.unknownCommit("1a2b3c4d")) { try updates("1a2b3c4d") }
  }

  @Test func `the cursor of one call is where the next goes on`() throws {
    try say("plan", "one")
    let cursor = try #require(try updates().nextCursor)
    try say("plan", "two")
    try say("other", "three")
    let next = try updates(cursor)
    // In local mode it is a time: what is of that second may come again, and nothing is left out.
    #expect(next.bodies["plan"]?.last == "two" && next.bodies["other"] == ["three"])
  }

  @Test(arguments: [nil, "2026-11-21T00:00:00Z", "2h"] as [String?])
  func `no cursor goes past what somebody writes, and that is said`(since: String?) throws {
    try say("plan", "one")
    let found = try FileLock.withLock(on: home.threads, deadline: soon()) { _ in try updates(since)
    }
    #expect(found.cursorNote?.contains("another process is writing to \(home.threads)") == true)
    #expect(found.count == 1)
    if let since {
      let place = try UpdatesPlace(#require(found.nextCursor))
      #expect(place.place == since || since == "2h")
      #expect(Timestamp(place.place).map { $0.seconds <= Timestamp.now.seconds - 7200 } == true)
    } else {
      #expect(found.nextCursor == nil)
    }
    #expect(try updates(since).nextCursor.flatMap { Timestamp($0) } != nil)
  }

  @Test func `a thread that cannot be read hides no other`() throws {
    try home.write("---\nformat: 1\ntitle: 'x\n", to: "bad.md")
    try say("plan", "one")
    #expect(try updates().bodies["plan"] == ["one"])
  }

  @Test(arguments: [nil, "2026-11-21T00:00:00Z", "2h"] as [String?])
  func `no cursor goes past a thread that cannot be read, and it is named`(since: String?) throws {
    try say("plan", "one")
    try home.home.makeDirectory("threads/lost.md")
    let found = try updates(since)
    #expect(found.unread.map(\.topic.name) == ["lost"] && found.count == 1)
    #expect(found.cursorNote?.contains("'lost'") == true)
    // What was shown is not shown again with it.
    if let since {
      let cursor = try #require(found.nextCursor)
      #expect(cursor.hasPrefix("20") && (cursor.hasPrefix(since) || since == "2h"))
      #expect(try updates(cursor).isEmpty && updates(cursor).nextCursor == cursor)
    } else {
      #expect(found.nextCursor == nil)
    }
    #expect(UpdatesView(found).markdown.contains("Not read, or not to its end: lost: "))
    #expect(UpdatesView(found).json["unread"]?.array?.count == 1)
    let id = EntryID.make()
    let error = #expect(throws: UpdatesError.self) { try updates("\(id)") }
    #expect(error?.hint == "keep it, and ask again with the same 'since'")
  }

  @Test func `an entry that was removed is told of once, and makes nothing new`() throws {
    for body in ["one", "two", "three"] { try say("plan", body) }
    try read("plan")
    let id = try #require(try home.thread("plan").entries[1].id)
    try remove("two", from: "plan")
    let found = try updates()
    #expect(found.isEmpty && found.removed.map(\.entries) == [[id]])
    #expect(found.removed.map(\.kind) == [.entries])
    #expect(UpdatesView(found).markdown.contains("Removed: 1 entry of plan (\(id))"))
    try home.workspace().markSeen(found)
    #expect(try updates().removed.isEmpty)
    try say("plan", "four")
    #expect(try updates().bodies == ["plan": ["four"]])
  }

  @Test func `a thread that was removed is told of once, and comes back as it was`() throws {
    try say("plan", "one")
    try say("other", "one")
    try read("plan")
    try read("other")
    let text = try #require(home.read("plan.md"))
    try FileManager.default.removeItem(atPath: home.threads + "/plan.md")
    let found = try updates()
    #expect(found.removed.map(\.kind) == [.thread] && found.removed[0].count == 1)
    try home.workspace().markSeen(found)
    #expect(try updates().removed.isEmpty)
    try home.write(text, to: "plan.md")
    #expect(try updates().isEmpty)
  }

  @Test func `after a thread got another name nothing old is new`() throws {
    for number in 0..<40 { try say("plan", "body \(number)") }
    try read("plan")
    try say("plan", "unseen")
    try FileManager.default.moveItem(
      atPath: home.threads + "/plan.md", toPath: home.threads + "/scheme.md")
    let found = try updates()
    #expect(found.bodies == ["scheme": ["unseen"]])
    #expect(found.removed.map(\.kind) == [.renamed(to: try Topic("scheme"))])
    try home.workspace().markSeen(found)
    let after = try updates()
    #expect(after.isEmpty && after.removed.isEmpty)
  }

  /// Removes an entry as a person with an editor does.
  private func remove(_ body: String, from topic: String) throws {
    var thread = try home.thread(topic)
    thread.entries.removeAll { $0.body.string == body }
    try home.write(String(decoding: thread.bytes, as: UTF8.self), to: "\(topic).md")
  }
}

extension Updates {
  /// What is shown, by topic.
  var bodies: [String: [String]] {
    let pairs = threads.map { thread in
      (
        thread.reading.topic.name,
        thread.shown.map { thread.reading.thread.entries[$0].body.string }
      )
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }
}
