import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What waits, applied to what the remote has by then.
@Suite struct ApplyingTests {
  let remote: TestRemote
  let anna: TestClone
  let ben: TestClone

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.say("one")
    ben = try remote.clone("Ben")
    try anna.unplug()
  }

  /// The same clone, with another author.
  private func by(_ name: String) -> TestClone {
    var settings = anna.sync.settings
    (settings.author, settings.email) = (name, "\(name)@example.org")
    return TestClone(
      name: name, remote: remote,
      sync: GitProcessSync(
        anna.sync.clone, git: anna.sync.repository.git, settings: settings,
        deadline: .after(.seconds(600))))
  }

  private func authors() throws -> [String] {
    try ben.git("fetch", "-q")
    let printed = try ben.git("log", "--reverse", "--format=%an: %s", "origin/main")
    return printed.split(separator: "\n").map(String.init)
  }

  @Test func `after a lost race each author has a commit, and the order stays`() throws {
    try by("Cara").say("c1")
    try by("Cara").say("c2")
    try by("Dora").say("d1")
    try by("Cara").say("c3")
    try ben.say("his")
    try anna.plug()
    #expect(try anna.synchronize().state == .pushed)
    #expect(try remote.bodies() == ["one", "his", "c1", "c2", "d1", "c3"])
    #expect(
      try authors().suffix(3) == [
        "Cara: 2 entries (t)", "Dora: Dora: d1 (t)", "Cara: Cara: c3 (t)",
      ])
    #expect(try anna.isClean())
    #expect(try anna.bodies() == remote.bodies())
  }

  @Test func `a thread that others deleted comes back whole, and it is said`() throws {
    try anna.say("two")
    try ben.git("rm", "-q", "t.md")
    try ben.git("commit", "-q", "-m", "Gone")
    try ben.git("push", "-q", "origin", "HEAD:main")
    try anna.plug()
    let delivery = try anna.synchronize()
    #expect(delivery.notes.contains { $0.hasPrefix("'t.md' was deleted on one side") })
    #expect(try remote.bodies() == ["one", "two"])
  }

  @Test func `a new thread that others began, in another spelling, gets the entries`() throws {
    try anna.say("mine", in: "new")
    try anna.say("more", in: "new")
    try ben.say("his", in: "New")
    try anna.plug()
    #expect(try anna.synchronize().state == .pushed)
    #expect(try remote.threads().keys.sorted() == ["New", "t"])
    #expect(try remote.bodies("New") == ["his", "mine", "more"])
    #expect(anna.text("new") == nil && anna.text("New") != nil)
    #expect(try anna.isClean())
  }

  @Test func `an identity that somebody else has used is replaced once`() throws {
    let id = EntryID.make()
    try anna.say("mine", id: id)
    try ben.say("his", id: id)
    try anna.plug()
    #expect(try anna.synchronize().state == .pushed)
    #expect(try remote.bodies() == ["one", "his", "mine"])
    try anna.synchronize()
    #expect(try remote.bodies() == ["one", "his", "mine"])
  }

  @Test func `one damaged thread holds back what is for it alone`() throws {
    let id = EntryID.make()
    try anna.say("two", id: id)
    try anna.say("other", in: "u")
    let text = try #require(ben.text())
    try ben.commitByHand(
      "Damaged", ["t.md": "---\nformat: 1\n<<<<<<< a\n" + text.dropFirst(4)], pushes: true)
    try anna.plug()
    try anna.synchronize()
    #expect(try remote.bodies("u") == ["other"])
    #expect(try anna.sync.outbox.waiting().flatMap(\.entryIDs) == [id])
    let again = anna.sync.sender.deliver(id, until: soon())
    #expect(again.state == .blocked && again.problem != nil)
    try anna.say("on", in: "u")
    try ben.git("pull", "-q", "--rebase", "origin", "main")
    try ben.commitByHand("Mended", ["t.md": text], pushes: true)
    #expect(try anna.synchronize().state == .pushed)
    #expect(try remote.bodies() == ["one", "two"])
    #expect(try anna.sync.clone.records.names() == [])
  }

  @Test func `many go out in one push`() throws {
    for number in 1...60 { try anna.say("\(number)") }
    try ben.say("his")
    try anna.plug()
    let delivery = try anna.synchronize()
    #expect(delivery.state == .pushed)
    #expect(delivery.attempts <= 2)
    #expect(try remote.bodies() == ["one", "his"] + (1...60).map { "\($0)" })
    #expect(try authors().count == 3)
  }
}
