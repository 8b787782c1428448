import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Whatever becomes of threads and marks: no entry counts as seen that nobody was shown, and nothing is
/// missed without a word.
@Suite struct NothingUnshownTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func updates(
    _ since: String? = nil, topics: [String] = [], limit: Int = .max
  ) throws -> Updates {
    try home.workspace().updates(since: since, topics: topics, limit: limit)
  }

  /// What is new, which counts as seen then.
  private func look() throws -> Updates {
    let found = try updates()
    try home.workspace().markSeen(found)
    return found
  }

  private func say(_ topic: String, _ bodies: [String]) throws {
    for body in bodies { try home.say(topic, body) { $0.agent = "Codex (bob)" } }
  }

  private func path(_ topic: String) -> String { home.threads + "/\(topic).md" }

  private func remove(_ topic: String) throws {
    try FileManager.default.removeItem(atPath: path(topic))
  }

  /// The file of a mark.
  private func mark(_ name: String) throws -> String {
    let directory = try home.workspace().readerDirectory + "/seen"
    let reader = try #require(try FileManager.default.contentsOfDirectory(atPath: directory).first)
    return "\(directory)/\(reader)/\(name)"
  }

  private func numbered(_ range: Range<Int>) -> [String] { range.map { "body \($0)" } }

  @Test func `a thread that was shortened, and goes on, hides nothing`() throws {
    try say("plan", numbered(0..<60))
    let short = try #require(home.read("plan.md"))
    try say("plan", numbered(60..<100))
    _ = try look()
    try home.write(short, to: "plan.md")
    try say("plan", ["new one", "new two"])
    let found = try look()
    #expect(found.bodies == ["plan": ["new one", "new two"]] && found.removed[0].count == 40)
    #expect(try updates().isEmpty && updates().removed.isEmpty)
  }

  @Test func `one entry that was moved to a new thread is no mark for the others there`() throws {
    try say("plan", numbered(0..<50))
    try say("keep", ["kept"])
    _ = try look()
    var thread = try home.thread("plan")
    thread.entries.removeFirst(49)
    let moved = thread.entries
    try remove("plan")
    try say("next", numbered(100..<120))
    thread = try home.thread("next")
    thread.entries += moved
    try home.write(String(decoding: thread.bytes, as: UTF8.self), to: "next.md")
    #expect(try look().bodies == ["next": numbered(100..<120)])
    #expect(try updates().isEmpty)
  }

  @Test(arguments: [1, 7, 20])
  func `who follows by cursors gets all in pages, whoever else reads`(limit: Int) throws {
    try say("plan", ["before"])
    var cursor = "2020-11-21T00:00:00Z"
    for topic in ["plan", "other"] { try say(topic, numbered(0..<10)) }
    // Another session of the same agent.
    _ = try look()
    var got: [String] = []
    for turn in 0..<100 {
      let page = try updates(cursor, limit: limit)
      #expect(page.count <= limit)
      got += page.bodies.flatMap { topic, bodies in bodies.map { "\(topic) \($0)" } }
      cursor = try #require(page.nextCursor)
      if page.count == page.total { break }
      #expect(page.cursorNote?.contains("with it as 'since'") == true)
      if turn == 0 { try say("plan", ["meanwhile"]) }
    }
    #expect(got.count == Set(got).count)
    #expect(got.contains("plan before") && got.count >= 21)
    #expect(limit == 20 || got.contains("plan meanwhile"))
    #expect(throws: UpdatesError.self) { try updates(cursor + "~garbage") }
  }

  @Test func `a file that is no thread any more is named, and no cursor goes past it`() throws {
    for topic in ["plan", "other"] { try say(topic, ["one"]) }
    try home.write("# About these threads\n", to: "README.md")
    _ = try look()
    #expect(try updates().unread.isEmpty)
    for garbage in ["", "nothing that was a thread\n"] {
      try home.write(garbage, to: "plan.md")
      let found = try updates()
      #expect(found.isEmpty && found.unread.map(\.topic.name) == ["plan"])
      #expect(found.removed.isEmpty && found.nextCursor == nil)
    }
  }

  @Test func `a thread that was begun and closed between two looks is news`() throws {
    try say("old", ["over"])
    _ = try home.workspace().setStatus("old", to: "CLOSED", deadline: soon())
    #expect(try look().isEmpty)
    try say("quick", ["one"])
    _ = try home.workspace().setStatus("quick", to: "CLOSED", deadline: soon())
    #expect(try look().bodies == ["quick": ["one"]])
    #expect(try updates().isEmpty)
  }

  @Test func `a mark that cannot be read hides nothing of a closed thread`() throws {
    try say("plan", ["one"])
    _ = try look()
    try say("plan", ["two"])
    _ = try home.workspace().setStatus("plan", to: "CLOSED", deadline: soon())
    try Data().write(to: URL(fileURLWithPath: mark("plan")))
    #expect(try look().bodies == ["plan": ["one", "two"]])
    #expect(try updates().isEmpty)
  }

  @Test func `a thread that is removed again is told again`() throws {
    for topic in ["plan", "other"] { try say(topic, ["one"]) }
    _ = try look()
    let text = try #require(home.read("plan.md"))
    for _ in 0..<3 {
      try remove("plan")
      #expect(try look().removed.map(\.topic.name) == ["plan"])
      #expect(try look().removed.isEmpty)
      try home.write(text, to: "plan.md")
      #expect(try look().isEmpty)
    }
  }

  @Test func `the only thread is missed, and a directory that is gone for a moment is not`() throws
  {
    try say("plan", ["one"])
    _ = try look()
    let away = home.threads + ".away"
    try FileManager.default.moveItem(atPath: home.threads, toPath: away)
    #expect(try updates().removed.isEmpty)
    try FileManager.default.moveItem(atPath: away, toPath: home.threads)
    try remove("plan")
    #expect(try updates().removed.map(\.topic.name) == ["plan"])
  }

  @Test func `a mark of 0.1.0 is kept for a thread that is gone`() throws {
    for topic in ["plan", "other"] { try say(topic, numbered(0..<50)) }
    _ = try look()
    let entries = try home.thread("plan").entries
    let first = "50 \(entries[49].id!) \(entries[48].id!)\n"
    try Data(first.utf8).write(to: URL(fileURLWithPath: mark("plan")))
    let text = try #require(home.read("plan.md"))
    try remove("plan")
    let found = try look()
    #expect(found.removed.map(\.count) == [50])
    #expect(try updates().removed.isEmpty)
    try home.write(text, to: "plan.md")
    #expect(try look().isEmpty)
  }

  @Test func `however much was removed, each of it is told`() throws {
    try say("keep", ["kept"])
    let topics = (0..<60).map { "topic-\($0)" }
    for topic in topics { try say(topic, ["one"]) }
    _ = try look()
    for topic in topics { try remove(topic) }
    var told: [String] = []
    for _ in 0..<3 { told += try look().removed.map(\.topic.name) }
    #expect(told.sorted() == topics.sorted())
  }

  @Test func `a first look whose marks cannot be written is the first one again`() throws {
    for topic in ["old", "older"] {
      try say(topic, ["over"])
      _ = try home.workspace().setStatus(topic, to: "CLOSED", deadline: soon())
    }
    try say("open", ["one"])
    #expect(try look().bodies == ["open": ["one"]])
    let directory = URL(fileURLWithPath: try mark("open")).deletingLastPathComponent().path
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
      try FileManager.default.removeItem(atPath: directory + "/" + name)
    }
    let began = ContinuousClock.now
    try FileLock.withLock(on: directory, deadline: soon()) { _ in
      let found = try look()
      #expect(found.bodies == ["open": ["one"]])
    }
    #expect(ContinuousClock.now - began < .seconds(10))
    #expect(try look().bodies == ["open": ["one"]])
    #expect(try updates().isEmpty)
  }

  @Test(arguments: [1, 3, 50])
  func `an entry too long for a reply stops no cursor`(limit: Int) throws {
    let long = String(repeating: "long ", count: 20_000)
    for topic in ["plan", "other"] {
      try say(topic, ["before \(topic)", long + topic, "after \(topic)"])
    }
    var (cursor, seen, begun) = ("2020-11-21T00:00:00Z", [String](), 0)
    for _ in 0..<20 {
      let found = try updates(cursor, limit: limit)
      let view = UpdatesView(found, size: ReplyRoom.standard)
      seen += view.shown.bodies.values.joined()
      begun += view.shown.begun.count
      let next = try #require(view.shown.nextCursor)
      if next.contains("~") == false { break }
      #expect(next != cursor)
      cursor = next
      #expect(!view.markdown.contains("[cut") || view.markdown.contains("max_chars=10"))
    }
    #expect(seen.sorted() == ["after other", "after plan", "before other", "before plan"])
    #expect(begun == 2)
  }

  @Test func `what was removed leaves room for what is new`() throws {
    for number in 0..<30 { try say("topic-\(number)", numbered(0..<20)) }
    _ = try look()
    for number in 0..<30 { try remove("topic-\(number)") }
    try say("new", ["one"])
    let view = UpdatesView(try updates(), size: ReplyRoom.standard)
    #expect(view.shown.bodies == ["new": ["one"]])
    #expect(view.json["removed"]?.array?.count == 30)
  }
}

