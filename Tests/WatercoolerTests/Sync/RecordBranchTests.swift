import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// The branch as a cache of what waits: what is in it and in no record is a person's, and what is in a record comes
/// back to nothing that somebody has changed since.
@Suite struct RecordBranchTests {
  let remote: TestRemote
  let anna: TestClone
  let ben: TestClone

  init() throws {
    remote = try TestRemote()
    try remote.mendSigning()
    anna = try remote.clone("Anna")
    try anna.say("one")
    ben = try remote.clone("Ben")
  }

  private func records() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: anna.sync.clone.path(of: .outbox)).sorted()
  }

  @Test(arguments: ["removed", "emptied"])
  func `an entry whose record is lost is sent as a person's`(_ how: String) throws {
    try anna.unplug()
    try anna.say("two")
    try anna.say("three")
    let path = try "\(anna.sync.clone.path(of: .outbox))/\(records()[0])"
    if how == "removed" { unlink(path) } else { truncate(path, 0) }
    try ben.say("his")
    try anna.plug()
    try anna.synchronize()
    #expect(try remote.bodies() == ["one", "his", "two", "three"])
    #expect(try anna.bodies() == remote.bodies())
    #expect(try records() == [])
  }

  @Test func `after a remote that went back, all that is here is sent`() throws {
    try anna.say("two")
    try anna.unplug()
    try anna.say("three")
    try ben.git("push", "-q", "--force", "origin", "HEAD:main")
    try ben.say("his")
    try anna.plug()
    try anna.git("fetch", "-q", "--force")
    try anna.synchronize()
    #expect(try remote.bodies() == ["one", "his", "two", "three"])
  }

  @Test func `what is in a file that cannot be written is no edit later`() throws {
    try anna.synchronize()
    let obstacle = anna.root + "/" + AtomicFile.temporaryName
    mkdir(obstacle, 0o777)
    let receipt = try anna.set("ball", "Codex")
    #expect(receipt.state == .pushed)
    #expect(receipt.notes.contains { $0.contains("once its file can be written") })
    age(anna.path())
    try anna.synchronize()
    rmdir(obstacle)
    try anna.synchronize()
    #expect(try remote.threads()["t"]?.ball?.description == "Codex")
    #expect(try anna.sync.store.read(try Topic("t")).thread.ball?.description == "Codex")
    #expect(try remote.log().count == 2)
    #expect(try anna.isClean())
  }

  @Test func `a file that somebody took back while a change of it waits is no edit`() throws {
    let signing = try remote.clone("Cara") { $0.isSigning = true }
    try remote.breakSigning()
    try signing.set("ball", "Codex")
    try signing.git("checkout", "-q", "--", "t.md")
    age(signing.path())
    try remote.mendSigning()
    try signing.synchronize()
    #expect(try remote.threads()["t"]?.ball?.description == "Codex")
  }

  @Test func `a change that waited and was committed by hand is not made again`() throws {
    let signing = try remote.clone("Cara") { $0.isSigning = true }
    try remote.breakSigning()
    try signing.set("ball", "Codex")
    try signing.git("-c", "commit.gpgsign=false", "commit", "-qam", "by hand")
    try signing.git("push", "-q", "origin", "main")
    try ben.set("ball", "Dora")
    try remote.mendSigning()
    try signing.synchronize()
    #expect(try remote.threads()["t"]?.ball?.description == "Dora")
    #expect(try signing.sync.clone.records.names() == [])
  }

  @Test func `what git cannot commit can be taken back, and what came is shown`() throws {
    let signing = try remote.clone("Cara") { $0.isSigning = true }
    try remote.breakSigning()
    let (id, other) = (EntryID.make(), EntryID.make())
    try signing.say("two", id: id)
    try signing.say("three", id: other)
    try ben.say("his")
    try signing.refresh()
    #expect(try signing.bodies() == ["one", "his", "two", "three"])
    #expect(try signing.sync.outbox.drop(id, until: soon()) != nil)
    #expect(try signing.bodies() == ["one", "his", "three"])
    try remote.mendSigning()
    try signing.synchronize()
    #expect(try remote.bodies() == ["one", "his", "three"])
  }

  @Test func `the only one that git cannot commit is taken back from its file, too`() throws {
    let signing = try remote.clone("Cara") { $0.isSigning = true }
    try signing.say("zero")
    try remote.breakSigning()
    let (id, other) = (EntryID.make(), EntryID.make())
    try signing.say("two", id: id)
    #expect(try signing.sync.outbox.drop(id, until: soon()) != nil)
    #expect(try signing.bodies() == ["one", "zero"])
    try signing.say("new", in: "new", id: other)
    #expect(try signing.sync.outbox.drop(other, until: soon()) != nil)
    #expect(signing.text("new") == nil)
    try remote.mendSigning()
    age(signing.path())
    try signing.synchronize()
    #expect(try remote.bodies() == ["one", "zero"])
    #expect(try signing.isClean())
  }

  @Test func `dropping one brings back nothing of the others that arrived`() throws {
    try anna.unplug()
    let (id, other) = (EntryID.make(), EntryID.make())
    try anna.set("ball", "Codex")
    try anna.say("gone", id: id)
    // They arrive, and nobody here hears of it.
    try ben.git("pull", "-q", anna.root, "main")
    try ben.git("push", "-q", "origin", "HEAD:main")
    try ben.set("ball", "Dora")
    try anna.say("three", id: other)
    try anna.plug()
    try anna.git("fetch", "-q")
    #expect(try anna.sync.outbox.drop(other, until: soon()) != nil)
    try anna.synchronize()
    #expect(try remote.bodies() == ["one", "gone"])
    #expect(try remote.threads()["t"]?.ball?.description == "Dora")
    #expect(try anna.sync.clone.records.names() == [])
  }

  @Test func `what cannot be written to its thread is never said to be pushed`() throws {
    try ben.commitByHand("Junk", ["t.md": "no thread\n"], pushes: true)
    let delivery = try anna.say("two")
    #expect(delivery.state == .blocked && delivery.commit == nil && delivery.waiting == 1)
    #expect(try anna.synchronize().state == .blocked)
    #expect(try anna.say("else", in: "u").state == .pushed)
    try ben.commitByHand("Newer", ["t.md": "---\nformat: 99\n---\n"], pushes: false)
    #expect(try anna.sync.outbox.listed().count == 1)
  }
}

extension TestClone {
  /// Sets a value of the head of a thread, without an entry.
  @discardableResult
  fileprivate func set(_ key: String, _ value: String) throws -> Delivery {
    let topic = try Topic("t")
    return try sync.write(topic, by: try Agent(name), deadline: soon()) { stored in
      var thread = try #require(stored?.thread)
      thread.set(key, to: value, at: .now, topic: topic)
      return .write(.init(thread, .changed))
    }.delivery
  }
}
