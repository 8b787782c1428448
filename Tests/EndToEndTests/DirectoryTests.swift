import Foundation
import Testing

@testable import Platform
@testable import Watercooler

/// Which directory the threads are in.
@Suite struct DirectoryTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.makeDirectory("work/deep/down")
  }

  /// Where `wc` writes, seen from a directory.
  private func directory(
    from place: String, _ options: [String] = [], with variables: [String: String] = [:]
  ) throws -> String {
    let path = try sandbox.run(
      "wc", ["say", "topic", "-m", "text"] + options, in: place,
      with: ["WATERCOOLER_DIR": ""].merging(variables) { $1 }
    ).succeeded().line
    #expect(FileManager.default.fileExists(atPath: path))
    return (path as NSString).deletingLastPathComponent
  }

  @Test(arguments: ["--dir", "--threads-dir"])
  func `an option wins over everything`(option: String) throws {
    try sandbox.makeDirectory("work/.watercooler")
    let variables = ["WATERCOOLER_DIR": sandbox.path("variable")]
    let found = try directory(
      from: "work/deep", [option, "../relative/place"], with: variables)
    #expect(found == sandbox.path("work/relative/place"))
  }

  @Test func `the variable wins over the nearest directory`() throws {
    try sandbox.makeDirectory("work/.watercooler")
    let variables = ["WATERCOOLER_DIR": sandbox.path("variable")]
    #expect(try directory(from: "work", with: variables) == sandbox.path("variable"))
  }

  @Test func `git config wins over the nearest directory`() throws {
    try sandbox.makeDirectory("work/.watercooler")
    try sandbox.write(
      "[watercooler]\n\tdir = \(sandbox.path("configured"))\n", to: "home/.gitconfig")
    #expect(try directory(from: "work") == sandbox.path("configured"))
  }

  @Test func `the nearest directory upward is used`() throws {
    try sandbox.makeDirectory("work/.watercooler")
    #expect(try directory(from: "work/deep/down") == sandbox.path("work/.watercooler"))
    try sandbox.makeDirectory("work/deep/.watercooler")
    #expect(try directory(from: "work/deep/down") == sandbox.path("work/deep/.watercooler"))
  }

  @Test func `a file of that name is no directory`() throws {
    try sandbox.makeDirectory("work/.watercooler")
    try sandbox.write("", to: "work/deep/.watercooler")
    #expect(try directory(from: "work/deep/down") == sandbox.path("work/.watercooler"))
  }

  @Test func `one is made at the root of the enclosing work tree`() throws {
    _ = try sandbox.shell("git init -q").succeeded()
    #expect(try directory(from: "work/deep/down") == sandbox.path("work/.watercooler"))
  }

  @Test func `one is made at the root of a linked work tree`() throws {
    let script = """
      git init -q repo && cd repo && git -c user.name=a -c user.email=b commit -q --allow-empty -m x
      git worktree add -q ../linked && mkdir ../linked/deep
      """
    #expect(try sandbox.shell(script).code == 0)
    #expect(try directory(from: "work/linked/deep") == sandbox.path("work/linked/.watercooler"))
  }

  @Test func `without a work tree one is made here`() throws {
    #expect(try directory(from: "work/deep") == sandbox.path("work/deep/.watercooler"))
  }

  @Test func `at home it is not mixed with our own files`() throws {
    #expect(try directory(from: "home") == sandbox.path("home/.watercooler/threads"))
    try sandbox.makeDirectory("home/project")
    #expect(try directory(from: "home/project") == sandbox.path("home/project/.watercooler"))
  }

  @Test func `reading makes no directory`() throws {
    for arguments in [["list"], ["search", "x"], ["read", "x"], ["whoami"], ["unlock", "x"]] {
      _ = try sandbox.run("wc", arguments, with: ["WATERCOOLER_DIR": ""])
    }
    #expect(try sandbox.names(in: "work") == ["deep"])
    #expect(try sandbox.names(in: "home") == [])
  }

  @Test(arguments: ["~/threads", "~/a/../threads", "~/threads/"])
  func `a tilde is HOME`(path: String) throws {
    #expect(try directory(from: "work", ["--dir", path]) == sandbox.path("home/threads"))
    let variables = ["WATERCOOLER_DIR": path]
    #expect(try directory(from: "work", with: variables) == sandbox.path("home/threads"))
    #expect(try sandbox.names(in: "work") == ["deep"])
  }

  @Test(arguments: ["~/team.json", "../home/team.json"])
  func `the registry is found as the directory is`(path: String) throws {
    try sandbox.write(#"{"canonical": {"mcroy": "McRoy"}}"#, to: "home/team.json")
    _ = try sandbox.wc(
      "say", "topic", "--as", "mcroy", "-m", "x", with: ["WATERCOOLER_AGENT_REGISTRY": path]
    ).succeeded()
    #expect(try sandbox.entries(of: "topic").map(\.agent.description) == ["McRoy (alice)"])
  }

  @Test func `a tilde within a name is one`() throws {
    for name in ["a~", "~a"] {
      #expect(try directory(from: "work", ["--dir", name]) == sandbox.path("work/" + name))
    }
  }

  @Test func `init makes it and says where`() throws {
    let none = ["WATERCOOLER_DIR": ""]
    let path = sandbox.path("work/.watercooler")
    for isNew in [true, false] {
      let json = try sandbox.wc("init", "--json", with: none).succeeded().json
      #expect(json["dir"]?.string == path)
      #expect(json["created"]?.bool == isNew)
    }
    #expect(try directory(from: "work/deep") == path)
  }

  @Test func `a directory may have any name`() throws {
    let name = "a b'\"$HOME é 日本"
    #expect(try directory(from: "work", ["--dir", name]) == sandbox.path("work/" + name))
  }
}
