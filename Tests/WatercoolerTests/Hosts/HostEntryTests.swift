import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct HostEntryTests {
  private let home: TestWorkspace

  init() throws {
    home = try TestWorkspace(["WATERCOOLER_USER": "", "WATERCOOLER_DIR": ""])
  }

  private func entry(
    _ changes: [String: String] = [:], flags: [Setting: String] = [:], agent: String? = nil
  ) throws -> HostEntry {
    try HostEntry(
      command: "/bin/w", configuration: home.configuration(flags: flags, changes), agent: agent)
  }

  @Test func `what is set is taken along, with paths from the root on`() throws {
    let entry = try entry(
      [
        "WATERCOOLER_GIT_REPO": "git@example.org:team/threads.git", "WATERCOOLER_USER": "alice",
        "WATERCOOLER_GIT_SSH_KEY": "~/.ssh/key", "WATERCOOLER_GIT_TOKEN_FILE": "token",
        "WATERCOOLER_ROLE": "", "OTHER": "x",
      ], flags: [.directory: "threads"], agent: "Claude")
    #expect(
      entry.variables.map { "\($0.name)=\($0.value)" } == [
        "WATERCOOLER_AGENT=Claude", "WATERCOOLER_USER=alice",
        "WATERCOOLER_DIR=\(home.project)/threads",
        "WATERCOOLER_GIT_REPO=git@example.org:team/threads.git",
        "WATERCOOLER_GIT_SSH_KEY=\(home.home.path)/.ssh/key",
        "WATERCOOLER_GIT_TOKEN_FILE=\(home.project)/token",
      ])
  }

  @Test(arguments: [("../t.git", "/../t.git"), ("t", "/t")])
  func `a repository on this machine has its whole path`(_ given: String, _ tail: String) throws {
    let entry = try entry(flags: [.gitRepo: given])
    #expect(entry.variables.map(\.value) == [home.project + tail])
  }

  @Test func `an agent that could not sign is refused`() {
    for name in ["", "a\nb"] { #expect(throws: InvalidText.self) { try entry(agent: name) } }
  }

  @Test func `the agent's name is taken from the option alone, and the lock only with it`() throws {
    let lock = ["WATERCOOLER_AGENT_LOCK": "1"]
    #expect(try entry(lock).variables.isEmpty)
    #expect(
      try entry(lock, agent: "Codex").variables.map(\.name) == [
        "WATERCOOLER_AGENT", "WATERCOOLER_AGENT_LOCK",
      ])
  }

  @Test(arguments: [
    "https://alice:secret@example.org/t.git", "ssh://git:pw@example.org/t.git",
    "https://ghp_0123456789@github.com/t.git", "https://example.org/t.git?private_token=x",
  ])
  func `a secret is never written`(_ url: String) throws {
    #expect(throws: HostError.secret(variable: "WATERCOOLER_GIT_REPO")) {
      try entry(["WATERCOOLER_GIT_REPO": url])
    }
  }

  @Test(arguments: [
    "git@example.org:team/threads.git", "ssh://git@example.org:22/t.git", "/srv/threads.git",
    "https://alice@example.org/t.git", "https://example.org:8443/a@b:c.git", "file:///srv/t.git",
  ])
  func `an address without a secret is`(_ url: String) throws {
    #expect(try entry(["WATERCOOLER_GIT_REPO": url]).variables.map(\.value) == [url])
  }

  @Test func `of an entry that is there, ours is set and the rest left`() throws {
    let entry = try entry(["WATERCOOLER_USER": "alice", "WATERCOOLER_LOG": "info"])
    let there: JSON = [
      "command": "/bin/w", "args": [], "timeout": 5,
      "env": ["WATERCOOLER_USER": "bob", "MINE": "1", "WATERCOOLER_LOG": "info"],
    ]
    let changes = entry.changes(to: there)
    #expect(changes.map(\.path) == [["env", "WATERCOOLER_USER"]])
    #expect(changes.map(\.value) == ["alice"])
    #expect(
      entry.changes(to: ["command": "/old", "args": ["-x"]]).map(\.path.description)
        == [
          ["command"], ["args"], ["env", "WATERCOOLER_USER"], ["env", "WATERCOOLER_LOG"],
        ].map(\.description))
  }

  @Test func `no arguments are as good as none`() throws {
    #expect(try entry().changes(to: ["command": "/bin/w"]).isEmpty)
  }
}
