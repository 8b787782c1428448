import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// The ways in which `wc init` shares threads.
@Suite struct SharingTests {
  let remote: TestRemote

  init() throws { remote = try TestRemote() }

  /// A machine of one test's own that knows the remote only by its URL.
  private func machine(_ more: [String: String] = [:]) throws -> TestWorkspace {
    try TestWorkspace(["WATERCOOLER_GIT_SSH_SHARE": "0"].merging(more) { $1 })
  }

  private func share(
    _ machine: TestWorkspace, _ change: (inout SharingRequest) -> Void
  ) throws -> SharingResult {
    var request = SharingRequest()
    change(&request)
    return try machine.workspace().share(request, deadline: soon())
  }

  @Test func `a clone takes the place of an empty directory`() throws {
    let machine = try machine()
    let result = try share(machine) { $0.url = remote.url }
    #expect(result.path == machine.threads)
    #expect(result.isNew)
    #expect(result.delivery == nil)
    // No variable names the repository: the clone knows itself.
    let receipt = try machine.say("t", "hello")
    #expect(receipt.delivery.state == .pushed)
    #expect(try remote.bodies() == ["hello"])
    #expect(try machine.workspace().isCloud)
  }

  @Test func `done again it changes nothing`() throws {
    let machine = try machine()
    _ = try share(machine) { $0.url = remote.url }
    try machine.say("t", "hello")
    let again = try share(machine) { $0.url = remote.url }
    #expect(!again.isNew)
    #expect(try machine.thread("t").entries.count == 1)
  }

