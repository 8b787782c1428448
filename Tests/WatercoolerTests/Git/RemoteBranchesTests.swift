import Testing

@testable import Platform
@testable import Watercooler

/// What is believed of a remote's branches, by what git prints of it.
@Suite struct RemoteBranchesTests {
  private static let object = String(repeating: "a", count: 40)

  private func answer(
    _ stdout: String, _ stderr: String, status: Int32 = 0
  ) throws -> Result<RemoteBranches, RemoteProblem> {
    try RemoteBranches.answer(
      CommandResult(
        status: .exited(status), stdout: Array(stdout.utf8), stderr: Array(stderr.utf8),
        stdoutDiscarded: 0, stderrDiscarded: 0))
  }

  @Test(arguments: [
    "05:46:08.947492 pkt-line.c:80           packet:  upload-pack> 0000\n05:46:08.947521 pkt-line.c:80           packet:    ls-remote< 0000\n",
    "05:46:08.953457 pkt-line.c:80           packet:    ls-remote< version 2\n",
    "05:46:08.953457 pkt-line.c:80           packet:          git< # service=git-upload-pack\n",
  ])
  func `a packet that came is the word of a git`(_ trace: String) throws {
    #expect(try answer("", trace) == .success(RemoteBranches(names: [])))
  }

  @Test(arguments: [
    "", "warning: redirecting to http://127.0.0.1/login/\n",
    "05:46:08.947542 pkt-line.c:80           packet:    ls-remote> 0000\n",
    "remote: packet: ls-remote< 0000\n", "welcome packet: ls-remote< 0000\n",
    "05:46:08.947542 run-command.c:655       trace: run_command: git remote-http < x\n",
  ])
  func `nothing else is`(_ words: String) throws {
    #expect(try answer("", words) == .failure(RemoteProblem(.notGit, detail: "")))
  }

  @Test func `the branches are listed by name`() throws {
    let lines = "\(Self.object)\trefs/heads/main\n\(Self.object)\trefs/heads/a/b\n"
    #expect(try answer(lines, "") == .success(RemoteBranches(names: ["main", "a/b"])))
    for line in ["main\n", "\(Self.object) refs/heads/main\n", "\(Self.object)\tHEAD\n"] {
      #expect(throws: GitError.self) { try answer(line, "") }
    }
  }

  @Test func `what failed is told without the trace`() throws {
    let words =
      "05:46:08.953457 pkt-line.c:80           packet:    ls-remote< version 2\nfatal: early EOF\n"
    #expect(
      try answer("", words, status: 128)
        == .failure(RemoteProblem(.unreachable, detail: "early EOF")))
  }

  @Test func `of many only some are named`() {
    #expect(RemoteBranches(names: ["a", "b"]).list == "a, b")
    #expect(
      RemoteBranches(names: (1...7).map(String.init)).list == "1, 2, 3, 4, 5 and 2 more")
  }
}
