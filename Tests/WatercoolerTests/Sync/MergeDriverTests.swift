import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Plain git in a clone of ours: threads are merged by the same rules.
@Suite struct MergeDriverTests {
  let remote: TestRemote

  init() throws { remote = try TestRemote() }

  /// Two clones with an entry each that the other has not: Ben's is in the remote.
  private func diverged(
    path: String = "", branch: String? = nil, _ change: (inout SyncSettings) -> Void = { _ in }
  ) throws -> TestClone {
    let anna = try remote.clone(
      "Anna", path: path, branch: branch, makesBranch: branch != nil, change)
    try anna.say("one", ball: "Ben")
    let ben = try remote.clone("Ben", path: path, branch: branch)
    try anna.unplug()
    try anna.say("three", ball: "Carl")
    try anna.say("four")
    try ben.say("two", ball: "Dora")
    try anna.plug()
    return anna
  }

  @Test(arguments: ["--rebase", "--no-rebase"], ["", "threads/here"])
  func `a pull puts the remote's entries first`(_ kind: String, _ path: String) throws {
    let anna = try diverged(path: path)
    try anna.git("pull", "-q", kind)
    #expect(try anna.bodies() == ["one", "two", "three", "four"])
    #expect(try anna.sync.store.read(try Topic("t")).thread.ball?.description == "Carl")
    #expect(try anna.isClean())
    #expect(try anna.synchronize().state == .pushed)
    #expect(
      try remote.threads(path: path)["t"]?.entries.map(\.body.string)
        == ["one", "two", "three", "four"])
  }

  @Test(arguments: ["--rebase", "--no-rebase"])
  func `on another branch too`(_ kind: String) throws {
    let seed = try remote.clone("Seed")
    try seed.commitByHand("Code", ["code.c": "int main;\n"], pushes: true)
    let anna = try diverged(branch: "talk")
    try anna.git("pull", "-q", kind, "origin", "talk")
    #expect(try anna.bodies() == ["one", "two", "three", "four"])
    try anna.say("five")
    // As people type it.
    try anna.git("pull", "-q", kind)
  }

  @Test(arguments: ["--rebase", "--no-rebase"])
  func `without the program the conflict is marked, and no side is lost`(_ kind: String) throws {
    let anna = try diverged { $0.program = "/nowhere/wc" }
    #expect(try !anna.attempt("pull", "-q", kind).succeeded)
    let text = try #require(anna.text())
    #expect(Array(text.utf8)[...].hasConflictMarkers)
    for body in ["one", "two", "three"] { #expect(text.contains("\n\(body)\n")) }
  }

  @Test
  func `without the program a sync of what a person committed is blocked, and changes nothing`()
    throws
  {
    let anna = try diverged { $0.program = "/nowhere/wc" }
    try anna.git("commit", "-q", "--amend", "-m", "mine")
    let text = anna.text()
    let delivery = try anna.synchronize()
    #expect(delivery.state == .blocked)
    #expect(delivery.problem is IntegrationConflict)
    #expect(anna.text() == text)
    #expect(try remote.bodies() == ["one", "two"])
  }

  @Test func `without the program what waits is sent`() throws {
    let anna = try diverged { $0.program = "/nowhere/wc" }
    #expect(try anna.synchronize().state == .pushed)
    #expect(try remote.bodies() == ["one", "two", "three", "four"])
  }

  @Test func `a program that has moved is found where it is now`() throws {
    // As after an update into another directory: the clone's configuration names the old one.
    let anna = try diverged { $0.program = "/nowhere/wc" }
    var settings = anna.sync.settings
    settings.program = Programs.path("wc")
    let sync = GitProcessSync(
      anna.sync.clone, git: anna.sync.repository.git, settings: settings,
      deadline: .after(.seconds(600)))
    #expect(try sync.synchronize(until: soon()).state == .pushed)
    #expect(try remote.bodies() == ["one", "two", "three", "four"])
  }

  @Test(arguments: [
    ("damaged", "---\nformat: 1\n"), ("newer", "---\nformat: 2\ntopic: t\n---\n\n# t\n"),
  ])
  func `a version that is no thread it can merge is refused`(_ name: String, _ text: String) throws
  {
    let home = remote.home
    let good = "---\nformat: 1\ntopic: t\n---\n\n# t\n"
    let base = try home.write(good, to: "base")
    let ours = try home.write(good, to: "ours")
    let theirs = try home.write(text, to: "theirs")
    #expect(
      try !MergeDriver.run(
        base: base, ours: ours, theirs: theirs, path: "t.md", isShownFirst: true, git: nil))
    #expect(home.read("ours") == good)
  }
}
