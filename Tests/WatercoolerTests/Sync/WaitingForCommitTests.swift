import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// A commit that git cannot make: what was accepted waits for it.
@Suite struct WaitingForCommitTests {
  let remote: TestRemote
  let anna: TestClone

  init() throws {
    remote = try TestRemote()
    try remote.mendSigning()
    anna = try remote.clone("Anna") { $0.isSigning = true }
    try anna.say("before")
  }

  @Test func `what git cannot sign waits, and says what to do`() throws {
    try anna.begin("killed")
    try remote.breakSigning()
    let delivery = try anna.say("told")
    #expect(delivery.state == .blocked)
    #expect(delivery.problem?.message.hasPrefix("git could not sign the commit") == true)
    #expect(delivery.problem?.hint?.hasPrefix("unlock the key") == true)
    #expect(delivery.waiting == 2)
    #expect(try anna.bodies() == ["before", "killed", "told"])
    try anna.say("more")
    try remote.mendSigning()
    #expect(try anna.say("after").state == .pushed)
    #expect(try remote.bodies() == ["before", "killed", "told", "more", "after"])
    #expect(try anna.isClean())
    #expect(try anna.sync.clone.records.names() == [])
  }

  @Test func `who waits for its turn hears why it waits`() throws {
    let id = EntryID.make()
    try anna.begin("one", id: id)
    try remote.breakSigning()
    // Somebody else tries, and fails.
    _ = try? anna.synchronize()
    let delivery = anna.sync.sender.deliver(id, isNew: true, until: soon())
    #expect(delivery.problem?.message.contains("could not sign") == true)
    #expect(try anna.say("one", id: id).state == .blocked)
    // The push lock is somebody else's until the deadline.
    try anna.sync.clone.withLock(PushLock.self, deadline: soon()) { _ in
      let delivery = anna.sync.sender.deliver(id, isNew: true, until: .after(.milliseconds(50)))
      #expect(delivery.state == .queued)
    }
    try remote.mendSigning()
    #expect(try anna.say("one", id: id).state == .pushed)
    #expect(try remote.bodies() == ["before", "one"])
  }

  @Test func `an edit made meanwhile stays, and so does what waits`() throws {
    try anna.begin("one")
    try anna.edit(replacing: "\nbefore\n", with: "\nbefore, and more\n")
    try remote.breakSigning()
    _ = try? anna.synchronize()
    #expect(try anna.bodies() == ["before, and more", "one"])
    try remote.mendSigning()
    age(anna.path())
    try anna.synchronize()
    #expect(try remote.bodies() == ["before, and more", "one"])
  }

  @Test(arguments: ["log", "cat-file", "log|rev-parse", "grep|log"])
  func `what is accepted is never said to be unwritten, whatever git cannot tell`(
    _ words: String
  ) throws {
    let id = EntryID.make()
    try anna.begin("one", id: id)
    let cases = words.split(separator: "|").map { "*' \($0) '*" }.joined(separator: "|")
    let blind = anna.with(
      try remote.git(instead: "*' fast-import '*) exit 1 ;;\n\(cases)) exit 128 ;;"))
    let delivery = blind.sync.sender.deliver(id, isNew: true, until: soon())
    #expect(!(delivery.problem is CommitError))
    #expect([.queued, .blocked].contains(delivery.state))
    try anna.synchronize()
    #expect(try remote.bodies() == ["before", "one"])
  }
}
