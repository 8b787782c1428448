import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What real git prints of a clone and its remote.
@Suite struct CloneStateTests {
  let remote: TestRemote
  let anna: TestClone

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
  }

  private func subjects(_ commits: [CloneCommit]) -> [String] { commits.map(\.subject) }

  private func fetch() throws {
    let problem = try anna.sync.clone.withLock(FetchLock.self, deadline: soon()) {
      try anna.sync.remote.fetch($0, until: soon())
    }
    #expect(problem == nil)
  }

  @Test func `neither side has a commit`() throws {
    #expect(try anna.sync.state() == CloneState())
  }

  @Test func `the remote has no branch yet`() throws {
    try anna.commitByHand("One", ["a": "1"])
    try anna.commitByHand("Two", ["a": "2"])
    let state = try anna.sync.state()
    #expect(subjects(state.ahead) == ["One", "Two"])
    #expect(try state.head == anna.head())
    #expect(state.tip == nil)
    #expect(!state.isBehind)
  }

  @Test func `the clone has no commit yet`() throws {
    try remote.clone("Ben").commitByHand("One", ["a": "1"], pushes: true)
    try fetch()
    let state = try anna.sync.state()
    #expect(state.isUnborn && state.isBehind)
    #expect(subjects(state.behind) == ["One"])
    #expect(state.tip == state.behind.last?.id)
    #expect(state.ahead == [])
  }

  @Test func `level, ahead, behind, and both`() throws {
    try anna.commitByHand("Begin", ["a": "1"], pushes: true)
    let begin = try anna.head()
    let ben = try remote.clone("Ben")
    try fetch()
    var state = try anna.sync.state()
    #expect(state.ahead == [] && state.behind == [] && !state.isBehind)

    for name in ["One", "Two"] { try anna.commitByHand(name, ["b": name]) }
    state = try anna.sync.state()
    #expect(subjects(state.ahead) == ["One", "Two"])
    #expect(state.tip == begin)
    #expect(state.ahead[0].parents == [begin])
    #expect(state.head == state.ahead[1].id)

    for name in ["Three", "Four"] { try ben.commitByHand(name, ["c": name], pushes: true) }
    try fetch()
    state = try anna.sync.state()
    #expect(subjects(state.ahead) == ["One", "Two"])
    #expect(subjects(state.behind) == ["Three", "Four"])
    #expect(try state.tip == ben.head())

    try anna.git("reset", "-q", "--hard", begin)
    state = try anna.sync.state()
    #expect(subjects(state.behind) == ["Three", "Four"])
    #expect(try state.tip == ben.head())
    #expect(state.ahead == [])
  }

  @Test func `histories that share nothing`() throws {
    try remote.clone("Ben").commitByHand("Theirs", ["b": "1"], pushes: true)
    try anna.commitByHand("Ours", ["a": "1"])
    try fetch()
    let state = try anna.sync.state()
    #expect(subjects(state.ahead) == ["Ours"])
    #expect(subjects(state.behind) == ["Theirs"])
    #expect(state.tip == state.behind.last?.id)
  }

  @Test func `a merge made by hand is with its parents, and after them`() throws {
    try anna.commitByHand("Begin", ["a": "1"], pushes: true)
    try anna.git("switch", "-q", "-c", "side")
    try anna.commitByHand("Side", ["b": "1"])
    try anna.git("switch", "-q", "main")
    try anna.commitByHand("Main", ["c": "1"])
    try anna.git("merge", "-q", "--no-edit", "side")
    let state = try anna.sync.state()
    #expect(Set(subjects(state.ahead)) == ["Side", "Main", "Merge branch 'side'"])
    #expect(state.ahead.last?.parents.count == 2)
  }

  /// A message, and what is read of it.
  struct Message: Sendable {
    let text: String
    var ids: [String] = []
    var topics: [String] = []
    var subject = "Subject"
  }

  private static let id = "01M7XX0F93F0WMC16VMVX7YP8Z"
  private static let other = "01M7XX7Q0YTVE7Q4T3G8DD5D0R"

  @Test(arguments: [
    Message(text: "Subject"), Message(text: "Subject\n\nWatercooler is nice."),
    Message(text: "Subject\n\nMore\nlines\n\nof text"),
    Message(
      text: "Subject\n\nWatercooler-Entry-ID: \(id)\nWatercooler-Topic: t", ids: [id],
      topics: ["t"]),
    Message(
      text: "Subject\n\nText.\n\nWatercooler-Entry-ID: \(id)\nWatercooler-Entry-ID: \(other)\n"
        + "Watercooler-Topic: t\nWatercooler-Topic: u\nSigned-off-by: A <a@b>",
      ids: [id, other], topics: ["t", "u"]),
    Message(
      text: "Subject\n\nwatercooler-entry-id: \(id)\nWatercooler-Topic: t", ids: [id],
      topics: ["t"]),
    Message(text: "Subject\n\nWatercooler-Entry-ID: nothing\nWatercooler-Topic: t", topics: ["t"]),
    Message(text: "Subject\n\nWatercooler-Entry-ID: \(id)\n\nand then more text"),
    Message(
      text: "Odd <x> \u{1F}, \"quoted\" é 日本", subject: "Odd <x> \u{1F}, \"quoted\" é 日本"),
  ])
  func `a message and its trailers`(_ message: Message) throws {
    try anna.commitByHand(message.text, ["a": "1"])
    let commit = try #require(try anna.sync.state().ahead.first)
    #expect(commit.entryIDs.map(\.description) == message.ids)
    #expect(commit.topics == message.topics)
    #expect(commit.subject == message.subject)
    #expect(commit.message == message.text + "\n")
    #expect(commit.authorName == "Alice")
    #expect(commit.authorEmail == "alice@example.org")
    #expect(commit.parents == [])
  }

  @Test func `the user's configuration changes nothing`() throws {
    let config = """
      [user]
      \tname = Alice
      \temail = alice@example.org
      [log]
      \tshowSignature = true
      \tdecorate = short
      \tdate = relative
      \tfollow = true
      [color]
      \tui = always
      [core]
      \tpager = false

      """
    try remote.home.write(config, to: "gitconfig")
    try anna.commitByHand("Begin", ["a": "1"], pushes: true)
    try anna.commitByHand("One", ["a": "2"])
    let state = try anna.sync.state()
    #expect(subjects(state.ahead) == ["One"])
    #expect(state.tip == state.ahead.first?.parents.first)
    #expect(state.ahead.first?.authorDate.wholeMatch(of: /\d+ [+-]\d{4}/) != nil)
  }

  @Test(arguments: ["\0", "words", "<\u{1F}a\u{1F}b\0", "<\0a\0b\0"])
  func `what is no record is an error`(_ text: String) {
    #expect(throws: GitError.self) {
      try CloneState(output: Array(text.utf8), tracking: "refs/remotes/origin/main")
    }
  }

  /// What git prints of a clone with two commits of its own, and a remote with two others.
  private func listing() throws -> [UInt8] {
    try anna.commitByHand("Begin", ["a": "1"], pushes: true)
    let ben = try remote.clone("Ben")
    for name in ["One", "Two"] { try anna.commitByHand(name, ["b": name]) }
    for name in ["Three", "Four"] { try ben.commitByHand(name, ["c": name], pushes: true) }
    try fetch()
    return try anna.sync.repository.output(
      .difference("refs/heads/main", "refs/remotes/origin/main"), doing: "listing")
  }

  @Test func `a listing that is cut off, wherever, is an error`() throws {
    let whole = try listing()
    let read = { try CloneState(output: $0, tracking: "refs/remotes/origin/main") }
    #expect(try read(whole).ahead.count == 2)
    for count in 1..<whole.count {
      #expect(throws: GitError.self, "cut off after \(count) bytes") {
        try read(Array(whole.prefix(count)))
      }
    }
    #expect(throws: GitError.self) { try read(Array("a banner\n".utf8) + whole) }
    #expect(throws: GitError.self) { try read(Array("a banner\0".utf8) + whole) }
  }

  @Test(arguments: [
    "Eve\u{1F}x", "Eve \u{1}\u{7F}", "Éve, <>", "refs/remotes/origin/main", "-", "\t", "%x00",
    "a\u{2028}b",
  ])
  func `an author may have any name`(_ name: String) throws {
    try anna.commitByHand("Begin", ["a": "1"], pushes: true)
    let ben = try remote.clone("Ben")
    try ben.git("config", "user.name", name + "!")
    try ben.commitByHand("One\u{1F}\u{1E}, more", ["c": "1"], pushes: true)
    try fetch()
    let state = try anna.sync.state()
    #expect(subjects(state.behind) == ["One\u{1F}\u{1E}, more"])
    #expect(try state.tip == ben.head())
  }

  @Test func `an empty answer is none where the two sides differ`() throws {
    try anna.commitByHand("Begin", ["a": "1"], pushes: true)
    try anna.commitByHand("One", ["a": "2"])
    try remote.home.makeDirectory("silent")
    try remote.home.write(
      """
      #!/bin/sh
      case " $* " in *" log "*) exit 0;; esac
      exec \(remote.git.executable) "$@"
      """, to: "silent/git", executable: true)
    let silent = try Git(home: remote.home, ["PATH": remote.home.path("silent")])
    let sync = GitProcessSync(
      anna.sync.clone, git: silent, settings: anna.sync.settings, deadline: soon())
    #expect(throws: GitError.self) { try sync.state() }
    #expect(throws: GitError.self) { try sync.outbox.waiting() }
  }

  /// What `log` prints first is of a moment before somebody commits, or fetches.
  @Test(arguments: [
    "$git \"$@\"; $git -C \"$2\" commit -q --allow-empty -m Meanwhile",
    // The remote's branch moved after the commits were chosen, and before the refs were read.
    "$git -C \"$2\" commit -q --allow-empty -m Meanwhile; $git \"$@\" | sed s:refs/remotes/origin/main::g",
  ])
  func `what others do while git looks is no untrue answer`(_ does: String) throws {
    try anna.commitByHand("Begin", ["a": "1"], pushes: true)
    let once = remote.home.path("once")
    let busy = try remote.git(
      instead: "*' log '*) [ -e \(once) ] || { >\(once); \(does); exit; };;")
    let state = try anna.with(busy).sync.state()
    #expect(subjects(state.ahead) == ["Meanwhile"])
    #expect(state.tip == state.ahead.first?.parents.first)
  }
}

