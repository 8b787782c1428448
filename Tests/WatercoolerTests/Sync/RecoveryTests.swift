import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What an earlier run, or somebody with git in hand, left unfinished.
@Suite struct RecoveryTests {
  let remote: TestRemote
  let anna: TestClone
  let ben: TestClone

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.say("one")
    try anna.commitByHand("Begin", ["README.md": "one\n"], pushes: true)
    ben = try remote.clone("Ben")
  }

  /// Leaves Anna in the middle of `git pull`, at a conflict in a file that is no thread.
  private func stopPull(_ kind: String, _ options: [String] = []) throws {
    try ben.synchronize()
    try ben.commitByHand("Ben's", ["README.md": "ben\n"], pushes: true)
    try anna.commitByHand("Anna's", ["README.md": "anna\n"])
    #expect(try !remote.attempt(options + ["pull", "-q", kind], in: anna.root).succeeded)
  }

  private func path(_ name: String) -> String { anna.root + "/.git/" + name }

  /// The same, by a program of ours, some time ago.
  private func leavePull() throws {
    try stopPull(
      "--rebase",
      ["-c", "committer.name=Watercooler", "-c", "committer.email=watercooler@localhost"])
    age(path("rebase-merge"), seconds: 11)
  }

  @Test func `what a program of ours left unfinished is taken back`() throws {
    try leavePull()
    let delivery = try anna.say("two")
    #expect(delivery.notes.contains("a rebase that was left unfinished was taken back"))
    #expect(access(path("rebase-merge"), F_OK) != 0)
    #expect(try anna.bodies() == ["one", "two"])
    // The conflict is still there, and still somebody's to resolve; what is said goes past it.
    #expect(delivery.state == .pushed)
    #expect(try anna.synchronize().problem is IntegrationConflict)
    #expect(try anna.git("show", "HEAD:README.md") == "anna\n")
  }

  @Test(arguments: [("--rebase", "rebase-merge"), ("--no-rebase", "MERGE_HEAD")])
  func `what a person has begun is left alone, and all else goes past it`(
    _ kind: String, _ file: String
  ) throws {
    try stopPull(kind)
    age(path(file), seconds: 11)
    let command = kind == "--rebase" ? "rebase" : "merge"
    let delivery = try anna.say("two")
    #expect(delivery.state == .pushed)
    #expect(delivery.notes.contains { $0.contains("git -C \(anna.root) \(command) --abort") })
    #expect(access(path(file), F_OK) == 0)
    #expect(try anna.bodies() == ["one"])
    #expect(try remote.bodies() == ["one", "two"])
    // It is said once.
    #expect(try anna.refresh().notes == [])
    #expect(try anna.say("three").notes == [])
    try anna.git("checkout", "--ours", "README.md")
    try anna.git("add", "README.md")
    let go = kind == "--rebase" ? ["rebase", "--continue"] : ["commit", "--no-edit"]
    try remote.run(["-c", "core.editor=true"] + go, in: anna.root)
    #expect(try anna.synchronize().state == .pushed)
    #expect(try anna.bodies() == ["one", "two", "three"])
  }

  @Test func `words written into a thread meanwhile are kept`() throws {
    try anna.say("u", in: "u")
    try leavePull()
    try anna.edit(replacing: "\none\n", with: "\none, mended\n")
    try anna.say("two")
    age(anna.path())
    _ = try? anna.synchronize()
    #expect(try anna.bodies() == ["one, mended", "two"])
    #expect(try anna.bodies("u") == ["u"])
  }

  @Test func `conflict markers in a thread are kept aside with what is around them`() throws {
    try leavePull()
    let marked = "<<<<<<< HEAD\nwords\n=======\n>>>>>>> other\n"
    try anna.edit(to: marked)
    try anna.say("two")
    #expect(try anna.bodies() == ["one", "two"])
    #expect(try anna.keptAside().contains(marked))
  }

  @Test func `a rebase without a head is not touched`() throws {
    try FileManager.default.createDirectory(
      atPath: path("rebase-merge"), withIntermediateDirectories: true)
    try "x\n".write(toFile: path("rebase-merge/autostash"), atomically: false, encoding: .utf8)
    age(path("rebase-merge"), seconds: 60)
    #expect(try anna.say("two").state == .pushed)
    #expect(access(path("rebase-merge/autostash"), F_OK) == 0)
  }

  @Test(arguments: [
    (["checkout", "-q", "--detach"], "no branch"), (["checkout", "-q", "-b", "mine"], "mine"),
  ])
  func `nothing is written to a branch of somebody's own`(_ command: [String], _ found: String)
    throws
  {
    try remote.run(command, in: anna.root)
    let head = try anna.head()
    let error = #expect(
      throws: CloneTrouble.otherBranch(found, expected: "main", root: anna.root)
    ) { try anna.say("two") }
    #expect(error?.hint == "run 'git -C \(anna.root) switch main'")
    #expect(try anna.head() == head)
    #expect(try anna.bodies() == ["one"])
    try ben.say("two")
    #expect(try anna.refresh().notes.contains { $0.contains("on the branch main") })
    try anna.git("switch", "-q", "main")
    try anna.say("three")
    #expect(try remote.bodies() == ["one", "two", "three"])
  }

  @Test func `a writer killed before its commit leaves an entry that goes out`() throws {
    let id = EntryID.make()
    let topic = try Topic("t")
    // As far as a writer of version 0.1.0 gets before it is killed.
    try anna.leaveWriting("t")
    var thread = try anna.sync.store.read(topic).thread
    thread.add(
      Entry(EntryDraft(agent: try Agent("Anna"), time: .now, body: Bytes("two"), id: id)),
      topic: topic)
    try AtomicFile.replace("t.md", in: anna.root, with: thread.bytes)

    try anna.say("other", in: "u")
    #expect(try remote.bodies() == ["one", "two"])
    // Whoever asked for it asks again.
    try anna.say("two", id: id)
    #expect(try remote.bodies() == ["one", "two"])
    #expect(try anna.isClean())
  }

  @Test func `a writer killed before its first commit in a new thread loses nothing`() throws {
    let text = try #require(anna.text()).replacing("\none\n", with: "\nnew\n")
    try anna.leaveWriting("new")
    try anna.edit("new", isStill: false, to: text)
    try anna.synchronize()
    #expect(try remote.bodies("new") == ["new"])
  }

  @Test func `a write mark of one thread takes no edit of another for ours`() throws {
    try anna.leaveWriting("u")
    try anna.edit(isStill: false, replacing: "\none\n", with: "\none, half\n")
    try anna.say("two")
    #expect(try remote.bodies() == ["one", "two"])
  }

  @Test func `a lock handed to a child outlives who took it`() throws {
    let clone = anna.sync.clone
    let result = try clone.withLock(WriteLock.self, deadline: soon()) { lock in
      try shell("exec 3<&0; sleep 600 <&3 & echo $!", input: lock.held)
        .run(until: soon())
    }
    let child = try #require(pid_t(result.text.dropLast()))
    #expect(throws: LockError.self) {
      try clone.withLock(WriteLock.self, deadline: .after(.milliseconds(50))) { _ in }
    }
    kill(child, SIGKILL)
    try clone.withLock(WriteLock.self, deadline: soon()) { _ in }
  }
}

