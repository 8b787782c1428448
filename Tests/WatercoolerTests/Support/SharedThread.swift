@testable import MCP
@testable import Platform
@testable import Watercooler

/// A thread `t` that two machines share: what is said in one clone is read in the other.
struct SharedThread {
  let remote: TestRemote
  /// Who writes.
  let other: TestClone
  /// Who reads.
  let here: TestClone
  /// The workspace in `here`.
  let machine: TestWorkspace

  /// - Parameter variables: Of the machine's environment, beside those that every clone in a test has.
  init(_ variables: [String: String]) throws {
    remote = try TestRemote()
    other = try remote.clone("Other")
    try other.say("first")
    here = try remote.clone("Here")
    let common = ["WATERCOOLER_GIT_SSH_SHARE": "0", "WATERCOOLER_DIR": here.root]
    machine = try TestWorkspace(common.merging(variables) { $1 })
  }
}
