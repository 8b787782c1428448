import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What `git fast-import` is given, and what is believed of its answer.
@Suite struct FastImportTests {
  private let committer = Committer(name: "Water <cooler>\n", email: "w@x", isSigning: false)

  private func text(_ imported: FastImport, _ draft: CommitDraft) -> String {
    let time = Timestamp(seconds: 1_700_000_000)
    return String(decoding: imported.stream(draft, by: committer, at: time), as: UTF8.self)
  }

  @Test func `a commit of a file on a parent, and the branch that moves to it`() {
    let draft = CommitDraft(
      parent: "p1", files: ["a b.md": Array("x\ny".utf8)], message: "Said\n")
    #expect(
      text(FastImport(branch: "refs/heads/main"), draft) == """
        commit refs/heads/main
        mark :1
        committer Water cooler <w@x> now
        data 5
        Said

        from p1
        ls "a b.md"
        M 100644 inline "a b.md"
        data 3
        x
        y
        get-mark :1
        done

        """)
  }

  @Test func `a commit that nothing names, of somebody else's, on another tree`() {
    let draft = CommitDraft(
      parent: nil, tree: "t1", files: ["q\"\\\n.md": nil, "x": []], message: "",
      author: Authorship(name: "Eve", email: "e@x", date: "12 +0200"))
    #expect(
      text(FastImport(modes: ["x": "100755"]), draft) == #"""
        commit refs/watercooler/candidate
        mark :1
        author Eve <e@x> 12 +0200
        committer Water cooler <w@x> 1700000000 +0000
        data 0

        M 040000 t1 ""
        ls "q\"\\\n.md"
        D "q\"\\\n.md"
        ls "x"
        M 100755 inline "x"
        data 0

        reset refs/watercooler/candidate

        get-mark :1
        done

        """#)
  }

  @Test func `an answer that is cut off, or one too many, is an error`() throws {
    let draft = CommitDraft(files: ["a": [1], "b": [2], "c": nil], message: "")
    let (blob, commit) = (String(repeating: "a", count: 40), String(repeating: "b", count: 40))
    let whole = Array(
      "100755 blob \(blob)\ta\nmissing b\n100755 blob \(blob)\tc\n\(commit)\n".utf8)
    func made(_ output: [UInt8], _ modes: [String: String] = [:]) throws -> FastImport.Made {
      try FastImport.Made(output, draft, assuming: modes, "making a commit")
    }
    #expect(try made(whole).commit == commit)
    #expect(try made(whole).others == ["a": "100755"])
    #expect(try made(whole, ["a": "100755"]).others == [:])
    #expect(try made(whole, ["a": "100755", "b": "100755"]).others == ["b": "100644"])
    for count in 0..<whole.count {
      #expect(throws: GitError.self, "cut off after \(count)") {
        try made(Array(whole.prefix(count)))
      }
    }
    #expect(throws: GitError.self) { try made(whole + whole) }
  }
}

/// Commits that are made from bytes, by the real git.
@Suite struct CommitDraftTests {
  let remote: TestRemote
  let anna: TestClone
  private var repository: Repository { anna.sync.repository }
  private var committer: Committer { anna.sync.settings.committer }

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.commitByHand("Begin", ["a.md": "1\n", "b.md": "2\n", "d/c.md": "3\n"], pushes: true)
  }

  private func draft(_ files: [String: [UInt8]?], on parent: String?) -> CommitDraft {
    CommitDraft(parent: parent, files: files, message: "Made\n")
  }

  @Test func `a branch is moved from the commit's parent, and from nowhere else`() throws {
    let first = try anna.head()
    try anna.commitByHand("Meanwhile", ["b.md": "4\n"])
    let moved = try anna.head()
    let stale = draft(["a.md": Array("5\n".utf8)], on: first)
    #expect(try repository.commit(stale, by: committer, moving: "refs/heads/main") == nil)
    #expect(try anna.head() == moved)
    let fresh = draft(["a.md": Array("5\n".utf8)], on: moved)
    let made = try #require(
      try repository.commit(fresh, by: committer, moving: "refs/heads/main"))
    #expect(try anna.head() == made.commit && made.parent == moved)
    #expect(try anna.git("show", "HEAD:b.md") == "4\n")
  }

  @Test func `a candidate moves nothing, and no ref names it`() throws {
    let refs = try anna.git("for-each-ref")
    let made = try repository.commit(
      draft(["a.md": Array("5\n".utf8)], on: try anna.head()), by: committer)
    #expect(try anna.git("for-each-ref") == refs)
    #expect(try anna.git("show", "\(made.commit):a.md") == "5\n")
  }

  @Test(arguments: [false, true])
  func `modes and links stay, also of a file that is written`(_ moves: Bool) throws {
    try anna.git("update-index", "--chmod=+x", "a.md")
    try FileManager.default.createSymbolicLink(
      atPath: anna.root + "/link.md", withDestinationPath: "a.md")
    try anna.git("add", "link.md")
    try anna.git("commit", "-q", "-m", "Modes")
    let change = draft(
      ["a.md": Array("5\n".utf8), "new.md": Array("6\n".utf8), "d/c.md": nil],
      on: try anna.head())
    let made =
      moves
      ? try repository.commit(change, by: committer, moving: "refs/heads/main")
      : try repository.commit(change, by: committer)
    let commit = try #require(made?.commit)
    let listed = try anna.git("ls-tree", "-r", commit).split(separator: "\n")
      .map { $0.split(whereSeparator: \.isWhitespace) }.map { "\($0[0]) \($0[3])" }
    #expect(listed == ["100755 a.md", "100644 b.md", "120000 link.md", "100644 new.md"])
    if moves { #expect(try anna.head() == commit) }
  }

  @Test func `an import that fails leaves no report in the repository`() throws {
    let nowhere = String(repeating: "1", count: 40)
    #expect(throws: GitError.self) {
      try repository.commit(draft(["a.md": [1]], on: nowhere), by: committer)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: anna.root + "/.git")
    #expect(!names.contains { $0.hasPrefix("fast_import_crash") })
  }

  @Test func `a push names what it was made on, whatever was fetched since`() throws {
    let parent = try anna.head()
    let made = try repository.commit(
      draft(["a.md": Array("ours\n".utf8)], on: parent), by: committer)
    let ben = try remote.clone("Ben")
    try ben.commitByHand("Theirs", ["a.md": "theirs\n"], pushes: true)
    // Another process fetches: a lease on what the ref names now would overwrite it.
    let fetched = try anna.sync.clone.withLock(FetchLock.self, deadline: soon()) {
      try anna.sync.remote.fetch($0, until: soon())
    }
    #expect(fetched == nil)
    #expect(try anna.git("rev-parse", "origin/main") != anna.git("rev-parse", parent))
    let outcome = try anna.sync.clone.withLock(PushLock.self, deadline: soon()) {
      try anna.sync.remote.push(made, $0, until: soon()).0
    }
    #expect(outcome == .othersPushed(isVague: false))
    #expect(try ben.git("ls-remote", "origin", "main").hasPrefix(try ben.head()))
  }
}