/// What git cannot do is done by the next command.
@Suite struct CommitFailureTests {
  let remote: TestRemote
  let anna: TestClone

  init() throws {
    remote = try TestRemote()
    try remote.mendSigning()
    anna = try remote.clone("Anna") { $0.isSigning = true }
  }

  @Test(arguments: [true, false])
  func `a thread that it would have made waits, and goes out`(_ isFirst: Bool) throws {
    if !isFirst { try anna.say("one") }
    try remote.breakSigning()
    #expect(try anna.say("new", in: "new").state == .blocked)
    #expect(try anna.bodies("new") == ["new"])
    try remote.mendSigning()
    try anna.say("again", in: "new")
    #expect(try remote.bodies("new") == ["new", "again"])
    #expect(try anna.isClean())
  }

  @Test func `a note that cannot be written is no reason to say that an entry was not`() throws {
    try anna.say("one")
    let note = anna.sync.clone.path(of: .asLeft)
    let delivery = try anna.say("two") {
      unlink(note)
      mkdir(note, 0o777)
    }
    #expect(delivery.state == .pushed)
    rmdir(note)
    #expect(try remote.bodies() == ["one", "two"])
  }

  @Test func `what others push is shown, and what cannot be signed waits after it`() throws {
    try anna.say("one")
    let ben = try remote.clone("Ben")
    try anna.unplug()
    try anna.say("three")
    try ben.say("two")
    try anna.plug()
    try remote.breakSigning()
    let delivery = try anna.synchronize()
    #expect(delivery.state == .blocked)
    #expect(delivery.waiting == 1)
    #expect(try anna.bodies() == ["one", "two", "three"])
    #expect(try remote.bodies() == ["one", "two"])
    try remote.mendSigning()
    var settings = anna.sync.settings
    settings.isSigning = false
    let sync = GitProcessSync(
      anna.sync.clone, git: anna.sync.repository.git, settings: settings,
      deadline: .after(.seconds(600)))
    #expect(try sync.synchronize(until: soon()).state == .pushed)
    #expect(try remote.bodies() == ["one", "two", "three"])
  }
}

