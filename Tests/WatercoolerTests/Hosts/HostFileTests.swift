import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct HostFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func file(_ name: String) -> HostFile {
    HostFile(path: directory.path(name), host: "codex")
  }

  private func replace(_ name: String, _ old: String?, _ new: String) throws -> String?? {
    let result = try file(name).replace(old.map { Array($0.utf8) }, with: Array(new.utf8))
    guard case .done(let backup) = result else { return nil }
    return .some(backup.map { String($0.dropFirst(directory.path.count + 1)) })
  }

  @Test func `a new file needs no backup, and its directories are made`() throws {
    #expect(try file("a/b/c").read() == nil)
    #expect(try replace("a/b/c", nil, "new") == .some(nil))
    #expect(directory.read("a/b/c") == "new")
    #expect(try directory.names(in: "a/b") == ["c"])
  }

  @Test func `each state of the file is kept once, and never overwritten`() throws {
    try directory.write("one", to: "c")
    #expect(try replace("c", "one", "two") == "c.before-watercooler")
    #expect(try replace("c", "two", "one") == "c.before-watercooler-2")
    #expect(try replace("c", "one", "three") == "c.before-watercooler")
    #expect(try replace("c", "three", "four") == "c.before-watercooler-3")
    #expect(
      try directory.names() == [
        "c", "c.before-watercooler", "c.before-watercooler-2", "c.before-watercooler-3",
      ])
    #expect(directory.read("c") == "four" && directory.read("c.before-watercooler") == "one")
    #expect(directory.read("c.before-watercooler-3") == "three")
  }

  @Test(arguments: [0o600, 0o640, 0o664] as [mode_t])
  func `file and backup have the mode that the file had`(_ mode: mode_t) throws {
    try directory.write("old", to: "c")
    chmod(directory.path("c"), mode)
    _ = try replace("c", "old", "new")
    #expect(directory.mode("c") == mode && directory.mode("c.before-watercooler") == mode)
  }

  @Test(arguments: [true, false])
  func `what a link leads to is replaced, not the link`(_ isThere: Bool) throws {
    try directory.makeDirectory("dots")
    if isThere { try directory.write("old", to: "dots/real") }
    try directory.link("middle", to: "dots/real")
    try directory.link("c", to: directory.path("middle"))
    #expect(try file("c").read() == (isThere ? Array("old".utf8) : nil))
    _ = try replace("c", isThere ? "old" : nil, "new")
    #expect(directory.read("dots/real") == "new")
    #expect(FileLink.target(of: directory.path("c")) == directory.path("middle"))
    #expect(try directory.names(in: "dots") == ["real"])
  }

  @Test func `a file that somebody else has written meanwhile is left`() throws {
    try directory.write("theirs", to: "c")
    #expect(try replace("c", "old", "new") == nil)
    #expect(directory.read("c") == "theirs")
  }

  @Test func `what cannot be read or written is an error that says so`() throws {
    try directory.makeDirectory("folder")
    #expect(throws: StoreError.self) { try file("folder").read() }
    try directory.write("x", to: "plain")
    let error = #expect(throws: HostError.self) { try replace("plain/c", nil, "new") }
    #expect(error?.message.contains("not a directory") == true)
    #expect(error?.hint?.contains("wc mcp config codex") == true)
  }
}
