import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct GitTests {
  private let home: TemporaryDirectory
  private let git: Git

  init() throws {
    home = try TemporaryDirectory()
    git = try Git(home: home)
  }

  /// A program named git that runs a shell script.
  private func fakeGit(_ script: String) throws -> Git {
    try home.write("#!/bin/sh\n\(script)\n", to: "git", executable: true)
    return try Git(home: home, ["PATH": home.path])
  }

  @Test func `the system's git answers`() throws {
    try git.checkVersion(until: soon())
    #expect(try git.version(until: soon()) >= Git.oldestVersion)
  }

  @Test func `a machine without git is told what to do`() throws {
    let error = #expect(throws: GitError.notInstalled) {
      try Git(inheriting: ["PATH": home.path])
    }
    #expect(
      error?.description
        == "git is not in PATH; install git 2.39 or newer, or add its directory to PATH")
  }

  @Test func `a git in a relative directory of PATH is not run`() throws {
    try home.write("#!/bin/sh\n", to: "git", executable: true)
    let relative = String(repeating: "../", count: 64) + home.path.dropFirst()
    #expect(throws: GitError.notInstalled) { try Git(inheriting: ["PATH": ":.:\(relative)"]) }
    #expect(try Git(inheriting: ["PATH": home.path]).executable == home.path("git"))
  }

  @Test func `a git that was killed gives no answer`() throws {
    let killed = try fakeGit("kill -KILL $$")
    let error = #expect(throws: GitError.killed("version", SIGKILL)) {
      try killed.version(until: soon())
    }
    #expect(error?.message == "git version was killed (signal 9)")
    #expect(throws: GitError.killed("merge-tree", SIGKILL)) {
      try killed.run(["-c", "a.b=c", "--literal-pathspecs", "merge-tree"], until: soon())
    }
  }

  @Test func `an older git is refused with what to do`() throws {
    let old = try fakeGit("echo git version 2.38.9")
    let error = #expect(throws: GitError.self) { try old.checkVersion(until: soon()) }
    #expect(
      error?.description == "\(home.path)/git is git 2.38; install git 2.39 or newer")
  }

  @Test(arguments: [
    ("git version 2.39.5\n", GitVersion(major: 2, minor: 39)),
    ("git version 2.39.5 (Apple Git-154)\n", GitVersion(major: 2, minor: 39)),
    ("git version 2.50.1.windows.1", GitVersion(major: 2, minor: 50)),
    ("git version 3.0\n", GitVersion(major: 3, minor: 0)),
    ("git version next", nil), ("jit version 2.40", nil), ("", nil),
  ])
  func `versions are read`(_ output: String, _ version: GitVersion?) {
    #expect(GitVersion(output: output) == version)
  }

  @Test func `versions are ordered by number`() {
    #expect(GitVersion(major: 2, minor: 9) < GitVersion(major: 2, minor: 39))
    #expect(GitVersion(major: 2, minor: 39) < GitVersion(major: 3, minor: 0))
  }

  @Test func `a missing directory is not a missing git`() throws {
    let none = home.path("none")
    let error = #expect(throws: GitError.noDirectory(none)) {
      try git.run(["status"], in: none, until: soon())
    }
    #expect(error?.description == "there is no directory \(none)")
  }

  @Test func `git's own failure is a result`() throws {
    let result = try git.run(["status"], in: home.path, until: soon())
    #expect(result.status == .exited(128))
    #expect(String(decoding: result.stderr, as: UTF8.self).hasPrefix("fatal: not a git repository"))
  }

  @Test func `what we set wins over the user's configuration`() throws {
    try home.write("[core]\n\tautocrlf = true\n\thooksPath = hooks\n", to: "gitconfig")
    func value(_ configuration: Git.Configuration) throws -> String {
      try git.run(
        ["config", "core.hooksPath"], in: home.path, configuration: configuration, until: soon()
      )
      .text
    }
    #expect(try value(.overridden) == "/dev/null\n")
    #expect(try value(.asIs) == "hooks\n")
  }

  @Test func `a hook of the user's is not run`() throws {
    try #require(try git.run(["init", "-q"], in: home.path, until: soon()).succeeded)
    try home.write("#!/bin/sh\nexit 1\n", to: ".git/hooks/pre-commit", executable: true)
    let commit = [
      "-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "--allow-empty", "-mx",
    ]
    #expect(try git.run(commit, in: home.path, until: soon()).succeeded)
    #expect(try !git.run(commit, in: home.path, configuration: .asIs, until: soon()).succeeded)
  }

  @Test func `the environment leads to no other repository and cannot ask`() {
    let variables = GitEnvironment(inheriting: [
      "GIT_DIR": "/else", "GIT_WORK_TREE": "/else", "GIT_INDEX_FILE": "/else", "LC_ALL": "de_DE",
      "LANGUAGE": "de", "LANG": "de_DE.UTF-8", "GIT_TERMINAL_PROMPT": "1", "HTTPS_PROXY": "proxy",
      "GIT_SSH_COMMAND": "ssh -v",
    ]).variables
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "LC_ALL", "LANGUAGE"] {
      #expect(variables[name] == nil)
    }
    #expect(variables["LC_MESSAGES"] == "C")
    #expect(variables["LANG"] == "de_DE.UTF-8")
    #expect(variables["GIT_TERMINAL_PROMPT"] == "0")
    #expect(variables["HTTPS_PROXY"] == "proxy")
    #expect(variables["GIT_SSH_COMMAND"] == "ssh -v")
  }

  @Test func `git does not ask for a password`() throws {
    try home.write("#!/bin/sh\necho asked >\(home.path)/asked\n", to: "ask", executable: true)
    try home.write("[core]\n\taskPass = \(home.path)/ask\n", to: "gitconfig")
    let git = try Git(home: home, ["SSH_ASKPASS": home.path("ask")])
    let result = try git.run(
      ["credential", "fill"], in: home.path,
      input: .bytes(Array("protocol=https\nhost=example.org\n\n".utf8)), until: soon())
    #expect(result.status == .exited(128))
    #expect(String(decoding: result.stderr, as: UTF8.self).contains("prompts disabled"))
    #expect(home.read("asked") == nil)
  }

  @Test func `a transport that runs a program is refused`() throws {
    let result = try git.run(
      ["ls-remote", "ext::sh -c 'echo >\(home.path)/ran'"], in: home.path, until: soon())
    #expect(!result.succeeded)
    #expect(home.read("ran") == nil)
  }

  @Test func `an error keeps git's words and no password`() throws {
    let failing = try fakeGit("echo 'fatal: https://me:secret@host/x' >&2; echo more >&2; exit 9")
    let error = #expect(throws: GitError.self) { try failing.version(until: soon()) }
    #expect(
      error?.message
        == "git version failed (exit code 9): fatal: https://***@host/x; more")
  }

  @Test func `an interruption is passed on`() throws {
    let slow = try fakeGit("exec /bin/sleep 600")
    let error = #expect(throws: GitError.self) {
      try slow.version(until: .after(.milliseconds(50)))
    }
    #expect(error?.interruption == .deadlinePassed)
    #expect(error?.description == "\(home.path)/git was stopped: it took too long")
  }
}