  @Test func `threads of this machine are not taken along unasked`() throws {
    let machine = try machine()
    try machine.say("t", "local")
    #expect(throws: SharingError.localThreads(machine.threads, 1)) {
      try share(machine) { $0.url = remote.url }
    }
    #expect(try machine.thread("t").entries.map(\.body.string) == ["local"])
    #expect(try !machine.workspace().isCloud)
  }

  @Test func `an import merges them in, what the remote has first`() throws {
    let other = try remote.clone("Other")
    try other.say("shared")
    let machine = try machine()
    try machine.say("t", "local")
    try machine.say("u", "only here")
    try machine.write("---\nformat: 1\n", to: "notes.md")
    let result = try share(machine) {
      $0.url = remote.url
      $0.imports = true
    }
    #expect(result.delivery?.state == .pushed)
    #expect(try remote.bodies() == ["shared", "local"])
    #expect(try remote.bodies("u") == ["only here"])
    #expect(result.delivery?.notes.contains { $0.hasPrefix("notes.md cannot be read") } == true)
    let kept = try machine.home.names(in: "threads/.git/watercooler")
      .filter { $0.hasPrefix("imported-") }
    #expect(kept.count == 1)
    #expect(
      try machine.home.names(in: "threads/.git/watercooler/\(kept[0])") == [
        "notes.md", "t.md", "u.md",
      ])
  }

  @Test func `an import from which nothing can be cloned leaves all as it was`() throws {
    let machine = try machine()
    try machine.say("t", "local")
    #expect(throws: CloneError.self) {
      try share(machine) {
        $0.url = remote.home.path("nowhere.git")
        $0.imports = true
      }
    }
    #expect(try machine.thread("t").entries.map(\.body.string) == ["local"])
    #expect(try machine.home.names().filter { !$0.hasSuffix(".lock") } == ["project", "threads"])
  }

  @Test func `a branch of its own touches nothing of the code's`() throws {
    let machine = try machine(["WATERCOOLER_DIR": ""])
    let project = machine.project
    func git(_ arguments: String...) throws -> String {
      try remote.run(arguments, in: project)
    }
    _ = try git("init", "-q", "-b", "main")
    _ = try git("remote", "add", "origin", remote.url)
    try machine.home.write("int main;\n", to: "project/code.c")
    _ = try git("add", "code.c")
    _ = try git("commit", "-q", "-m", "Code")
    _ = try git("push", "-q", "origin", "main")
    try machine.home.write("staged\n", to: "project/staged.c")
    _ = try git("add", "staged.c")
    let before = try git("status", "--porcelain") + git("rev-parse", "main", "HEAD")

    let result = try share(machine) { $0.branch = "watercooler" }
    #expect(result.path == project + "/.watercooler")
    let receipt = try machine.say("t", "hello")
    #expect(receipt.delivery.state == .pushed)
    #expect(try remote.threads(branch: "watercooler").keys.sorted() == ["t"])
    #expect(try remote.run(["-C", remote.url, "ls-tree", "--name-only", "main"]) == "code.c\n")
    // Nothing of it is the code's: no file to commit, no common history.
    #expect(try git("status", "--porcelain") + git("rev-parse", "main", "HEAD") == before)
    #expect(try !remote.attempt(["merge-base", "main", "watercooler"], in: project).succeeded)
    #expect(try git("show", "watercooler:.gitattributes").contains("merge=watercooler"))
  }

  @Test func `a second machine joins the branch that is there`() throws {
    let seed = try remote.clone("Seed")
    try seed.commitByHand("Code", ["code.c": "int main;\n"], pushes: true)
    var texts: [String] = []
    for number in 0..<2 {
      let machine = try machine(["WATERCOOLER_DIR": ""])
      rmdir(machine.project)
      try remote.run(["clone", "-q", remote.url, machine.project])
      _ = try share(machine) { $0.branch = "watercooler" }
      try machine.say("t", "\(number)")
      texts = try #require(try remote.threads(branch: "watercooler")["t"]).entries
        .map(\.body.string)
    }
    #expect(texts == ["0", "1"])
    let roots = try remote.run(
      ["-C", remote.url, "rev-list", "--max-parents=0", "--count", "watercooler"])
    #expect(roots == "1\n")
  }

  @Test func `a project without a remote is told so`() throws {
    let machine = try machine(["WATERCOOLER_DIR": ""])
    try remote.run(["init", "-q"], in: machine.project)
    #expect(throws: OwnBranchError.noRemote(machine.project)) {
      try share(machine) { $0.branch = "watercooler" }
    }
  }

  private func project(_ machine: TestWorkspace) throws {
    let seed = try remote.clone("Seed")
    try seed.commitByHand("Code", ["code.c": "int main;\n"], pushes: true)
    rmdir(machine.project)
    try remote.run(["clone", "-q", remote.url, machine.project])
  }

  @Test(arguments: [
    ("main", OwnBranchError.checkedOut("main", "PROJECT")), ("topic", .ofCode("topic")),
    ("a..b", .badName("a..b")),
  ])
  func `a branch of the code's is not taken`(_ branch: String, _ expected: OwnBranchError) throws {
    let machine = try machine(["WATERCOOLER_DIR": ""])
    try project(machine)
    try remote.run(["branch", "topic"], in: machine.project)
    let config = machine.home.read("project/.git/config")
    let error = #expect(throws: OwnBranchError.self) { try share(machine) { $0.branch = branch } }
    #expect(
      error?.message == expected.message.replacing("PROJECT", with: machine.project))
    #expect(machine.home.read("project/.git/config") == config)
    #expect(try machine.home.names(in: "project") == [".git", "code.c"])
    #expect(try !remote.run(["for-each-ref"], in: machine.project).contains("watercooler"))
  }

  @Test func `a branch of the code's that only the remote has is not taken`() throws {
    let machine = try machine(["WATERCOOLER_DIR": ""])
    try project(machine)
    try remote.run(["-C", remote.url, "branch", "topic", "main"])
    let before = try remote.run(["for-each-ref"], in: machine.project)
    #expect(throws: OwnBranchError.ofCode("topic")) { try share(machine) { $0.branch = "topic" } }
    #expect(try remote.run(["for-each-ref"], in: machine.project) == before)
  }

  @Test func `another branch than the one that is there is not said to be there`() throws {
    let machine = try machine(["WATERCOOLER_DIR": ""])
    try project(machine)
    _ = try share(machine) { $0.branch = "watercooler" }
    #expect(
      throws: SharingError.otherBranch(
        machine.project + "/.watercooler", "watercooler", asked: "other")
    ) { try share(machine) { $0.branch = "other" } }
  }

  @Test func `a path in a code repository stages that path alone`() throws {
    let seed = try remote.clone("Seed")
    try seed.commitByHand("Code", ["code.c": "int main;\n"], pushes: true)
    let machine = try machine()
    let result = try share(machine) {
      $0.url = remote.url
      $0.path = "docs/threads"
    }
    #expect(result.path == machine.threads + "/docs/threads")
    #expect(try machine.say("t", "hello").delivery.state == .pushed)
    #expect(try remote.threads(path: "docs/threads").keys.sorted() == ["t"])
    // The code goes on, and is neither touched nor in the way.
    try seed.git("pull", "-q", "--rebase")
    try seed.commitByHand("More", ["code.c": "int other;\n", "new.c": "\n"], pushes: true)
    #expect(try machine.say("t", "again").delivery.state == .pushed)
    #expect(try remote.threads(path: "docs/threads")["t"]?.entries.count == 2)
    #expect(try remote.run(["-C", remote.url, "show", "main:code.c"]) == "int other;\n")
    #expect(try remote.run(["status", "--porcelain"], in: machine.threads) == "")
  }
}

