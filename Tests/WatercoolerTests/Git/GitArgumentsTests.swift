import Testing

@testable import Platform
@testable import Watercooler

/// What git is told, word for word: a flag that is lost changes what is written, or what is read.
@Suite struct GitArgumentsTests {
  @Test func `a push names the commit that it goes on, and runs no hook`() {
    #expect(
      GitArguments.push("c1", over: "c0", to: "refs/heads/main", at: "origin").words == [
        "push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-recurse-submodules",
        "--force-with-lease=refs/heads/main:c0", "origin", "c1:refs/heads/main",
      ])
  }

  @Test func `a first push makes the branch only where there is none`() {
    let words = GitArguments.push("c1", over: nil, to: "refs/heads/main", at: "origin").words
    #expect(words.contains("--force-with-lease=refs/heads/main:"))
  }

  @Test func `a fetch forces nothing`() {
    let words = GitArguments.fetch(
      "refs/heads/main", into: "refs/remotes/origin/main", from: "origin"
    ).words
    #expect(words.last == "refs/heads/main:refs/remotes/origin/main")
    #expect(words.contains("--no-write-fetch-head") && words.contains("--no-tags"))
  }

  @Test func `a fetch aside moves no other ref`() {
    let words = GitArguments.fetchAside("refs/heads/main", into: "refs/x", from: "origin").words
    #expect(words.contains("--refmap="))
    #expect(words.last == "+refs/heads/main:refs/x")
  }

  @Test(
    arguments: [
      (nil, ["update-ref", "refs/x", "c1"]), ("c0", ["update-ref", "refs/x", "c1", "c0"]),
      ("", ["update-ref", "refs/x", "c1", ""]),
    ] as [(String?, [String])])
  func `a ref is moved from where it must be`(_ old: String?, _ words: [String]) {
    #expect(GitArguments.move("refs/x", to: "c1", from: old).words == words)
  }

  @Test func `a commit that is cut off is none, and no pack of its own`() {
    #expect(
      GitArguments.makeCommit(dates: .now).words == [
        "-c", "fastimport.unpackLimit=100", "fast-import", "--quiet", "--done",
        "--date-format=now",
      ])
  }

  @Test func `a signed commit has its parent`() {
    #expect(
      GitArguments.sign("t", parent: nil).words == ["commit-tree", "-S", "-F", "-", "t"])
    #expect(
      GitArguments.sign("t", parent: "p").words
        == ["commit-tree", "-S", "-p", "p", "-F", "-", "t"])
  }

  @Test(arguments: [
    ("plain", "^plain"), ("<!-- Entry-ID: X -->", "^<!-- Entry-ID: X -->"),
    ("a.b*c[d]^$\\", #"^a\.b\*c\[d\]\^\$\\"#),
  ])
  func `what is looked for is no pattern`(_ text: String, _ pattern: String) {
    #expect(
      GitArguments.lines(beginningWith: text, at: "main", paths: ["p"]).words
        == ["grep", "--quiet", "--basic-regexp", "-e", pattern, "main", "--", "p"])
    #expect(
      GitArguments.newest(on: "main", withLine: text).words
        == ["log", "-1", "--format=%H", "--basic-regexp", "--grep=" + pattern, "main", "--"])
  }

  @Test func `a path is a name, and no pattern`() {
    let words = GitArguments.resetIndex(listedIn: "/list").words
    #expect(words.first == "--literal-pathspecs")
    #expect(words.contains("--refresh"))
  }

  @Test func `a merge knows its drivers`() {
    #expect(
      GitArguments.merge("a", "b", drivers: ["threads": "wc merge"], attributes: "/f").words == [
        "-c", "core.attributesFile=/f", "-c", "merge.threads.driver=wc merge", "merge-tree",
        "--write-tree", "-z", "--messages",
        "--allow-unrelated-histories", "a", "b",
      ])
  }

  @Test(arguments: [
    (true, true, ["--", "u", "d"]),
    (false, true, ["--single-branch", "--branch", "b", "--", "u", "d"]),
    (
      false, false,
      ["--filter=blob:none", "--sparse", "--single-branch", "--branch", "b", "--", "u", "d"]
    ),
  ])
  func `a clone takes what is asked for`(_ isWhole: Bool, _ hasContents: Bool, _ rest: [String]) {
    let words = GitArguments.clone(
      "u", into: "d", as: "origin", branch: "b", isWhole: isWhole, hasContents: hasContents
    ).words
    #expect(
      words == ["clone", "--quiet", "--no-checkout", "--no-tags", "--origin", "origin"] + rest)
  }
}