@Suite struct MergeTreeOutputTests {
  let remote: TestRemote
  let anna: TestClone

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.commitByHand("Begin", ["a": "1\n", "b": "1\n"])
  }

  /// What git says to two sides of changes: nil removes a file.
  private func merge(_ ours: [String: String?], _ theirs: [String: String?]) throws
    -> MergeTreeOutput
  {
    let base = try anna.head()
    for (branch, changes) in [("ours", ours), ("theirs", theirs)] {
      try anna.git("checkout", "-q", "-b", branch, base)
      for (name, text) in changes where text == nil { try anna.git("rm", "-q", name) }
      try anna.commitByHand(branch, changes.compactMapValues { $0 })
    }
    let result = try anna.attempt(
      "merge-tree", "--write-tree", "-z", "--messages", "ours", "theirs")
    return try MergeTreeOutput(result.stdout, hasConflicts: !result.succeeded)
  }

  @Test func `a clean merge is a tree and nothing else`() throws {
    let output = try merge(["a": "2\n"], ["b": "2\n"])
    #expect(output.tree.count == 40)
    #expect(output.conflicts == [] && output.restored == [])
  }

  @Test func `the same lines on both sides`() throws {
    let output = try merge(["a": "2\n"], ["a": "3\n"])
    #expect(output.conflicts == ["a"])
    #expect(output.restored == [])
  }

  @Test func `made on both sides`() throws {
    #expect(try merge(["new": "2\n"], ["new": "3\n"]).conflicts == ["new"])
  }

  @Test(arguments: [true, false])
  func `deleted on one side and changed on the other`(_ isOurs: Bool) throws {
    let (deleted, changed): ([String: String?], [String: String?]) = (
      ["a": nil, "c": "x"], ["a": "2\n"]
    )
    let output = try isOurs ? merge(deleted, changed) : merge(changed, deleted)
    #expect(output.restored == ["a"])
    #expect(output.conflicts == [])
    #expect(try anna.git("show", "\(output.tree):a") == "2\n")
  }

  @Test func `several at once, with names that need care`() throws {
    let names = ["two words", "line\nbreak", "é"]
    var ours: [String: String?] = ["a": nil]
    var theirs: [String: String?] = ["a": "4\n"]
    for name in names { (ours[name], theirs[name]) = ("2\n", "3\n") }
    let output = try merge(ours, theirs)
    #expect(Set(output.conflicts) == Set(names))
    #expect(output.restored == ["a"])
  }

  @Test(arguments: ["", "\0", "\0\0", "abc\0\0"])
  func `no output is no tree`(_ text: String) {
    for hasConflicts in [true, false] {
      #expect(throws: GitError.self) {
        try MergeTreeOutput(Array(text.utf8), hasConflicts: hasConflicts)
      }
    }
  }

  @Test func `output that is cut off, wherever, makes no tree that has conflict marks in it`()
    throws
  {
    let base = try anna.head()
    for (branch, text) in [("ours", "2\n"), ("theirs", "3\n")] {
      try anna.git("checkout", "-q", "-b", branch, base)
      try anna.commitByHand(branch, ["a": text, "b": text])
    }
    let whole = try anna.attempt(
      "merge-tree", "--write-tree", "-z", "--messages", "ours", "theirs"
    ).stdout
    for count in 0..<whole.count {
      let output = try? MergeTreeOutput(Array(whole.prefix(count)), hasConflicts: true)
      #expect(output?.conflicts.isEmpty != true, "cut off after \(count) bytes")
    }
    #expect(throws: GitError.self) {
      try MergeTreeOutput(Array("a banner\n".utf8) + whole, hasConflicts: true)
    }
    // The exit code and the words must say the same.
    #expect(throws: GitError.self) { try MergeTreeOutput(whole, hasConflicts: false) }
  }
}
