import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What cannot be sent waits, and is sent later or taken back.
@Suite struct OutboxTests {
  let remote: TestRemote
  let anna: TestClone
  let ben: TestClone

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.say("before")
    ben = try remote.clone("Ben")
  }

  @Test func `without a line an entry waits, and the receipt says so`() throws {
    try anna.unplug()
    let delivery = try anna.say("one")
    #expect(delivery.state == .queued)
    #expect((delivery.problem as? RemoteProblem)?.kind == .unreachable)
    #expect(delivery.waiting == 1)
    #expect(delivery.waitingSince != nil)
    #expect(try anna.say("two").waiting == 2)
    #expect(try anna.bodies() == ["before", "one", "two"])
    #expect(try remote.bodies() == ["before"])
    let freshness = try anna.refresh()
    #expect(freshness.remoteProblem?.kind == .unreachable)
    #expect(freshness.outbox.map(\.subject) == ["Anna: one (t)", "Anna: two (t)"])
    #expect(freshness.pending.count == 2)
  }

  @Test(arguments: ["write", "read", "sync"])
  func `what waits is sent by the next`(_ operation: String) throws {
    try anna.unplug()
    try anna.say("one")
    try anna.plug()
    switch operation {
    case "write": try anna.say("two")
    case "read": try anna.refresh()
    default: try anna.synchronize()
    }
    #expect(try remote.bodies().prefix(2) == ["before", "one"])
    #expect(try anna.sync.outbox.waiting() == [])
  }

  @Test func `a remote that was moved away keeps what is written for later`() throws {
    let aside = remote.home.path("aside.git")
    try FileManager.default.moveItem(atPath: remote.url, toPath: aside)
    let delivery = try anna.say("one")
    #expect(delivery.state == .blocked)
    #expect((delivery.problem as? RemoteProblem)?.kind == .noRepository)
    #expect(try anna.bodies() == ["before", "one"])
    try FileManager.default.moveItem(atPath: aside, toPath: remote.url)
    #expect(try anna.say("two").state == .pushed)
    #expect(try remote.bodies() == ["before", "one", "two"])
  }

  @Test func `what waited comes after what others said meanwhile`() throws {
    try anna.unplug()
    for body in ["two", "three"] { try anna.say(body) }
    try ben.say("one")
    try anna.plug()
    let delivery = try anna.synchronize()
    #expect(delivery.state == .pushed)
    #expect(delivery.arrived.map(\.subject) == ["Ben: one (t)"])
    #expect(try remote.bodies() == ["before", "one", "two", "three"])
    #expect(try remote.log().count == 3)
  }

  @Test func `many commits become one, with the trailers of each`() throws {
    try anna.unplug()
    let ids = (0..<25).map { _ in EntryID.make() }
    for (number, id) in ids.enumerated() {
      try anna.say("\(number)", in: number.isMultiple(of: 2) ? "t" : "u", id: id)
    }
    try ben.say("meanwhile")
    try anna.plug()
    #expect(try anna.synchronize().state == .pushed)
    let even = (0..<25).filter { $0.isMultiple(of: 2) }.map { "\($0)" }
    #expect(try remote.bodies() == ["before", "meanwhile"] + even)
    #expect(try remote.bodies("u").count == 12)
    let log = try remote.log()
    #expect(log.count == 3)
    let trailers = try #require(log.last).split(separator: "\n").dropFirst()
    #expect(
      trailers.map(String.init)
        == ids.map { "Watercooler-Entry-ID: \($0)" }
        + ["Watercooler-Topic: t", "Watercooler-Topic: u", "Watercooler-Agent: Anna"])
    // Each is found by its ID.
    let commit = try anna.head()
    #expect(
      try ids.allSatisfy {
        try anna.sync.workTree.commit(of: $0, on: anna.sync.clone.trackingRef) == commit
      }
    )
  }

  @Test(arguments: [0, 1, 2])
  func `one of three is taken back, and the others stay`(_ index: Int) throws {
    try anna.unplug()
    let ids = (0..<3).map { _ in EntryID.make() }
    for (number, id) in ids.enumerated() { try anna.say("\(number)", id: id) }
    let dropped = try anna.sync.outbox.drop(ids[index], until: soon())
    #expect(dropped?.change.entryIDs == [ids[index]])
    var left = ["0", "1", "2"]
    left.remove(at: index)
    #expect(try anna.bodies() == ["before"] + left)
    #expect(try anna.isClean())
    #expect(try anna.sync.outbox.listed().map(\.subject) == left.map { "Anna: \($0) (t)" })
    try anna.plug()
    #expect(try anna.synchronize().state == .pushed)
    #expect(try remote.bodies() == ["before"] + left)
  }

  @Test(arguments: [0, 1, 2])
  func `one of three in a thread that waits too is taken back`(_ index: Int) throws {
    try anna.unplug()
    let ids = (0..<3).map { _ in EntryID.make() }
    for (number, id) in ids.enumerated() { try anna.say("\(number)", in: "new", id: id) }
    #expect(try anna.sync.outbox.drop(ids[index], until: soon()) != nil)
    var left = ["0", "1", "2"]
    left.remove(at: index)
    #expect(try anna.bodies("new") == left)
    #expect(try anna.sync.outbox.listed().map(\.subject) == left.map { "Anna: \($0) (new)" })
    #expect(try anna.isClean())
  }

  @Test func `what made a thread is taken back with the thread`() throws {
    try anna.unplug()
    let id = EntryID.make()
    try anna.say("only", in: "new", id: id)
    #expect(try anna.sync.outbox.drop(id, until: soon()) != nil)
    #expect(anna.text("new") == nil)
    #expect(try anna.isClean())
    #expect(try anna.sync.outbox.waiting() == [])
  }

  @Test func `what was said of other threads stays when one is taken back`() throws {
    try anna.unplug()
    let id = EntryID.make()
    try anna.say("a", in: "a", id: id)
    try anna.say("b", in: "b")
    try anna.set(status: "CLOSED", of: "b")
    #expect(try anna.sync.outbox.drop(id, until: soon()) != nil)
    #expect(anna.text("a") == nil)
    #expect(try anna.bodies("b") == ["b"])
    #expect(anna.text("b")?.contains("status: CLOSED") == true)
  }

  @Test func `the first thing ever said can be taken back`() throws {
    let remote = try TestRemote()
    let carl = try remote.clone("Carl")
    try carl.unplug()
    let id = EntryID.make()
    try carl.say("one", id: id)
    try carl.say("two", in: "u")
    #expect(try carl.sync.outbox.drop(id, until: soon()) != nil)
    #expect(try carl.bodies("u") == ["two"])
    #expect(carl.text() == nil)
    try carl.plug()
    #expect(try carl.synchronize().state == .pushed)
    #expect(try remote.threads().keys.sorted() == ["u"])
  }

  @Test func `what is not in the outbox cannot be taken back`() throws {
    let id = EntryID.make()
    try anna.say("sent", id: id)
    #expect(try anna.sync.outbox.drop(id, until: soon()) == nil)
    #expect(try anna.bodies() == ["before", "sent"])
  }

  @Test func `one of many that became one commit is taken back alone`() throws {
    try anna.unplug()
    let ids = (0..<21).map { _ in EntryID.make() }
    for (number, id) in ids.enumerated() { try anna.say("\(number)", id: id) }
    try ben.say("meanwhile")
    // Nothing can be pushed, but fetched.
    try remote.home.write(
      "#!/bin/sh\nexit 1\n", to: "remote.git/hooks/pre-receive", executable: true)
    try anna.plug()
    try anna.synchronize()
    #expect(try anna.sync.outbox.waiting().count == 1)
    let dropped = try? anna.sync.outbox.drop(ids[3], until: soon())
    let others = (0..<21).filter { $0 != 3 || dropped == nil }.map { "\($0)" }
    #expect(try anna.bodies() == ["before", "meanwhile"] + others)
  }
}
