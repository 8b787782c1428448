import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct BodyArgumentTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static func invocation(_ arguments: [String], in directory: String) throws -> Invocation {
    let parsed = try ArgumentParser(.say, arguments: ["plan"] + arguments)
    return Invocation(
      command: .say, calledAs: "say", values: parsed.values, arguments: parsed.arguments,
      terminal: Terminal(), environment: [:], workingDirectory: directory)
  }

  private func text(_ arguments: String...) throws -> String? {
    try BodyArgument.text(of: Self.invocation(arguments, in: directory.path), dashAt: 1)
  }

  @Test func `no body is none, and an empty one is empty`() throws {
    #expect(try text() == nil)
    #expect(try text("-m", "") == "")
  }

  @Test func `several parts become paragraphs`() throws {
    #expect(try text("-m", "one", "-m", "two") == "one\n\ntwo")
  }

  @Test func `nothing is guessed to be a path`() throws {
    try directory.write("from the file", to: "notes.md")
    for plain in ["notes.md", "./notes.md", "@notes.md", "-"] {
      #expect(try text("-m", plain) == plain)
    }
    for plain in ["notes.md", "./notes.md", "a @notes.md", "@", "-x"] {
      #expect(try text("--body=\(plain)") == plain)
    }
  }

  @Test func `a file is read where it is asked for`() throws {
    let path = try directory.write("from the file\n", to: "notes.md")
    for arguments in [
      ["-F", "notes.md"], ["-F", path], ["--body", "@notes.md"], ["--note=@./notes.md"],
    ] {
      let invocation = try Self.invocation(arguments, in: directory.path)
      #expect(try BodyArgument.text(of: invocation) == "from the file\n")
    }
  }

  @Test func `a file that cannot be used is an error that names it`() throws {
    let missing = #expect(throws: SystemError.self) { try text("-F", "none.md") }
    #expect(missing?.path == directory.path("none.md") && missing?.code == ENOENT)
    try directory.makeDirectory("folder")
    let folder = #expect(throws: SystemError.self) { try text("-F", "folder") }
    #expect(folder?.path == directory.path("folder") && folder?.code == EISDIR)
    try AtomicFile.replace("latin1", in: directory.path, with: [0x61, 0xE9, 0x62])
    let bytes = #expect(throws: InvalidText.self) { try text("--body", "@latin1") }
    #expect(bytes == .invalidUTF8(field: "body", offset: 1))
  }

  @Test func `a word too many is not taken for a body`() {
    #expect(throws: UsageError.extraArgument("words", command: "say")) { try text("words") }
  }

  // In a process of its own: it has another standard input.
  @Test func `a hyphen is standard input`() async {
    await #expect(processExitsWith: .success) {
      for arguments in [["-"], ["-F", "-"], ["--body", "-"], ["--body=@-"]] {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        try #require(dup2(ends[0], STDIN_FILENO) == 0)
        _ = write(ends[1], "é\n", 3)
        for end in ends { close(end) }
        let invocation = try BodyArgumentTests.invocation(arguments, in: "/")
        #expect(try BodyArgument.text(of: invocation, dashAt: 1) == "é\n")
      }
    }
  }
}
