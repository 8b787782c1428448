import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// A commit of several that git cannot make takes all of them along.
@Suite struct GroupCommitFailureTests {
  let remote: TestRemote
  let anna: TestClone

  init() throws {
    remote = try TestRemote()
    try remote.mendSigning()
    anna = try remote.clone("Anna") { $0.isSigning = true }
    try anna.say("before")
  }

  @Test func `its writers are told, and nothing is left`() throws {
    let text = anna.text()
    try anna.begin("killed")
    try remote.breakSigning()
    let error = #expect(throws: CommitError.self) { try anna.say("told") }
    #expect(error?.message.hasPrefix("nothing was written") == true)
    #expect(anna.text() == text)
    #expect(try anna.sync.clone.uncommitted.isEmpty)
    #expect(try anna.isClean())
    try remote.mendSigning()
    try anna.say("after")
    #expect(try remote.bodies() == ["before", "after"])
  }

  @Test func `who waits for its turn hears why it was not written`() throws {
    let id = EntryID.make()
    try anna.begin("one", id: id)
    try remote.breakSigning()
    // Somebody else tries, and fails.
    try anna.synchronize()
    let error = #expect(throws: CommitError.self) {
      let delivery = anna.sync.sender.deliver(id, isNew: true, until: soon())
      if let problem = delivery.problem { throw problem }
    }
    #expect(error?.message.contains("could not sign") == true)
    #expect(error?.hint?.hasPrefix("unlock the key") == true)
  }

  @Test func `nor does a retry hear that it was pushed, or the first that it is queued`() throws {
    let id = EntryID.make()
    try anna.begin("one", id: id)
    try remote.breakSigning()
    #expect(throws: CommitError.self) { try anna.say("one", id: id) }
    #expect(try anna.bodies() == ["before"])
    // The push lock is somebody else's until the deadline.
    try anna.sync.clone.withLock(PushLock.self, deadline: soon()) { _ in
      let delivery = anna.sync.sender.deliver(id, isNew: true, until: .after(.milliseconds(50)))
      #expect(delivery.problem is CommitError)
    }
  }

  @Test func `it is told, too, where others push all the time and the remote does not answer`()
    throws
  {
    let id = EntryID.make()
    try anna.begin("one", id: id)
    anna.sync.clone.contention.touch()
    try anna.unplug()
    let delivery = anna.sync.sender.deliver(id, isNew: true, until: soon())
    #expect(delivery.state == .queued)
    #expect(delivery.waiting == 1)
    #expect(try anna.sync.clone.uncommitted.isEmpty)
  }

  @Test func `an edit made meanwhile stays, without the entries`() throws {
    try anna.begin("one")
    try anna.edit(replacing: "\nbefore\n", with: "\nbefore, and more\n")
    try remote.breakSigning()
    _ = try? anna.synchronize()
    #expect(try anna.bodies() == ["before, and more"])
    try remote.mendSigning()
    age(anna.path())
    try anna.synchronize()
    #expect(try remote.bodies() == ["before, and more"])
  }

  @Test(arguments: ["log", "cat-file", "log|rev-parse", "grep|log"])
  func `what was taken back is not said to be written, whatever else git cannot tell`(
    _ words: String
  ) throws {
    let id = EntryID.make()
    try anna.begin("one", id: id)
    let cases = words.split(separator: "|").map { "*' \($0) '*" }.joined(separator: "|")
    let blind = anna.with(
      try remote.git(instead: "*' fast-import '*) exit 1 ;;\n\(cases)) exit 128 ;;"))
    let delivery = blind.sync.sender.deliver(id, isNew: true, until: soon())
    let text = try #require(anna.text())
    if let problem = delivery.problem as? CommitError {
      #expect(problem.isUnknown || !text.contains("\(id)"))
    } else {
      #expect(delivery.state == .unknown && text.contains("\(id)"))
    }
  }

  @Test func `what was answered for is taken out by nobody, and sent when it can be`() throws {
    let (id, other) = (EntryID.make(), EntryID.make())
    try anna.begin("one", id: id)
    let blind = anna.with(
      try remote.git(instead: "*' fast-import '*) exit 1 ;;\n*' cat-file '*) exit 128 ;;"))
    let delivery = blind.sync.sender.deliver(id, isNew: true, until: soon())
    #expect(delivery.state == .unknown && !(delivery.problem is CommitError))
    // Others write to the same file, and cannot commit it either.
    try anna.begin("two", id: other)
    try remote.breakSigning()
    _ = try? anna.synchronize()
    #expect(try anna.bodies().contains("one") && !anna.bodies().contains("two"))
    try remote.mendSigning()
    age(anna.path())
    try anna.synchronize()
    #expect(try remote.bodies() == ["before", "one"])
  }
}