/// The same where the files are not all that there is.
@Suite struct NothingUnshownInCloudTests {
  private let remote: TestRemote
  private let other: TestClone
  private let here: TestClone
  private let machine: TestWorkspace

  init() throws {
    let shared = try SharedThread(["WATERCOOLER_FRESH": "0.001"])
    (remote, other, here, machine) = (shared.remote, shared.other, shared.here, shared.machine)
    try other.say("first", in: "second")
  }

  private func updates(_ since: String? = nil) throws -> Updates {
    try here.refresh()
    return try machine.workspace().refreshed(deadline: soon()).updates(since: since)
  }

  @Test func `what a file that is being edited lacks is shown`() throws {
    let cursor = try #require(try updates().nextCursor)
    try machine.workspace().markSeen(try updates())
    try other.say("behind an edit")
    try here.edit(isStill: false, replacing: "\nfirst\n", with: "\nfirst, and more\n")
    for since in [cursor, nil] {
      let found = try updates(since)
      #expect(found.bodies["t"]?.last == "behind an edit" && found.unread.isEmpty)
    }
    let edited = try String(contentsOfFile: here.path(), encoding: .utf8)
    #expect(edited.contains("first, and more") && !edited.contains("behind an edit"))
    age(here.path())
    for since in [cursor, nil] {
      #expect(try updates(since).bodies["t"]?.last == "behind an edit")
    }
  }

  @Test func `what is not checked out was not removed`() throws {
    let cursor = try #require(try updates().nextCursor)
    try machine.workspace().markSeen(try updates())
    try here.git("sparse-checkout", "set", "--no-cone", "/t.md")
    try other.say("unseen", in: "second")
    for since in [cursor, nil] {
      let found = try updates(since)
      #expect(found.removed.isEmpty && found.unread.map(\.topic.name) == ["second"])
      #expect(found.nextCursor == since)
    }
    try here.git("sparse-checkout", "disable")
    for since in [cursor, nil] { #expect(try updates(since).bodies == ["second": ["unseen"]]) }
  }
}