/// What no child is started for.
@Suite struct WorkTreeSnapshotTests {
  let remote: TestRemote
  let anna: TestClone

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.say("one")
  }

  /// What git is asked for under the write lock before anything else.
  private func questions() throws -> [String] {
    let git = anna.sync.repository.git.executable
    let script = "#!/bin/sh\necho \"$*\" >>\(remote.home.path)/asked\nexec \(git) \"$@\"\n"
    try remote.home.makeDirectory("bin")
    try remote.home.write(script, to: "bin/git", executable: true)
    let recording = try Git(home: remote.home, ["PATH": remote.home.path("bin")])
    let sync = GitProcessSync(
      anna.sync.clone, git: anna.sync.settings.git(recording, inherited: [:]),
      settings: anna.sync.settings, deadline: soon())
    _ = try sync.clone.withLock(WriteLock.self, deadline: soon()) { try sync.workTree.prepare($0) }
    return remote.home.read("asked")?.split(separator: "\n").map(String.init) ?? []
  }

  @Test func `where nothing changed, git is not asked`() throws {
    #expect(try questions() == [])
    try anna.say("two")
    try anna.refresh()
    #expect(try questions() == [])
  }

  @Test func `an arrival is not taken for an edit`() throws {
    let ben = try remote.clone("Ben")
    try ben.say("two")
    try ben.say("u", in: "u")
    try anna.refresh()
    #expect(try questions() == [])
  }

  @Test(arguments: ["touched", "made", "deleted", "replaced"])
  func `where a file was`(_ what: String) throws {
    switch what {
    case "touched": age(anna.path(), seconds: 100)
    case "made": try anna.edit("new", to: "words")
    case "deleted": unlink(anna.path())
    default:
      // The same size and time, but another file.
      let modified = try #require(try FileStatus.of(anna.path())?.modified)
      let copy = anna.path("copy") + "x"
      try FileManager.default.copyItem(atPath: anna.path(), toPath: copy)
      try File.touch(copy, at: modified)
      rename(copy, anna.path())
    }
    #expect(try questions().contains { $0.contains("status --porcelain") })
  }

  @Test func `a touched file is looked at once`() throws {
    age(anna.path(), seconds: 100)
    let once = try questions()
    #expect(try questions() == once)
  }

  @Test func `what is written to a file and read back is the same`() throws {
    let snapshot = try #require(WorkTreeSnapshot(of: anna.root))
    #expect(WorkTreeSnapshot(bytes: snapshot.bytes) == snapshot)
    #expect(WorkTreeSnapshot(bytes: []) != snapshot)
    #expect(WorkTreeSnapshot(of: anna.root + "/nowhere") == nil)
  }
}

extension TestClone {
  /// The note of a writer of an earlier version that was killed while it wrote to a thread.
  fileprivate func leaveWriting(_ topic: String) throws {
    try sync.clone.note(.writing).write(Array(topic.utf8))
  }
}
