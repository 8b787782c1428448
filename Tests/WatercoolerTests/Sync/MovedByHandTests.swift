import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What a person does with git in a clone, between our writes and during them.
@Suite struct MovedByHandTests {
  let remote: TestRemote
  let anna: TestClone

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.say("one")
  }

  @Test func `a commit that was taken back is not brought back by the next entry`() throws {
    try anna.commitByHand("Secret", ["notes.txt": "secret\n"], pushes: true)
    try anna.synchronize()
    try anna.git("reset", "-q", "--hard", "HEAD~1")
    try anna.git("push", "-q", "--force", "origin", "HEAD:main")
    #expect(try anna.say("two").state == .pushed)
    #expect(try remote.bodies() == ["one", "two"])
    #expect(try anna.git("ls-tree", "--name-only", "origin/main") == "t.md\n")
  }

  @Test(arguments: [
    ["reset", "-q", "origin/main"], ["reset", "-q", "--soft", "origin/main"],
    ["update-ref", "refs/heads/main", "origin/main"],
  ])
  func `a branch that was moved without its files takes no entry of others away`(
    _ command: [String]
  ) throws {
    let ben = try remote.clone("Ben")
    try ben.say("two")
    try anna.git("fetch", "-q")
    _ = try remote.run(command, in: anna.root)
    // Whoever reads sees it, too, once the file is still.
    age(anna.path())
    #expect(try anna.refresh().problem == nil)
    #expect(try anna.bodies() == ["one", "two"])
    try ben.say("three")
    try anna.git("fetch", "-q")
    _ = try remote.run(command, in: anna.root)
    #expect(try anna.say("four").state == .pushed)
    #expect(try remote.bodies() == ["one", "two", "three", "four"])
  }

  @Test func `an entry whose commit was taken back before its push is not pushed`() throws {
    let id = EntryID.make()
    let writer = Writer(open: anna.sync.open.before(soon()))
    // A child that another test starts has the lock of the push before until it runs its program; a write leaves its
    // commit to whoever holds that.
    while anna.sync.clone.isPushing { usleep(1000) }
    let written = try writer.write(try Topic("t"), by: try Agent("Anna")) { stored in
      var thread = try #require(stored?.thread)
      let draft = EntryDraft(agent: try Agent("Anna"), time: .now, body: Bytes("secret"), id: id)
      let entry = Entry(draft)
      thread.add(entry, topic: try Topic("t"))
      return .write(.init(thread, .added(id), entry: entry))
    }
    try anna.git("reset", "-q", "--hard", "HEAD~1")
    let delivery = anna.sync.sender.deliver(id, isNew: true, written.candidate, until: soon())
    #expect(delivery.state != .pushed)
    #expect(try remote.bodies() == ["one"])
  }

  @Test func `a link that arrives stops nothing, whatever was written just before`() throws {
    try anna.say("two")
    try anna.say("three")
    let ben = try remote.clone("Ben")
    try FileManager.default.createSymbolicLink(
      atPath: ben.root + "/latest", withDestinationPath: "t.md")
    try ben.git("add", "latest")
    try ben.git("commit", "-q", "-m", "Link")
    try ben.git("push", "-q", "origin", "HEAD:main")
    try ben.say("four")
    #expect(try anna.synchronize().state == .pushed)
    #expect(try anna.say("five").state == .pushed)
    #expect(try remote.bodies() == ["one", "two", "three", "four", "five"])
    #expect(try anna.isClean())
  }

  @Test func `an edit that was saved while git failed stays, and the entry in it`() throws {
    age(anna.path())
    try anna.synchronize()
    let save = "sed -i 's/^one$/one, edited/' '\(anna.path())'; cat >/dev/null; exit 1 ;;"
    let failing = anna.with(try remote.git(instead: "*' fast-import '*) \(save)"))
    let id = EntryID.make()
    #expect(try failing.say("two", id: id).state == .blocked)
    #expect(anna.text()?.contains("one, edited") == true)
    age(anna.path())
    try anna.synchronize()
    #expect(try remote.bodies() == ["one, edited", "two"])
    try anna.say("two", id: id)
    #expect(try remote.bodies() == ["one, edited", "two"])
  }

  @Test func `a program's file is committed as one at once`() throws {
    try anna.git("config", "core.fileMode", "true")
    chmod(anna.path(), 0o755)
    try anna.git("commit", "-qam", "Program")
    try anna.synchronize()
    let log = remote.home.path + "/imports"
    let counting = anna.with(
      try remote.git(
        instead: "*' fast-import '*) echo x >>'\(log)' ; exec \(remote.git.executable) \"$@\" ;;"))
    try counting.say("two")
    #expect(try String(contentsOfFile: log, encoding: .utf8) == "x\n")
    #expect(try anna.git("ls-tree", "origin/main", "t.md").hasPrefix("100755"))
  }

  @Test func `a new thread is begun also after a commit of something else by hand`() throws {
    try anna.commitByHand("Notes", ["notes.txt": "mine\n"])
    #expect(try anna.say("first", in: "new").state == .pushed)
    #expect(try remote.bodies("new") == ["first"])
    #expect(try anna.isClean())
  }

  @Test func `what was taken back with git stays taken back when more is said`() throws {
    try anna.unplug()
    try anna.say("two")
    try anna.git("reset", "-q", "--hard", "HEAD~1")
    try anna.plug()
    try anna.say("three")
    #expect(try remote.bodies() == ["one", "three"])
  }

  @Test func `what git could not commit goes out with what is written next`() throws {
    let (id, other) = (EntryID.make(), EntryID.make())
    try anna.begin("two", id: id)
    let failing = anna.with(try remote.git(instead: "*' fast-import '*) cat >/dev/null; exit 1 ;;"))
    _ = try? failing.sync.recover(until: soon())
    try anna.begin("three", id: other)
    let delivery = anna.sync.sender.deliver(id, isNew: true, until: soon())
    #expect(delivery.state == .pushed)
    #expect(try remote.bodies() == ["one", "two", "three"])
  }
}
