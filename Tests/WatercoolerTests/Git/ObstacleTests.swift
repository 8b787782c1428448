import Testing

@testable import Platform
@testable import Watercooler

/// Git's words for what it could not write, each as it was seen: on this machine, or at the remote.
@Suite struct ObstacleTests {
  private func problem(_ stderr: String) -> RemoteProblem {
    RemoteProblem(stderr: Array(stderr.utf8))
  }

  @Test(arguments: [
    (
      "fatal: unable to write loose object file: No space left on device\nfatal: unpack-objects failed",
      "is full", "free some space"
    ),
    (
      "fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output",
      "is full", "free some space"
    ),
    (
      "fatal: sha1 file '/a/.git/index.lock' write error. Out of diskspace", "is full",
      "free some space"
    ),
    (
      "error: copy-fd: write returned: Disk quota exceeded\nfatal: cannot copy 'a' to 'b': Disk quota exceeded",
      "is full", "free some space"
    ),
    (
      "error: cannot update ref 'refs/remotes/origin/main': couldn't write '/a/main.lock'\n ! 1..2  main -> origin/main  (unable to update local ref)",
      "cannot write", "free some space"
    ),
    (
      "error: couldn't close 'refs/remotes/origin/HEAD.lock'\nerror: unable to update refs/remotes/origin/HEAD",
      "cannot write", "free some space"
    ),
    (
      "error: unable to create temporary file: Read-only file system\nfatal: failed to write object\nfatal: unpack-objects failed",
      "only be read", "mounted for writing"
    ),
    (
      "error: insufficient permission for adding an object to repository database .git/objects\nfatal: unpack-objects failed",
      "may not write", "permission"
    ),
    (
      "error: cannot lock ref 'a': Unable to create '/a/main.lock': Permission denied",
      "may not write", "permission"
    ),
  ])
  func `what cannot be written here is no damage`(
    _ words: String, _ message: String, _ hint: String
  ) {
    let problem = problem(words + "\n")
    #expect(problem.kind == .unwritable && !problem.isPassing)
    #expect(problem.message.contains(message) && problem.hint?.contains(hint) == true)
  }

  @Test func `what the remote cannot write is the remote's`() {
    let words = "remote: fatal: unable to write loose object file: No space left on device"
    #expect(problem(words).kind == .other)
    let refusal = RemoteProblem(.policy, detail: "(unpacker error); No space left on device")
    #expect(refusal.hint?.contains("who runs the repository to have it written to") == true)
    #expect(problem("error: inflate: data stream error\nfatal: loose object x").kind == .damaged)
  }
}
