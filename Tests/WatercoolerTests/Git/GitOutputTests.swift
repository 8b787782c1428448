import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Each reader of git's output, fed with what real git printed, cut off at each byte.
@Suite struct GitOutputTests {
  let remote: TestRemote
  let anna: TestClone

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.commitByHand("Begin", ["a.md": "1\n", "b.md": "2\n", "c/d.md": "3\n"])
    try anna.commitByHand("Next", ["a.md": "4\n", "e.md": "", "c/d.md": "5\n"])
  }

  private func expectOnlyWhole(_ whole: [UInt8], _ read: ([UInt8]) throws -> Void) throws {
    try read(whole)
    for count in 0..<whole.count {
      #expect(throws: GitError.self, "cut off after \(count) of \(whole.count) bytes") {
        try read(Array(whole.prefix(count)))
      }
    }
    #expect(throws: GitError.self, "a banner") { try read(Array("a banner\n".utf8) + whole) }
    #expect(throws: GitError.self, "more than was asked for") { try read(whole + whole) }
  }

  @Test func `the answers of cat-file`() throws {
    let questions = ["HEAD:a.md", "HEAD:none.md", "HEAD:e.md", "HEAD:c"]
    let input = questions.map { $0 + "\n" }.joined()
    let whole = try anna.sync.repository.output(
      .objects, doing: "asking", input: .bytes(Array(input.utf8)))
    try expectOnlyWhole(whole) { output in
      let objects = try CatFileOutput(output, stderr: [], to: questions).objects
      #expect(objects["HEAD:a.md"]?.bytes == Array("4\n".utf8))
      #expect(objects["HEAD:none.md"] == nil)
      #expect(objects["HEAD:e.md"]?.bytes == [])
      #expect(objects["HEAD:c"]?.type == "tree")
    }
  }

  @Test func `a complaint about something else makes no answer worthless`() throws {
    try remote.home.write("/nonexistent/objects\n", to: "Anna/.git/objects/info/alternates")
    let names = ["HEAD:a.md", "HEAD:none.md", "HEAD:none/none.md"]
    #expect(try anna.sync.repository.objects.blobs(names) == ["HEAD:a.md": Array("4\n".utf8)])
    #expect(try anna.sync.repository.objects.directory("none", at: "HEAD") == nil)
  }

  @Test(arguments: [
    "grep.patternType=fixed", "grep.patternType=perl", "grep.extendedRegexp=true",
    "core.commentChar=W", "log.follow=true", "color.ui=always", "log.date=relative",
    "log.decorate=short", "log.excludeDecoration=refs/*", "log.mailmap=true", "diff.renames=copies",
    "status.relativePaths=false", "status.showUntrackedFiles=no", "core.quotePath=false",
    "core.abbrev=4", "format.pretty=oneline", "diff.noPrefix=true", "log.showRoot=false",
    "diff.relative=true", "commit.verbose=true",
  ])
  func `a person's setting changes nothing that is read`(_ setting: String) throws {
    let words = setting.split(separator: "=").map(String.init)
    try anna.git("config", words[0], words[1])
    let (said, byHand) = (EntryID.make(), EntryID.make())
    try anna.say("one", id: said)
    try anna.commitByHand("By hand", ["t.md": "<!-- Entry-ID: \(byHand) -->\n"])
    let parent = try anna.git("rev-parse", "HEAD^").filter { !$0.isNewline }
    #expect(try anna.sync.workTree.commit(of: said, on: "HEAD") == parent)
    #expect(try anna.sync.workTree.isCommitted(byHand))
    #expect(try anna.sync.state().ahead.map(\.subject) == ["By hand"])
    try anna.git("rm", "-q", "--cached", "a.md")
    #expect(try Set(anna.sync.handEdits.all().map(\.topic.name)) == ["a"])
  }

  @Test func `a name that is no UTF-8 is told apart from every other`() throws {
    let (blob, none) = (String(repeating: "a", count: 40), String(repeating: "0", count: 40))
    let fields = ":100644 000000 \(blob) \(none) D\0caf".utf8 + [0xE9] + ".txt\0".utf8
    let bytes = Array("x y\n".utf8) + fields + Array("y y\n".utf8)
    let change = try #require(try DiffTreeOutput(bytes, from: "x", to: "y").changes.first)
    #expect(!change.isFile)
  }

  @Test func `what differs between two commits`() throws {
    let trees = try anna.git("rev-parse", "HEAD^^{tree}", "HEAD^{tree}")
      .split(separator: "\n").map(String.init)
    let whole = try anna.sync.repository.output(
      .changes(paths: []), doing: "asking",
      input: .bytes(DiffTreeOutput.input(from: trees[0], to: trees[1])))
    try expectOnlyWhole(whole) { output in
      let changes = try DiffTreeOutput(output, from: trees[0], to: trees[1]).changes
      #expect(changes.map(\.path) == ["a.md", "c/d.md", "e.md"])
      #expect(changes.map { $0.old == nil } == [false, false, true])
    }
  }

  @Test func `what is in a directory`() throws {
    let tree = try anna.git("rev-parse", "HEAD^{tree}").trimmingCharacters(in: .newlines)
    let read = try #require(try anna.sync.repository.objects.directory("", at: "HEAD"))
    #expect(
      Set(read.entries.keys.map { String(decoding: $0, as: UTF8.self) })
        == ["a.md", "b.md", "c", "e.md"])
    #expect(read["c"]?.mode == "40000")
    let input = Array("\(tree)\n".utf8)
    let whole = try anna.sync.repository.output(
      .objects, doing: "asking", input: .bytes(input))
    let object = try #require(try CatFileOutput(whole, stderr: [], to: [tree]).objects[tree])
    for count in 1..<object.bytes.count {
      let cut = CatFileOutput.Object(
        name: object.name, type: "tree", bytes: Array(object.bytes.prefix(count)))
      // At the end of an entry only the size that cat-file tells shows that more has to come.
      if let part = try? TreeObject(cut) { #expect(part.entries.count < read.entries.count) }
    }
  }

  @Test(arguments: ["", "\n", "abc\n", "a b\n", "line", "two\nlines\n"])
  func `no name of an object`(_ text: String) {
    #expect(throws: GitError.self) { try GitOutput.objectName(Array(text.utf8), "asking") }
  }

  @Test func `a directory that is made anew keeps what is beside the file`() throws {
    try anna.git("update-index", "--chmod=+x", "a.md")
    try anna.git("commit", "-q", "-m", "Executable")
    let gone: [UInt8]? = nil
    let files: [String: [UInt8]?] = [
      "a.md": Array("new\n".utf8), "c/d.md": gone, "x/y/z.md": Array("z".utf8),
    ]
    let draft = CommitDraft(parent: try anna.head(), files: files, message: "Anew")
    let tree = try anna.sync.repository.commit(draft, by: anna.sync.settings.committer).commit
    let listed = try anna.git("ls-tree", "-r", tree).split(separator: "\n")
      .map { $0.split(whereSeparator: \.isWhitespace) }.map { "\($0[0]) \($0[3])" }
    #expect(listed == ["100755 a.md", "100644 b.md", "100644 e.md", "100644 x/y/z.md"])
    #expect(try anna.git("show", "\(tree):a.md") == "new\n")
  }

  @Test func `a file whose object is gone is damage, and no new file`() throws {
    let blob = try anna.git("rev-parse", "HEAD:a.md").trimmingCharacters(in: .newlines)
    let path = "\(anna.root)/.git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))"
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: GitError.self) { try anna.sync.repository.objects.blobs(["HEAD:a.md"]) }
    #expect(try anna.sync.repository.objects.blobs(["HEAD:none.md"]) == [:])
    #expect(try anna.sync.repository.objects.blobs(["HEAD:c/none.md", "HEAD:none/none.md"]) == [:])
  }
}
