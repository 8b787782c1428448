import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Writes that are made only where a condition holds in the remote.
@Suite struct ConditionalWritingTests {
  let remote: TestRemote
  let anna: TestClone
  let ben: TestClone
  let first = EntryID.make()

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.say("first", id: first)
    ben = try remote.clone("Ben")
  }

  /// What a clone and its remote have, and that nothing lies about.
  private func traces(of clone: TestClone) throws -> [String] {
    [
      try clone.head(), try clone.git("status", "--porcelain", "--ignored"),
      try remote.run(["-C", remote.url, "for-each-ref"]), clone.text() ?? "",
      try clone.git("for-each-ref"), try clone.git("diff", "--cached"),
    ]
  }

  @Test func `what it has fetched of others is told to have arrived, and it itself is not`() throws
  {
    let second = EntryID.make()
    try anna.say("second", id: second)
    let delivery = try ben.say("third", ifLastIs: second)
    #expect(delivery.arrived.map(\.entryID) == [second])
  }

  @Test func `where it holds, the entry is in the remote and here`() throws {
    let id = EntryID.make()
    let delivery = try ben.say("second", id: id, ifLastIs: first)
    #expect(delivery.state == .pushed)
    #expect(try remote.bodies() == ["first", "second"])
    #expect(try ben.bodies() == ["first", "second"])
    #expect(try delivery.commit == ben.head())
    #expect(try remote.log().last?.hasSuffix("\nWatercooler-Condition: last") == true)
    #expect(try ben.isClean())
  }

  @Test func `it is asked of the remote, not of what is here`() throws {
    let second = EntryID.make()
    try anna.say("second", id: second)
    #expect(throws: ConditionNotMet.self) { try ben.say("late", ifLastIs: first) }
    #expect(try remote.bodies() == ["first", "second"])
    #expect(try ben.say("third", ifLastIs: second).state == .pushed)
    #expect(try ben.bodies() == ["first", "second", "third"])
  }

  @Test func `where it does not hold, nothing is left behind`() throws {
    let before = try traces(of: ben)
    #expect(throws: ConditionNotMet.self) { try ben.say("no", ifLastIs: .make()) }
    #expect(try traces(of: ben) == before)
  }

  @Test func `where others were faster it is checked again, and nothing is left behind`() throws {
    let raced = Mutexed(0)
    #expect(throws: ConditionNotMet.self) {
      try ben.say("no", ifLastIs: first) {
        raced.add(1)
        try anna.say("faster")
      }
    }
    #expect(raced.value == 1)
    #expect(try remote.bodies() == ["first", "faster"])
    try ben.refresh()
    #expect(try ben.bodies() == ["first", "faster"])
    #expect(try ben.head() == anna.head())
    #expect(try ben.isClean())
  }

  @Test func `where others wrote elsewhere it is made all the same`() throws {
    let delivery = try ben.say("second", ifLastIs: first) {
      if try remote.threads()["u"] == nil { try anna.say("elsewhere", in: "u") }
    }
    #expect(delivery.state == .pushed)
    #expect(delivery.attempts == 2)
    #expect(try remote.bodies() == ["first", "second"])
    #expect(try ben.bodies("u") == ["elsewhere"])
  }

  @Test func `where the remote cannot be reached it is not made, and nothing is left behind`()
    throws
  {
    let before = try traces(of: ben)
    try ben.unplug()
    let error = #expect(throws: ConditionalError.self) { try ben.say("no", ifLastIs: first) }
    #expect(error?.isUnknown == false)
    #expect(error?.message.hasPrefix("not written") == true)
    #expect(try traces(of: ben) == before)
    #expect(try ben.sync.outbox.waiting() == [])
  }

  @Test func `where the push is refused nothing is left behind`() throws {
    let before = try traces(of: ben)
    try remote.home.write(
      "#!/bin/sh\nexit 1\n", to: "remote.git/hooks/pre-receive", executable: true)
    #expect(throws: ConditionalError.self) { try ben.say("no", ifLastIs: first) }
    #expect(try traces(of: ben) == before)
  }

  @Test func `what waits here goes first, and counts`() throws {
    try ben.unplug()
    try ben.say("waited")
    try ben.plug()
    #expect(throws: ConditionNotMet.self) { try ben.say("no", ifLastIs: first) }
    #expect(try remote.bodies() == ["first", "waited"])
  }

  @Test func `a retry of one that got through is no second entry`() throws {
    let id = EntryID.make()
    try ben.say("second", id: id, ifLastIs: first)
    #expect(try ben.say("second", id: id, ifLastIs: first).state == .pushed)
    #expect(try remote.bodies() == ["first", "second"])
  }

  @Test func `a new thread can be made on the condition that there is none`() throws {
    #expect(try ben.say("mine", in: "new", ifLastIs: nil).state == .pushed)
    #expect(throws: ConditionNotMet.self) { try anna.say("no", in: "NEW", ifLastIs: nil) }
    #expect(try remote.threads().keys.sorted() == ["new", "t"])
  }

  @Test func `it begins the branch of an empty remote`() throws {
    let remote = try TestRemote()
    let carl = try remote.clone("Carl")
    #expect(try carl.say("first", ifLastIs: nil).state == .pushed)
    #expect(try remote.bodies() == ["first"])
    #expect(try carl.bodies() == ["first"])
  }
}
