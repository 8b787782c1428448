import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// While one process pushes, what others write waits for one commit.
@Suite struct GroupCommitTests {
  let remote: TestRemote
  let anna: TestClone
  let ids = [EntryID.make(), EntryID.make(), EntryID.make()]

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.say("before")
  }

  private func isSettled() throws -> Bool {
    try anna.isClean() && anna.sync.clone.records.names() == [] && anna.sync.outbox.waiting() == []
  }

  /// Says this, each by a writer of its own, while somebody else holds the push lock until all of it
  /// is in the files and `meanwhile` is over.
  private func sayAtOnce(
    _ bodies: [String], meanwhile: () throws -> Void = {}
  ) throws -> [Result<Delivery, any Error>] {
    let (anna, ids) = (anna, ids)
    let results = Mutexed([Result<Delivery, any Error>?](repeating: nil, count: bodies.count))
    let said = DispatchGroup()
    let count = try anna.bodies().count
    try anna.sync.clone.withLock(PushLock.self, deadline: soon()) { _ in
      for (turn, body) in bodies.enumerated() {
        said.enter()
        try startThread(named: "writer") {
          let result = Result { try anna.say(body, id: ids[turn]) }
          results.change { $0[turn] = result }
          said.leave()
        }
      }
      while try anna.sync.branch.standing.waiting.count < bodies.count
        || anna.bodies().count < count + bodies.count
      { usleep(1000) }
      try meanwhile()
    }
    said.wait()
    return results.value.compactMap { $0 }
  }

  @Test func `entries said meanwhile go out in one commit, each with its trailer`() throws {
    let deliveries = try sayAtOnce(["one", "two", "three"]).map { try $0.get() }
    #expect(deliveries.allSatisfy { $0.state == .pushed })
    #expect(deliveries.reduce(0) { $0 + $1.attempts } == 1)
    let message = try #require(try remote.log().last)
    #expect(try remote.log().count == 2)
    #expect(message.hasPrefix("3 entries (t)\n\n"))
    #expect(ids.allSatisfy { message.contains("Watercooler-Entry-ID: \($0)\n") })
    #expect(message.hasSuffix("Watercooler-Topic: t\nWatercooler-Agent: Anna"))
    let head = try anna.head()
    #expect(deliveries.allSatisfy { $0.commit == head })
    #expect(try Set(remote.bodies()) == ["before", "one", "two", "three"])
    #expect(try isSettled())
  }

  @Test func `a note of the files that cannot be written is no reason to say that they were not`()
    throws
  {
    let note = anna.sync.clone.path(of: .asLeft)
    let deliveries = try sayAtOnce(["one", "two"]) {
      unlink(note)
      mkdir(note, 0o777)
    }
    #expect(try deliveries.map { try $0.get().state } == [.pushed, .pushed])
    rmdir(note)
    #expect(try Set(remote.bodies()) == ["before", "one", "two"])
    #expect(try isSettled())
  }

  @Test func `an index that cannot be read is told of by whoever commits for the others`() throws {
    let index = anna.sync.clone.gitDirectory + "/index"
    let deliveries = try sayAtOnce(["one", "two"]) {
      try AtomicFile.replace("index", in: index.parentPath, with: Array("damaged".utf8))
    }.map { try $0.get() }
    let told = deliveries.compactMap { $0.problem?.message } + deliveries.flatMap(\.notes)
    #expect(told.contains { $0.contains("index file") }, "\(told)")
    #expect(try Set(remote.bodies()) == ["before", "one", "two"])
  }

  @Test func `a commit that was made before its process was killed is not made again`() throws {
    try anna.begin("one")
    try anna.begin("two")
    let (state, kept) = (anna.sync.clone.stateDirectory, remote.home.path("kept"))
    try FileManager.default.copyItem(atPath: state, toPath: kept)
    try anna.unplug()
    try anna.synchronize()
    // As it was when the branch had moved, and nothing else was noted.
    try FileManager.default.removeItem(atPath: state)
    try FileManager.default.moveItem(atPath: kept, toPath: state)
    #expect(try anna.synchronize().waiting == 2)
    #expect(try anna.sync.outbox.waiting().count == 1)
    try anna.plug()
    #expect(try anna.synchronize().state == .pushed)
    #expect(try remote.bodies() == ["before", "one", "two"])
    #expect(try remote.log().count == 2)
  }

  @Test func `one of several can be taken back, and the count is of entries`() throws {
    try anna.unplug()
    let deliveries = try sayAtOnce(["one", "two"]).map { try $0.get() }
    #expect(deliveries.map(\.state) == [.queued, .queued])
    #expect(deliveries.map(\.waiting) == [2, 2])
    #expect(try anna.refresh().pending == [ids[0], ids[1]])
    #expect(try anna.sync.outbox.waiting().count == 1)
    #expect(try anna.sync.outbox.drop(ids[0], until: soon()) != nil)
    #expect(try anna.bodies() == ["before", "two"])
    try anna.plug()
    try anna.synchronize()
    #expect(try remote.bodies() == ["before", "two"])
    #expect(try remote.log().last?.contains(ids[0].description) == false)
  }

  @Test func `without others a write has a commit of its own at once`() throws {
    try anna.say("one")
    try anna.say("two")
    #expect(try remote.log().dropFirst().map { $0.prefix(11) } == ["Anna: one (", "Anna: two ("])
  }

  @Test func `a new thread, and a change without an entry, wait and go out with the others`() throws
  {
    try anna.begin("one")
    try anna.begin("new", in: "new")
    let writer = Writer(open: anna.sync.open.before(soon()))
    try anna.sync.clone.withLock(PushLock.self, deadline: soon()) { _ in
      _ = try writer.write(try Topic("t"), by: try Agent("Anna")) { stored in
        var thread = try #require(stored?.thread)
        thread.set("status", to: "DONE", at: .now, topic: try Topic("t"))
        return .write(.init(thread, .changed))
      }
    }
    try anna.begin("two")
    let subjects = try anna.sync.outbox.waiting().map(\.subject)
    #expect(
      subjects == [
        "Anna: one (t)", "Anna: new (new)", "Anna: status DONE, ball Anna (t)", "Anna: two (t)",
      ])
    try anna.synchronize()
    #expect(try remote.bodies() == ["before", "one", "two"])
    #expect(try remote.bodies("new") == ["new"])
    #expect(try remote.threads()["t"]?.status == "DONE")
    #expect(try remote.log().count == 2)
    #expect(try isSettled())
  }

  @Test(arguments: ["write", "read", "sync", "outbox", "drop", "condition"])
  func `what a killed writer left is committed by the next`(_ operation: String) throws {
    try anna.begin("one", id: ids[0])
    try anna.begin("two", id: ids[1])
    switch operation {
    case "write": try anna.say("three")
    case "read": #expect(try anna.refresh().problem == nil)
    case "sync": try anna.synchronize()
    case "outbox": #expect(try anna.sync.outbox.waiting().flatMap(\.entryIDs) == [ids[0], ids[1]])
    case "drop": #expect(try anna.sync.outbox.drop(EntryID.make(), until: soon()) == nil)
    default: try anna.say("three", ifLastIs: ids[1])
    }
    try anna.synchronize()
    #expect(try remote.bodies().prefix(3) == ["before", "one", "two"])
    #expect(try remote.log()[1].contains("Watercooler-Entry-ID: \(ids[1])"))
    // Whoever asked for it asks again.
    try anna.say("two", id: ids[1])
    #expect(try remote.bodies().count { $0 == "two" } == 1)
    #expect(try isSettled())
  }

  @Test func `killed between push and its end, nothing is done twice`() throws {
    try anna.begin("one", id: ids[0])
    let (outbox, kept) = (anna.sync.clone.path(of: .outbox), remote.home.path("kept"))
    try FileManager.default.copyItem(atPath: outbox, toPath: kept)
    try anna.synchronize()
    try FileManager.default.removeItem(atPath: outbox)
    try FileManager.default.moveItem(atPath: kept, toPath: outbox)
    #expect(try anna.sync.outbox.waiting() == [])
    let ben = try remote.clone("Ben")
    try ben.say("his")
    try anna.say("two")
    #expect(try remote.bodies() == ["before", "one", "his", "two"])
    #expect(try isSettled())
  }

  @Test(arguments: [1, 20, 60, 200])
  func `a record that was cut off hides no other, and its entry is in the file`(_ left: Int) throws
  {
    try anna.begin("one", id: ids[0])
    try anna.begin("two", id: ids[1])
    let name = try #require(try anna.sync.clone.records.names().last)
    let path = "\(anna.sync.clone.path(of: .outbox))/000000000003-\(name.id)"
    #expect(access(path, F_OK) == 0)
    truncate(path, off_t(left))
    try anna.begin("three", id: ids[2])
    #expect(try anna.sync.outbox.uncommitted().map(\.id) == [ids[0], ids[2]])
    age(anna.path())
    try anna.synchronize()
    age(anna.path())
    try anna.synchronize()
    #expect(try Set(remote.bodies()) == ["before", "one", "two", "three"])
    #expect(try remote.bodies().count == 4)
  }

  @Test func `an edit saved before the commit is taken in after it`() throws {
    try anna.begin("one", id: ids[0])
    try anna.edit(isStill: false, replacing: "\nbefore\n", with: "\nbefore, half\n")
    try anna.synchronize()
    #expect(try remote.bodies() == ["before", "one"])
    age(anna.path())
    try anna.synchronize()
    #expect(try remote.bodies() == ["before, half", "one"])
    #expect(try isSettled())
  }

  @Test func `an old buffer saved over it takes no entry away`() throws {
    let old = try #require(anna.text())
    try anna.begin("one", id: ids[0])
    try anna.edit(to: old)
    try anna.synchronize()
    #expect(try remote.bodies() == ["before", "one"])
    #expect(try anna.bodies() == ["before", "one"])
  }

  @Test func `a person who commits by hand meanwhile commits the entry, and it is told so`() throws
  {
    let anna = anna
    let delivery = try sayAtOnce(["one"]) { try anna.git("commit", "-qam", "by hand") }[0].get()
    #expect(delivery.state == .pushed)
    #expect(try remote.bodies() == ["before", "one"])
    #expect(try isSettled())
  }

  @Test func `others' commits come first where they were faster`() throws {
    let ben = try remote.clone("Ben")
    let deliveries = try sayAtOnce(["one", "two"]) { try ben.say("his") }.map { try $0.get() }
    #expect(deliveries.allSatisfy { $0.state == .pushed })
    let bodies = try remote.bodies()
    #expect(bodies.prefix(2) == ["before", "his"])
    #expect(bodies.count == 4)
    #expect(try anna.bodies() == bodies)
  }

  @Test func `a title may have anything in it`() throws {
    let title = "a\u{1F}b\u{1E}\u{0}c".replacing("\0", with: "")
    let delivery = try sayAtOnce([title])[0].get()
    #expect(delivery.state == .pushed)
    #expect(try remote.bodies() == ["before", title])
  }

  @Test func `somebody who pulls by hand meanwhile brings what others said, and keeps it`() throws {
    let ben = try remote.clone("Ben")
    try anna.begin("one", id: ids[0])
    try ben.say("his")
    try anna.git("stash", "-q")
    try anna.git("pull", "-q", "--rebase")
    try anna.synchronize()
    #expect(try remote.bodies() == ["before", "his", "one"])
    age(anna.path())
    try anna.synchronize()
    #expect(try anna.bodies() == ["before", "his", "one"])
    #expect(try remote.bodies() == ["before", "his", "one"])
    #expect(try anna.isClean())
  }

  @Test func `an edit that is committed by hand meanwhile is not taken back`() throws {
    try anna.begin("one", id: ids[0])
    try anna.edit(replacing: "\nbefore\n", with: "\nbefore, and more\n")
    try anna.git("commit", "-qam", "by hand")
    try anna.begin("two", id: ids[1])
    try anna.synchronize()
    #expect(try remote.bodies() == ["before, and more", "one", "two"])
    #expect(try isSettled())
  }

  @Test func `it never goes to somebody's own branch`() throws {
    try anna.begin("one", id: ids[0])
    try anna.git("switch", "-q", "-c", "mine")
    let head = try anna.head()
    let delivery = anna.sync.sender.deliver(ids[0], isNew: true, until: soon())
    #expect(delivery.problem is CloneTrouble)
    #expect(delivery.state == .blocked)
    #expect(try anna.head() == head)
    try anna.git("switch", "-q", "main")
    try anna.synchronize()
    #expect(try remote.bodies() == ["before", "one"])
    #expect(try isSettled())
  }

  @Test func `what was pushed, taken out by hand, and said again, is pushed again`() throws {
    let old = try #require(anna.text())
    try anna.say("one", id: ids[0])
    try anna.edit(to: old)
    try anna.git("commit", "-qam", "taken out")
    try anna.git("push", "-q", "origin", "main")
    #expect(try remote.bodies() == ["before"])
    #expect(try anna.say("one", id: ids[0]).state == .pushed)
    #expect(try remote.bodies() == ["before", "one"])
  }

  @Test func `a body that quotes an Entry-ID is not that entry`() throws {
    try anna.say("<!-- Entry-ID: \(ids[0]) -->")
    #expect(try anna.sync.workTree.isCommitted(ids[0]) == false)
    try anna.say("one", id: ids[0])
    #expect(try anna.sync.workTree.isCommitted(ids[0]))
  }

  @Test func `a push that takes too long leaves it committed, and queued`() throws {
    let clone = anna.sync.clone
    try clone.withLock(PushLock.self, deadline: soon()) { _ in
      let (agent, topic) = (try Agent("Anna"), try Topic("t"))
      let entry = Entry(EntryDraft(agent: agent, time: .now, body: Bytes("one"), id: ids[0]))
      let deadline = Deadline.after(.milliseconds(300))
      let delivery = try anna.sync.write(topic, by: agent, deadline: deadline) { stored in
        var thread = try #require(stored?.thread)
        thread.add(entry, topic: topic)
        return .write(.init(thread, .added(ids[0]), entry: entry))
      }.delivery
      #expect(delivery.state == .queued)
      #expect(delivery.waiting == 1)
    }
    #expect(try anna.sync.branch.standing.waiting.isEmpty)
    try anna.synchronize()
    #expect(try remote.bodies() == ["before", "one"])
  }
}
