import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct SeenMarksTests {
  private let home: TestWorkspace

  init() throws {
    home = try TestWorkspace()
    for number in 0..<5 { try home.say("plan", "body \(number)") { $0.agent = "Codex (bob)" } }
  }

  private func read(_ selection: EntrySelection = .all, as agent: String = "Claude") throws {
    let workspace = try home.workspace(["WATERCOOLER_AGENT": agent])
    workspace.markSeen(try workspace.read("plan", selection))
  }

  private func unseen(by agent: String = "Claude", of topic: String = "plan") throws -> [Int] {
    let workspace = try home.workspace(["WATERCOOLER_AGENT": agent])
    let stored = try home.store.read(try Topic(topic))
    return try workspace.seenMarks().seen(of: stored.topic, in: stored.thread.entries).unseen
  }

  private func files() throws -> [String] {
    let state = try home.workspace().readerDirectory
    let found = FileManager.default.enumerator(atPath: state)?.compactMap { $0 as? String } ?? []
    return found.filter { !$0.hasSuffix(".tmp") }.sorted()
  }

  @Test func `what was read is seen, and what comes then is not`() throws {
    #expect(try unseen() == [0, 1, 2, 3, 4])
    try read()
    #expect(try unseen() == [])
    try home.say("plan", "more") { $0.agent = "Codex (bob)" }
    #expect(try unseen() == [5])
  }

  @Test func `pages move it on, and one that was read before does not move it back`() throws {
    try read(.from(0, limit: 2))
    #expect(try unseen() == [2, 3, 4])
    try read(.last(1))
    #expect(try unseen() == [2, 3, 4])
    try read(.from(1, limit: 3))
    #expect(try unseen() == [4])
    try read(.from(0, limit: 1))
    #expect(try unseen() == [4])
  }

  @Test func `every agent and every person has marks of their own`() throws {
    try read(as: "Claude (alice)")
    for other in ["Claude (bob)", "Gemini (alice)", "Claude (al_ice)", "Claude (al/ice)"] {
      #expect(try unseen(by: other).count == 5, "\(other)")
    }
    #expect(try unseen(by: "claude (Alice)") == [])
    #expect(try unseen(by: "Claude") == [])
  }

  @Test func `what the reader says is seen, and what came before it is not`() throws {
    try read(.from(0, limit: 3))
    try home.say("plan", "mine")
    #expect(try unseen() == [3, 4])
    try read()
    try home.say("plan", "mine too")
    #expect(try unseen() == [])
  }

  @Test func `a mark is one small file outside the threads, written only when it changes`() throws {
    try read()
    let files = try files().filter { $0.hasSuffix("/plan") }
    #expect(files.count == 1)
    #expect(try home.home.names(in: "threads") == ["plan.md"])
    let path = try home.workspace().readerDirectory + "/" + files[0]
    var before = stat()
    var after = stat()
    #expect(stat(path, &before) == 0 && before.st_size < 1000)
    try read()
    try read(.last(2))
    #expect(stat(path, &after) == 0)
    #expect(after.st_ino == before.st_ino)
  }

  @Test func `a mark that is in the way of nothing, and cannot be read, is none`() throws {
    try read()
    let file = try #require(try files().first { $0.hasSuffix("/plan") })
    let path = try home.workspace().readerDirectory + "/" + file
    try Data("garbage".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try unseen().count == 5)
    try read()
    #expect(try unseen() == [])
  }

  @Test func `a place where no mark can be written does not keep anybody from reading`() throws {
    // A file where the directory would be: root may write everywhere.
    let state = try home.workspace().readerDirectory
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: state).deletingLastPathComponent().path,
      withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: state))
    try read()
    #expect(try unseen().count == 5)
  }

  @Test func `the case of a topic does not matter`() throws {
    try read()
    try FileManager.default.moveItem(
      atPath: home.threads + "/plan.md", toPath: home.threads + "/Plan.md")
    #expect(try unseen(of: "plan") == [])
  }

  @Test func `many mark at once, and the furthest mark stays`() throws {
    for number in 5..<60 { try home.say("plan", "body \(number)") { $0.agent = "Codex" } }
    // As processes that have read the thread at another time.
    let all = try home.thread("plan").entries
    let topic = try Topic("plan")
    let marks = try home.workspace().seenMarks()
    DispatchQueue.concurrentPerform(iterations: 200) { turn in
      let count = 1 + (turn * 37) % 60
      marks.see(topic, in: Array(all.prefix(count))) { _ in true }
    }
    #expect(marks.seen(of: topic, in: all).unseen == [])
  }
}

/// Marks where entries may still move.
@Suite struct SeenMarksInCloudTests {
  private let remote: TestRemote
  private let other: TestClone
  private let here: TestClone
  private let machine: TestWorkspace

  init() throws {
    let shared = try SharedThread(["WATERCOOLER_FRESH": "0.001"])
    (remote, other, here, machine) = (shared.remote, shared.other, shared.here, shared.machine)
  }

  private func read() throws {
    let workspace = try machine.workspace().refreshed(deadline: soon())
    workspace.markSeen(try workspace.read("t"))
  }

  private func unseen() throws -> [String] {
    let stored = try here.sync.store.read(try Topic("t"))
    return try machine.workspace().seenMarks()
      .seen(of: stored.topic, in: stored.thread.entries).unseen
      .map { stored.thread.entries[$0].body.string }
  }

  @Test func `what others were faster with is unseen, whoever waited here`() throws {
    try read()
    try here.unplug()
    for (agent, body) in [("Claude", "mine"), ("Codex", "a neighbour's")] {
      let receipt = try machine.say("t", body) { $0.agent = agent }
      #expect(receipt.delivery.state != .pushed)
    }
    #expect(try unseen() == ["a neighbour's"])
    try read()
    #expect(try unseen() == [])

    try other.say("faster")
    try here.plug()
    try here.synchronize()
    #expect(try remote.bodies() == ["first", "faster", "mine", "a neighbour's"])
    #expect(try unseen() == ["faster"])
    try read()
    #expect(try unseen() == [])
    try other.synchronize()
    try other.say("later")
    try here.synchronize()
    #expect(try unseen() == ["later"])
  }

  @Test(arguments: [1, 2, 25, 100])
  func `what is written after it was looked up what waits is no reason to see what others wrote`(
    count: Int
  ) throws {
    try read()
    try here.unplug()
    let workspace = try machine.workspace().refreshed(deadline: soon())
    for number in 0..<count { try machine.say("t", "neighbour \(number)") { $0.agent = "Codex" } }
    let updates = try workspace.updates()
    #expect(updates.count == count)
    let reading = updates.threads[0].reading
    #expect(reading.range.compactMap(reading.number) == [0])
    workspace.markSeen(updates)
    #expect(try unseen() == [])
    for number in 0..<20 { try other.say("faster \(number)") }
    try here.plug()
    try here.synchronize()
    #expect(try unseen() == (0..<20).map { "faster \($0)" })
    try read()
    #expect(try unseen() == [])
  }
}