@Suite struct RepositoryURLTests {
  @Test(arguments: [
    "ssh://h/x", "ssh://h/x/", "ssh://h/x.git", "ssh://h/x.git/", "ssh://h/x/.git",
    "ssh://h/x/.git/",
  ])
  func `several ways to write a URL are one`(_ url: String) {
    #expect(url.withoutRepositorySuffix == "ssh://h/x")
  }

  @Test func `a file's URL is its path`() {
    #expect("file:///a/x.git".withoutRepositorySuffix == "/a/x")
  }
}

/// A clone is made whole, by one, or not at all.
@Suite struct ClonePlanTests {
  let remote: TestRemote

  init() throws { remote = try TestRemote() }

  private func plan(_ url: String? = nil, branch: String? = nil) -> ClonePlan {
    ClonePlan(
      url: url ?? remote.url, root: remote.home.path("deep/down/clone"), path: "", branch: branch,
      makesBranch: false)
  }

  private func make(_ plan: ClonePlan) throws {
    try plan.make(remote.git, program: Programs.path("wc"), until: soon())
  }

  @Test func `many that ask at once get one clone`() throws {
    try remote.clone("Anna").say("one")
    let failures = Mutexed(0)
    let done = Mutexed(0)
    for _ in 0..<4 {
      onThread {
        do { try make(plan()) } catch { failures.add(1) }
        done.add(1)
      }
    }
    #expect(eventually { done.value == 4 })
    #expect(failures.value == 0)
    #expect(try remote.home.names(in: "deep/down") == ["clone"])
    #expect(try remote.home.names(in: "deep/down/clone") == [".git", "t.md"])
  }

  @Test func `whoever takes the lock of a place leaves nothing there`() throws {
    let place = StorePlace(remote.home.path("place/threads"))
    let (done, turns) = (Mutexed(0), Mutexed(0))
    for _ in 0..<4 {
      onThread {
        for _ in 0..<300 { try? place.withLock(until: soon()) { turns.add(1) } }
        done.add(1)
      }
    }
    #expect(eventually { done.value == 4 })
    #expect(turns.value == 1200)
    #expect(try remote.home.names(in: "place") == [])
  }

  @Test(arguments: ["-u/bin/sh", "--upload-pack=x"])
  func `a URL that is an option is refused`(_ url: String) throws {
    #expect(throws: CloneError.badURL(url)) { try make(plan(url)) }
  }

  @Test func `a clone that fails leaves nothing but the directory above it`() throws {
    let error = #expect(throws: CloneError.self) { try make(plan(remote.home.path("no.git"))) }
    #expect(error?.message.contains("nothing was written") == true)
    let names = try remote.home.names(in: "deep/down").filter { !$0.hasSuffix(".lock") }
    #expect(names == [])
  }

  @Test func `a directory with files in it is left alone`() throws {
    try remote.home.makeDirectory("deep/down/clone")
    try remote.home.write("words", to: "deep/down/clone/file")
    #expect(throws: CloneError.notEmpty(plan().root)) { try make(plan()) }
    #expect(remote.home.read("deep/down/clone/file") == "words")
  }

  @Test func `a branch that is not there is not begun unasked`() throws {
    try remote.clone("Anna").say("one")
    #expect(throws: CloneError.noBranch("talk", url: remote.url)) { try make(plan(branch: "talk")) }
    #expect(try remote.home.names(in: "deep/down").filter { !$0.hasSuffix(".lock") } == [])
  }

  @Test func `what was left of a clone that was killed is no hindrance`() throws {
    try remote.home.makeDirectory("deep/down/clone.cloning/.git")
    try make(plan())
    #expect(try remote.home.names(in: "deep/down") == ["clone"])
  }
}

extension ClonePlanTests {
  @Test func `a path on another branch than the default one is found`() throws {
    let seed = try remote.clone("Seed")
    try seed.commitByHand("Code", ["code.c": "int main;\n"], pushes: true)
    let anna = try remote.clone("Anna", path: "a [b]/c", branch: "talk", makesBranch: true)
    try anna.say("one")
    let ben = try remote.clone("Ben", path: "a [b]/c", branch: "talk")
    #expect(try ben.bodies() == ["one"])
    #expect(try ben.say("two").state == .pushed)
    #expect(
      try remote.threads(branch: "talk", path: "a [b]/c")["t"]?.entries.map(\.body.string)
        == ["one", "two"])
  }
}
