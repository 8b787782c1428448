import Foundation
import TestSupport
import Testing

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
    let directory = try home.workspace().stateDirectory + "/seen"
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
}
