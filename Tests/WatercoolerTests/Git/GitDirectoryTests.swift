import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Work trees and their repositories, as their files tell of each other.
@Suite struct GitDirectoryTests {
  private let home: TemporaryDirectory

  init() throws { home = try TemporaryDirectory() }

  private func linked(_ gitdir: String, _ back: String) throws {
    try home.makeDirectory("code/.git/worktrees/one")
    try home.makeDirectory("code/tree")
    try home.write("gitdir: \(gitdir)\n", to: "code/tree/.git")
    try home.write("\(back)\n", to: "code/.git/worktrees/one/gitdir")
    try home.write("../..\n", to: "code/.git/worktrees/one/commondir")
    try home.write("ref: refs/heads/talk\n", to: "code/.git/worktrees/one/HEAD")
  }

  @Test(arguments: [false, true])
  func `links lead each way, also where they are relative`(_ isRelative: Bool) throws {
    let own = home.path("code/.git/worktrees/one")
    // As git writes them since 2.48, if it is told to.
    try linked(
      isRelative ? "../.git/worktrees/one" : own,
      isRelative ? "../../../tree/.git" : home.path("code/tree/.git"))
    let tree = try #require(try GitDirectory.at(home.path("code/tree")))
    #expect(tree.isLinked && tree.own == own && tree.common == home.path("code/.git"))
    #expect(tree.mainRoot == home.path("code"))
    #expect(try tree.head == "refs/heads/talk")
    let main = try #require(try GitDirectory.at(home.path("code")))
    #expect(!main.isLinked)
    #expect(try main.linked.map(\.root) == [home.path("code/tree")])
    #expect(GitDirectory.isRoot(home.path("code/tree"), of: own))
    #expect(!GitDirectory.isRoot(home.path("code"), of: own))
  }

  @Test func `a submodule has a directory of its own, which nobody shares`() throws {
    try home.makeDirectory("code/.git/modules/sub")
    try home.makeDirectory("code/sub")
    try home.write("gitdir: ../.git/modules/sub\n", to: "code/sub/.git")
    let directory = try #require(try GitDirectory.at(home.path("code/sub")))
    #expect(!directory.isLinked && directory.own == home.path("code/.git/modules/sub"))
  }

  @Test(arguments: ["gitdir: ../nowhere\n", "gitdir: \n", "", "words\n"])
  func `a link that leads nowhere is no absence`(_ text: String) throws {
    try home.makeDirectory("tree")
    try home.write(text, to: "tree/.git")
    #expect(throws: BrokenLink.self) { try GitDirectory.at(home.path("tree")) }
    #expect(try GitDirectory.at(home.path) == nil)
  }
}
