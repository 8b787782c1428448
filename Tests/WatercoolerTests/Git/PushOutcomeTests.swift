import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct PushOutcomeTests {
  private static let branch = "refs/heads/main"

  private func outcome(_ stdout: String, stderr: String = "", status: Int32 = 1) -> PushOutcome {
    PushOutcome(
      CommandResult(
        status: .exited(status), stdout: Array(stdout.utf8), stderr: Array(stderr.utf8),
        stdoutDiscarded: 0, stderrDiscarded: 0), branch: Self.branch)
  }

  private func line(_ flag: String, _ summary: String, branch: String = branch) -> String {
    "To /srv/threads.git\n\(flag)\t1f2e3d:\(branch)\t\(summary)\nDone\n"
  }

  @Test(arguments: [
    (" ", "1f2e3d..4c5b6a"), ("*", "[new branch]"), ("=", "[up to date]"),
    ("+", "1f2e3d...4c5b6a (forced update)"),
  ])
  func `what the remote took`(_ flag: String, _ summary: String) {
    #expect(outcome(line(flag, summary), status: 0) == .accepted)
  }

  @Test(arguments: [
    "[rejected] (fetch first)", "[rejected] (non-fast-forward)", "[rejected] (stale info)",
    "[rejected] (needs force)",
    "[remote rejected] (cannot lock ref 'refs/heads/main': is at 4c5b6a)",
    "[remote rejected] (failed to update ref)", "[remote rejected] (reference already exists)",
    "[remote rejected] (incorrect old value provided)", "[remote rejected] (failed to lock)",
    "[remote rejected] (Cannot lock ref 'refs/heads/main': Unable to create 'main.lock')",
  ])
  func `others pushed first`(_ summary: String) {
    #expect(outcome(line("!", summary)) == .othersPushed(isVague: false))
  }

  @Test func `a refusal without a reason may be either`() {
    #expect(outcome(line("!", "[remote rejected] (failed)")) == .othersPushed(isVague: true))
  }

  @Test(arguments: [
    "[remote rejected] (pre-receive hook declined)", "[remote rejected] (hook declined)",
    "[remote rejected] (protected branch hook declined)",
    "[remote rejected] (push declined due to repository rule violations)",
    "[remote rejected] (unpacker error)",
  ])
  func `a refusal for good is told in the remote's words`(_ summary: String) throws {
    let stderr =
      "remote: only on weekdays        \nremote: token=abc        \n"
      + "error: failed to push some refs to 'x'\n"
    guard case .failed(let problem) = outcome(line("!", summary), stderr: stderr) else {
      Issue.record("\(outcome(line("!", summary), stderr: stderr))")
      return
    }
    #expect(problem.kind == .policy)
    #expect(problem.detail.contains("only on weekdays; token=***"))
    #expect(problem.detail.hasPrefix(summary))
    #expect(!problem.isPassing)
  }

  @Test(arguments: [
    ("", "fatal: Could not read from remote repository.\n", RemoteProblem.Kind.unreachable),
    ("", "ssh: connect to host h port 22: Connection refused\n", .unreachable),
    ("", "fatal: the remote end hung up unexpectedly\n", .cutOff),
    ("To x\n", "", .other), ("Done\n", "", .other),
  ])
  func `without a line of the branch the complaint decides`(
    _ stdout: String, _ stderr: String, _ kind: RemoteProblem.Kind
  ) {
    guard case .failed(let problem) = outcome(stdout, stderr: stderr, status: 128) else {
      Issue.record("no failure")
      return
    }
    #expect(problem.kind == kind)
  }

  @Test func `another branch's line is not this one's`() {
    let other = line(" ", "a..b", branch: "refs/heads/not-main")
    guard case .failed = outcome(other, status: 0) else {
      Issue.record("taken for main")
      return
    }
  }

  // MARK: - What git really prints

  @Test func `real pushes`() throws {
    let remote = try TestRemote()
    let anna = try remote.clone("Anna")
    func push(_ tip: String?) throws -> PushOutcome {
      try anna.sync.clone.withLock(PushLock.self, deadline: soon()) { lock in
        let candidate = Candidate(commit: "HEAD", parent: tip)
        return try anna.sync.remote.push(candidate, lock, until: soon()).0
      }
    }
    try anna.commitByHand("One", ["a": "1"])
    let one = try anna.head()
    #expect(try push(nil) == .accepted)
    #expect(try push(one) == .accepted)
    try anna.commitByHand("Two", ["a": "2"])
    // The lease names another tip than the remote has.
    #expect(try push("HEAD") == .othersPushed(isVague: false))
    let hook = "#!/bin/sh\necho 'not on Sundays' >&2\nexit 1\n"
    let path = try remote.home.write(hook, to: "remote.git/hooks/update", executable: true)
    guard case .failed(let problem) = try push(one) else {
      Issue.record("no refusal")
      return
    }
    #expect(problem.kind == .policy)
    #expect(problem.detail.hasPrefix("[remote rejected] (hook declined); not on Sundays; error:"))
    unlink(path)
    let lock = try remote.home.write("", to: "remote.git/refs/heads/main.lock")
    #expect(try push(one) == .othersPushed(isVague: false))
    unlink(lock)
    #expect(try push(one) == .accepted)
    // Deleted there: the lease does not make it again.
    try remote.run(["-C", remote.url, "update-ref", "-d", "refs/heads/main"])
    #expect(try push(one) == .othersPushed(isVague: false))
  }
}
