import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Two clones of one repository that write and read.
@Suite struct WritingTogetherTests {
  let remote: TestRemote
  let anna: TestClone
  let ben: TestClone

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    ben = try remote.clone("Ben")
  }

  @Test func `a write is in the remote, with a commit that says what it is`() throws {
    let id = EntryID.make()
    let delivery = try anna.say("one", id: id)
    #expect(delivery.state == .pushed)
    #expect(delivery.attempts == 1)
    #expect(delivery.problem == nil)
    #expect(try remote.bodies() == ["one"])
    #expect(
      try remote.log() == [
        "Anna: one (t)\n\nWatercooler-Entry-ID: \(id)\nWatercooler-Topic: t\nWatercooler-Agent: Anna"
      ])
    #expect(try delivery.commit == anna.head())
    #expect(try anna.isClean())
  }

  @Test func `a read shows what others wrote, and says what arrived`() throws {
    try anna.say("one")
    let id = EntryID.make()
    try anna.say("two", id: id)
    let freshness = try ben.refresh()
    #expect(try ben.bodies() == ["one", "two"])
    #expect(freshness.arrived.map(\.topic) == ["t", "t"])
    #expect(freshness.arrived.last?.entryID == id)
    #expect(freshness.arrived.last?.subject == "Anna: two (t)")
    #expect(freshness.problem == nil)
    #expect(try ben.refresh().arrived == [])
  }

  @Test func `a contended write comes after what the remote has shown`() throws {
    try anna.say("one")
    try ben.refresh()
    let shown = Mutexed("")
    let delivery = try anna.say("three") {
      try ben.say("two")
      shown.set(try #require(ben.text()))
    }
    #expect(delivery.state == .pushed)
    #expect(delivery.attempts == 2)
    #expect(delivery.arrived.map(\.subject) == ["Ben: two (t)"])
    #expect(try remote.bodies() == ["one", "two", "three"])
    #expect(try anna.bodies() == ["one", "two", "three"])
    let entries = try #require(shown.value.range(of: "\n---\nEntry:"))
    #expect(anna.text()?.contains(shown.value[entries.lowerBound...]) == true)
    #expect(try delivery.commit == anna.head())
    #expect(try remote.run(["-C", remote.url, "rev-list", "--merges", "main"]) == "")
  }

  @Test func `both make the same topic`() throws {
    try anna.say("hers", in: "new") { try ben.say("his", in: "new") }
    #expect(try remote.bodies("new") == ["his", "hers"])
    try ben.refresh()
    #expect(ben.text("new") == anna.text("new"))
  }

  @Test func `both begin the branch of an empty remote`() throws {
    // Neither has a commit to have in common.
    try anna.say("hers", in: "a") { try ben.say("his", in: "b") }
    #expect(try remote.threads().keys.sorted() == ["a", "b"])
    try ben.refresh()
    #expect(try ben.bodies("a") == ["hers"])
    #expect(try ben.head() == anna.head())
  }

  @Test func `a retry is no second entry`() throws {
    let id = EntryID.make()
    try anna.say("one", id: id)
    let commit = try anna.head()
    let delivery = try anna.say("one", id: id)
    #expect(delivery.state == .pushed)
    #expect(delivery.commit == commit)
    #expect(try remote.bodies() == ["one"])
  }

  @Test func `the ball is where the last entry of the merged order put it`() throws {
    try anna.say("one", ball: "Anna")
    try ben.refresh()
    try anna.say("three", ball: "Carl") { try ben.say("two", ball: "Dora") }
    #expect(try remote.threads()["t"]?.ball?.description == "Carl")
  }

  @Test func `a status set without an entry is merged with an entry`() throws {
    try anna.say("one")
    try ben.refresh()
    try anna.unplug()
    try anna.set(status: "CLOSED")
    try ben.say("two")
    try anna.plug()
    try anna.synchronize()
    #expect(try remote.bodies() == ["one", "two"])
    #expect(try remote.threads()["t"]?.status == "CLOSED")
    #expect(try remote.log().last?.hasPrefix("Anna: status CLOSED, ball Anna (t)\n") == true)
  }

  @Test func `a thread deleted on one side and written to on the other is kept whole`() throws {
    try anna.say("one")
    try ben.refresh()
    try ben.git("rm", "-q", "t.md")
    try ben.git("commit", "-q", "-m", "Threads nobody needs")
    try ben.git("push", "-q", "origin", "HEAD")
    let delivery = try anna.say("two")
    #expect(delivery.state == .pushed)
    #expect(try remote.bodies() == ["one", "two"])
    #expect(
      delivery.notes == ["'t.md' was deleted on one side and written to on the other: kept"])
  }

  @Test func `a thread deleted by a commit is gone, where nobody wrote to it`() throws {
    try anna.say("one")
    try ben.refresh()
    try ben.git("rm", "-q", "t.md")
    try ben.git("commit", "-q", "-m", "Threads nobody needs")
    try ben.synchronize()
    try anna.say("other", in: "u")
    #expect(anna.text() == nil)
    #expect(try remote.threads().keys.sorted() == ["u"])
  }

  @Test func `people's commits on other files are replayed with their author`() throws {
    try anna.say("one")
    try ben.refresh()
    try anna.commitByHand("A word about us", ["README.md": "# Threads\n"])
    try ben.say("two")
    try anna.say("three")
    #expect(try remote.bodies() == ["one", "two", "three"])
    #expect(
      try remote.run(["-C", remote.url, "log", "-1", "--format=%an %ae %s", "--", "README.md"])
        == "Alice alice@example.org A word about us\n")
  }

  @Test func `a conflict in a file that is no thread holds up whoever made it, and names it`()
    throws
  {
    try anna.commitByHand("Begin", ["README.md": "one\n"], pushes: true)
    try ben.refresh()
    try ben.commitByHand("Ben's", ["README.md": "ben\n"], pushes: true)
    try anna.commitByHand("Anna's", ["README.md": "anna\n"])
    let delivery = try anna.say("kept")
    #expect(delivery.state == .pushed)
    let sync = try anna.synchronize()
    #expect(sync.problem is IntegrationConflict && sync.state == .blocked)
    #expect(sync.problem?.description.contains("README.md") == true)
    #expect(try anna.bodies() == ["kept"])
    #expect(try anna.git("show", "HEAD~:README.md") == "anna\n")
    // As the hint says.
    #expect(try !anna.attempt("pull", "-q", "--rebase").succeeded)
    try anna.commitResolved("README.md", "both\n")
    #expect(try anna.synchronize().state == .pushed)
    #expect(try remote.bodies() == ["kept"])
  }

  /// Ben takes the second entry out of the history.
  private func rewrite() throws {
    try anna.say("one")
    try anna.say("two")
    try ben.refresh()
    try ben.git("reset", "-q", "--hard", "HEAD~1")
    try ben.commitByHand("Purged", ["u.md": "other\n"])
    try ben.git("push", "-q", "--force", "origin", "HEAD")
  }

  @Test func `rewritten history blocks, and is not overwritten`() throws {
    try rewrite()
    let tip = try ben.head()
    for attempt in 0..<2 {
      let delivery = try anna.say("three \(attempt)")
      #expect(delivery.state == .blocked)
      #expect((delivery.problem as? RemoteProblem)?.kind == .historyRewritten)
      #expect(delivery.waiting == attempt + 1)
    }
    #expect(try anna.refresh().remoteProblem?.kind == .historyRewritten)
    #expect(try remote.run(["-C", remote.url, "rev-parse", "main"]) == tip + "\n")
    #expect(try anna.bodies() == ["one", "two", "three 0", "three 1"])
  }

  @Test
  func `an edit that was committed by hand goes along where a rewritten history is taken over`()
    throws
  {
    try rewrite()
    try anna.edit(replacing: "\none\n", with: "\none, and more\n")
    try anna.git("commit", "-q", "-a", "-m", "By hand")
    try anna.commitByHand("Notes", ["notes.txt": "words\n"])
    let fix = try #require(anna.sync.doctor.checkup(until: soon()).compactMap(\.fix).first)
    let words = try fix()
    #expect(words.hasPrefix("took over the remote's history; without notes.txt; "), "\(words)")
    #expect(try anna.synchronize().state == .pushed)
    #expect(try remote.bodies() == ["one, and more"])
  }

  @Test func `a branch that was deleted is not made again`() throws {
    try anna.say("one")
    try remote.run(["-C", remote.url, "update-ref", "-d", "refs/heads/main"])
    let delivery = try anna.say("two")
    #expect(delivery.state == .blocked)
    #expect((delivery.problem as? RemoteProblem)?.kind == .noBranch)
    #expect(try remote.run(["-C", remote.url, "for-each-ref"]) == "")
    #expect(try anna.bodies() == ["one", "two"])
  }

  @Test func `a hook's refusal is told in its words, and nothing is lost`() throws {
    try anna.say("one")
    try remote.home.write(
      "#!/bin/sh\necho 'closed on Sundays' >&2\nexit 1\n", to: "remote.git/hooks/pre-receive",
      executable: true)
    let delivery = try anna.say("two")
    #expect(delivery.state == .blocked)
    #expect(delivery.attempts == 1)
    #expect((delivery.problem as? RemoteProblem)?.kind == .policy)
    #expect(delivery.problem?.message.contains("closed on Sundays") == true)
    unlink(remote.home.path("remote.git/hooks/pre-receive"))
    #expect(try anna.synchronize().state == .pushed)
    #expect(try remote.bodies() == ["one", "two"])
  }
}

extension TestClone {
  /// Ends a rebase that stopped at a conflict.
  func commitResolved(_ file: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(root)/\(file)"))
    try git("add", file)
    try git("-c", "core.editor=:", "rebase", "--continue")
  }
}
