import Foundation
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ThreadsWatchTests {
  private let home: TestWorkspace

  init() throws {
    home = try TestWorkspace()
    try home.say("plan", "one")
    try home.say("other", "one")
  }

  private func watch(only topic: String? = nil) throws -> ThreadsWatch {
    ThreadsWatch(try home.workspace(), only: try topic.map { try Topic($0) })
  }

  @Test func `what was there is no news, and every change is told once`() throws {
    var watch = try watch()
    #expect(watch.look().isEmpty)
    try home.say("plan", "two") { $0.agent = "Codex" }
    try home.say("plan", "three") { $0.agent = "Codex" }
    try home.say("newer", "one")
    let news = watch.look()
    #expect(news.map(\.topic.name) == ["newer", "plan"])
    #expect(news[0].isNew && news[0].added == [0])
    #expect(!news[1].isNew && !news[1].isGone && news[1].added == [1, 2])
    #expect(news[1].before?.entryCount == 1 && news[1].after?.entryCount == 3)
    #expect(news[1].before?.ball?.description == "Codex")
    #expect(news[1].after?.ball?.description == "Claude (alice)")
    #expect(news[1].thread == (try home.thread("plan")))
    #expect(watch.look().isEmpty)
  }

  @Test func `ball and status are news without an entry`() throws {
    var watch = try watch()
    _ = try home.workspace().setBall("plan", to: "Gemini", deadline: soon())
    let ball = try #require(watch.look().first)
    #expect(ball.added.isEmpty && ball.after?.ball?.description == "Gemini")
    _ = try home.workspace().setStatus("plan", to: "CLOSED", deadline: soon())
    #expect(watch.look().first?.after?.status == "CLOSED")
  }

  @Test func `a thread that goes and comes back has no new entries`() throws {
    var watch = try watch()
    let text = try #require(home.read("plan.md"))
    try FileManager.default.removeItem(atPath: home.threads + "/plan.md")
    let gone = try #require(watch.look().first)
    #expect(gone.isGone && gone.thread == nil && gone.before?.entryCount == 1)
    try home.write(text, to: "plan.md")
    let back = try #require(watch.look().first)
    #expect(back.isNew && back.added.isEmpty)
    // Nor has one that was half saved for a moment.
    try home.write(String(text.prefix(60)), to: "plan.md")
    _ = watch.look()
    try home.write(text, to: "plan.md")
    let whole = watch.look()
    #expect(whole.allSatisfy { $0.added.isEmpty })
  }

  @Test func `an entry that was removed, or edited, is told by its place`() throws {
    for body in ["two", "three"] { try home.say("plan", body) }
    var watch = try watch()
    var thread = try home.thread("plan")
    thread.entries.remove(at: 1)
    try home.write(String(decoding: thread.bytes, as: UTF8.self), to: "plan.md")
    let removed = try #require(watch.look().first)
    #expect(removed.added.isEmpty && removed.changed == [1, 2])
    let text = try #require(home.read("plan.md"))
    try home.write(text.replacing("three", with: "THREE"), to: "plan.md")
    let edited = try #require(watch.look().first)
    #expect(edited.added.isEmpty && edited.changed == [1])
  }

  @Test func `a thread with another name has no new entries`() throws {
    var watch = try watch()
    for name in ["another", "zebra"] {
      let before = name == "another" ? "plan" : "another"
      try FileManager.default.moveItem(
        atPath: home.threads + "/\(before).md", toPath: home.threads + "/\(name).md")
      let news = watch.look()
      #expect(news.filter(\.isGone).map(\.topic.name) == [before])
      #expect(news.filter(\.isNew).map(\.topic.name) == [name])
      #expect(news.allSatisfy { $0.added.isEmpty })
    }
  }

  @Test func `entries of older tools are told apart too`() throws {
    let head = "# old — Thread\nStatus: open\nBall: codex\nTopic: old\n"
    func entry(_ words: String) -> String {
      "\n---\nEntry: Codex 2025-10-07T00:27:54Z\nType: Note\nTitle: T\n\n\(words)\n"
    }
    try home.write(head + entry("one"), to: "old.md")
    var watch = try watch()
    try home.write(head + entry("one") + entry("two"), to: "old.md")
    #expect(watch.look().first?.added == [1])
  }

  @Test func `what was written in between stands before what was there`() throws {
    var watch = try watch()
    let text = try #require(home.read("plan.md"))
    let added = "---\nEntry: Codex 2026-11-21T01:54:50Z\nTitle: T\n\nfaster\n\n"
    try home.write(text.replacing("---\nEntry:", with: added + "---\nEntry:"), to: "plan.md")
    #expect(watch.look().first?.added == [0])
  }

  @Test func `other files and those that are no threads are no news`() throws {
    var watch = try watch()
    try home.write("# Readme\n", to: "README.md")
    try home.write("---\nlayout: page\n", to: "notes.md")
    try home.write("x", to: "plan.txt")
    #expect(watch.look().isEmpty)
  }

  @Test func `a directory that is made later is watched from the start`() throws {
    try FileManager.default.removeItem(atPath: home.threads)
    var watch = try watch()
    #expect(watch.look().isEmpty)
    try home.say("plan", "one")
    #expect(watch.look().map(\.added) == [[0]])
    try FileManager.default.removeItem(atPath: home.threads)
    #expect(watch.look().map(\.isGone) == [true])
  }

  @Test func `a file that looks as before is not read`() throws {
    let path = home.threads + "/plan.md"
    age(path)
    var watch = try watch()
    let before = try #require(try FileStatus.of(path))
    // In place, with its time put back: nobody can do so by accident.
    let text = try #require(home.read("plan.md")).replacing("ball: Codex", with: "ball: Gemin")
    let file = try FileDescriptor(opening: path, for: .writing)
    try file.write(Array(text.utf8))
    try File.touch(path, at: before.modified)
    #expect(watch.look().isEmpty)
    age(path, seconds: 5)
    #expect(watch.look().map(\.after?.ball?.description) == ["Gemin"])
  }

  @Test func `one thread alone`() throws {
    var watch = try watch(only: "plan")
    try home.say("other", "two")
    #expect(watch.look().isEmpty)
    try home.say("plan", "two")
    #expect(watch.look().map(\.added) == [[1]])
  }
}
