import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct GitConfigTests {
  private static let mark = "command\0command line:\0watercooler.listing\nwhole\0"

  private func parse(_ text: String) throws -> [GitConfig.Setting] {
    try GitConfig(output: Array((text + Self.mark).utf8)).settings
  }

  private func config(_ pairs: (String, String?)...) -> GitConfig {
    GitConfig(
      settings: pairs.map { .init(key: $0.0, value: $0.1, scope: .local, origin: "file:x") })
  }

  @Test func `a value may hold newlines and equals signs`() throws {
    let settings = try parse("local\0file:.git/config\0a.b\nx=y\nz=\0")
    #expect(
      settings == [.init(key: "a.b", value: "x=y\nz=", scope: .local, origin: "file:.git/config")])
  }

  @Test func `a key without a value is not one with an empty value`() throws {
    let settings = try parse("global\0file:x\0a.b\0global\0file:x\0a.c\n\0")
    #expect(settings.map(\.value) == [nil, ""])
  }

  @Test(arguments: ["system", "global", "local", "worktree", "command"])
  func `scopes are read`(_ scope: String) throws {
    #expect(
      try parse("\(scope)\0file:x\0a.b\nc\0").first?.scope == GitConfig.Scope(rawValue: scope))
  }

  @Test func `a scope of the future is not lost`() throws {
    #expect(try parse("submodule\0blob:x\0a.b\nc\0").first?.scope == .unknown)
  }

  @Test func `a listing that is cut off, wherever, is an error`() {
    let whole = Array(("local\0file:x\0k.k\nv\0local\0file:x\0a.b\nc\0" + Self.mark).utf8)
    for count in 0..<whole.count {
      #expect(throws: GitError.self, "cut off after \(count) bytes") {
        try GitConfig(output: Array(whole.prefix(count)))
      }
    }
  }

  @Test func `the last value wins`() {
    #expect(config(("a.b", "1"), ("a.b", "2")).get("a.b") == "2")
    #expect(config(("a.b", "1")).get("a.c") == nil)
  }

  @Test func `only a subsection has upper and lower case`() {
    let config = config(("branch.Main.x.remote", "1"), ("core.hookspath", "2"))
    #expect(config.get("BRANCH.Main.x.Remote") == "1")
    #expect(config.get("branch.main.x.remote") == nil)
    #expect(config.get("core.hooksPath") == "2")
  }
}

@Suite struct GitConfigInDirectoryTests {
  private let home: TemporaryDirectory
  private let git: Git

  init() throws {
    home = try TemporaryDirectory()
    git = try Git(home: home)
  }

  private func makeRepository() throws {
    try #require(try git.run(["init", "-q"], in: home.path, until: soon()).succeeded)
  }

  @Test func `real configuration comes back with scope and origin`() throws {
    try home.write("[Section \"Sub.Dir\"]\n\tKey = \"one\\ntwo = 2\"\n\tNothing\n", to: "gitconfig")
    try home.write("[watercooler]\n\tagent = System\n", to: "system")
    try makeRepository()
    try git.setConfig("watercooler.agent", to: "Local", in: home.path, until: soon())

    let config = try git.config(in: home.path, until: soon())
    #expect(config.get("section.Sub.Dir.key") == "one\ntwo = 2")
    #expect(config.setting("section.Sub.Dir.nothing")?.value == nil)
    #expect(config.get("watercooler.agent") == "Local")
    #expect(
      config.settings.filter { $0.key == "watercooler.agent" }.map(\.scope) == [.system, .local])
    #expect(config.setting("section.Sub.Dir.key")?.origin == "file:\(home.path)/gitconfig")
  }

  @Test func `outside a repository the user's configuration is read`() throws {
    try home.write("[user]\n\tname = Alice\n", to: "gitconfig")
    #expect(try git.config(in: home.path, until: soon()).get("user.name") == "Alice")
  }

  @Test func `no configuration at all is an empty one`() throws {
    #expect(try git.config(in: home.path, until: soon()).settings == [])
  }

  @Test func `our own overrides are not read as the user's`() throws {
    #expect(try git.config(in: home.path, until: soon()).get("gc.auto") == nil)
  }

  @Test(arguments: ["plain", "", "-v", "--unset", "two\nlines", "a = \"b\" # c", " spaces "])
  func `what is set is read back`(_ value: String) throws {
    try makeRepository()
    for _ in 0..<2 {
      try git.setConfig("watercooler.key", to: value, in: home.path, until: soon())
    }
    #expect(try git.config(in: home.path, until: soon()).get("watercooler.key") == value)
  }

  @Test func `setting outside a repository says so`() throws {
    let error = #expect(throws: GitError.notARepository(home.path)) {
      try git.setConfig("watercooler.agent", to: "x", in: home.path, until: soon())
    }
    #expect(
      error?.description
        == "\(home.path) is not in a git repository; run this in one, or make it one with 'git init'"
    )
  }

  @Test func `a key git does not take is an error with git's words`() throws {
    try makeRepository()
    let error = #expect(throws: GitError.self) {
      try git.setConfig("watercooler.a_b", to: "x", in: home.path, until: soon())
    }
    #expect(error?.description.contains("invalid key: watercooler.a_b") == true)
  }

  @Test func `a damaged configuration is an error with git's words`() throws {
    try home.write("[core\n", to: "gitconfig")
    let error = #expect(throws: GitError.self) { try git.config(in: home.path, until: soon()) }
    #expect(error?.description.contains("bad config line 1") == true)
  }
}
