import Foundation
import Testing

@testable import Platform
@testable import Watercooler

/// What an entry says of what its writer had seen.
@Suite struct AfterTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  @discardableResult
  private func say(
    _ body: String, as agent: String = "Claude", _ change: (inout EntryRequest) -> Void = { _ in }
  ) throws -> Receipt {
    try home.say("plan", body) {
      $0.agent = agent
      change(&$0)
    }
  }

  private func read(_ selection: EntrySelection = .all, as agent: String = "Claude") throws {
    let workspace = try home.workspace(["WATERCOOLER_AGENT": agent])
    workspace.markSeen(try workspace.read("plan", selection))
  }

  /// The number of the entry that each one says was seen last.
  private func afters() throws -> [Int?] {
    let entries = try home.thread("plan").entries
    return entries.map { entry in entries.firstIndex { $0.id == entry.after && $0.id != nil } }
  }

  @Test func `an entry names the last one that its writer had seen`() throws {
    try say("one", as: "Codex")
    try say("blind")
    try read()
    try say("two", as: "Codex")
    try say("late")
    try read()
    try say("seen")
    try say("seen too")
    #expect(try afters() == [nil, nil, 0, 1, 3, 4])
    let thread = try home.thread("plan")
    #expect((0..<6).map { thread.unseen(byEntryAt: $0) } == [[], [], [1], [2], [], []])
  }

  @Test func `every way to write an entry says so, and each agent what it saw itself`() throws {
    try say("one", as: "Codex")
    try read()
    try say("two", as: "Codex")
    try read(as: "Gemini")
    var request = EntryRequest(topic: "plan", body: "")
    _ = try home.workspace().acknowledge(request, deadline: soon())
    request.agent = "Gemini"
    _ = try home.workspace().handOff(request, deadline: soon())
    #expect(try afters() == [nil, 0, 0, 1])
  }

  @Test func `a condition says better what was seen`() throws {
    try say("one", as: "Codex")
    try read()
    let last = try say("two", as: "Codex")
    let receipt = try say("three") { $0.expect = last.entryID?.description }
    #expect(receipt.entry?.after == last.entryID)
  }

  @Test func `a retry is the same entry, whatever was seen meanwhile`() throws {
    try say("one", as: "Codex")
    let id = EntryID.make().description
    try say("two") { $0.entryID = id }
    try read()
    try say("three", as: "Codex")
    try read()
    let again = try say("two") { $0.entryID = id }
    #expect(again.action == .alreadyThere(try #require(EntryID(id))))
    #expect(again.entry?.after == nil)
    #expect(try home.thread("plan").entries.count == 3)
  }

  @Test func `an entry without an ID cannot be named, and none before it is`() throws {
    try say("one", as: "Codex")
    let text = try #require(home.read("plan.md"))
    try home.write(
      text + "\n---\nEntry: Codex 2026-11-21T01:54:50Z\nTitle: T\n\nby hand\n", to: "plan.md")
    try read()
    try say("two")
    #expect(try afters() == [nil, nil, nil])
  }

  @Test func `readers see what was not seen, in both formats`() throws {
    try say("one", as: "Codex")
    try read()
    for number in 1...7 {
      try read(as: "Codex")
      try say("\(number)", as: number == 4 ? "Claude" : "Codex")
    }
    let view = ThreadView(try home.workspace().read("plan"))
    let entries = try #require(view.json["entries"]?.array)
    #expect(entries.map { $0["unseen"] } == [[], [], [], [], [1, 2, 3], [], [], []])
    #expect(
      view.markdown.contains(
        " | ball to Codex (alice)\nwritten without having seen [1], [2], [3]\n\n|4\n"))
    #expect(view.markdown.components(separatedBy: "written without").count == 2)
    for _ in 0..<3 { try say("more", as: "Codex") }
    try say("late")
    #expect(
      ThreadView(try home.workspace().read("plan", .last(1))).markdown
        .contains("\nwritten without having seen [1], [2], [3], [5], [6] and 4 more\n"))
  }

  @Test func `an entry that is not in the thread tells nothing`() throws {
    try say("one", as: "Codex")
    try say("two", as: "Gemini")
    let text = try #require(home.read("plan.md"))
    try home.write(
      text.replacing("Title: two\n", with: "Title: two\nAfter: \(EntryID.make())\n"),
      to: "plan.md")
    #expect(try home.thread("plan").unseen(byEntryAt: 1) == [])
  }

  @Test func `times do not go back in the order of the entries`() throws {
    let workspace = try home.workspace()
    DispatchQueue.concurrentPerform(iterations: 60) { number in
      _ = try? workspace.say(EntryRequest(topic: "plan", body: "\(number)"), deadline: soon())
    }
    let times = try home.thread("plan").entries.map(\.time)
    #expect(times.count == 60 && times == times.sorted())
  }
}

/// The same where entries move before they are shown.
@Suite struct AfterInCloudTests {
  @Test func `what was said without a network still says what was seen when others were faster`()
    throws
  {
    let remote = try TestRemote()
    let other = try remote.clone("Other")
    try other.say("first")
    let here = try remote.clone("Here")
    let machine = try TestWorkspace([
      "WATERCOOLER_GIT_SSH_SHARE": "0", "WATERCOOLER_DIR": here.root,
    ])
    let workspace = try machine.workspace().refreshed(deadline: soon())
    workspace.markSeen(try workspace.read("t"))
    try here.unplug()
    try machine.say("t", "mine")
    try machine.say("t", "mine too")
    let before = try here.sync.store.read(try Topic("t")).thread.entries.suffix(2)
    try other.say("faster")
    try here.plug()
    try here.synchronize()
    let reading = try machine.workspace().refreshed(deadline: soon()).read("t")
    #expect(reading.entries.map(\.body.string) == ["first", "faster", "mine", "mine too"])
    #expect(reading.entries.suffix(2) == before)
    #expect(reading.entries[2].after == reading.entries[0].id)
    #expect((0..<4).map { reading.unseen(byEntryAt: $0) } == [[], [], [1], []])
  }
}
