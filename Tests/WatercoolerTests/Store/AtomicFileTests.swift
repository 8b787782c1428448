import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct AtomicFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func replace(_ name: String, _ text: String) throws {
    try AtomicFile.replace(name, in: directory.path, with: Array(text.utf8))
  }

  @Test func `nothing but the file is left behind`() throws {
    try replace("a.md", "one")
    try replace("a.md", "two")
    #expect(directory.read("a.md") == "two")
    #expect(try directory.names() == ["a.md"])
  }

  @Test func `a save of somebody else's right after it is told from it`() throws {
    var left = WorkTreeSnapshot()
    left.take(
      "a.md", as: try AtomicFile.replace("a.md", in: directory.path, with: Array("ours".utf8)))
    #expect(left.isCurrent("a.md", in: directory.path))
    try directory.write("theirs", to: "a.md")
    #expect(!left.isCurrent("a.md", in: directory.path))
  }

  @Test func `what a crash left behind is taken over`() throws {
    try directory.write(String(repeating: "half a file", count: 100), to: AtomicFile.temporaryName)
    try replace("a.md", "whole")
    #expect(directory.read("a.md") == "whole")
    #expect(try directory.names() == ["a.md"])
  }

  @Test func `a temporary name that leads elsewhere is not followed`() throws {
    try directory.write("precious", to: "elsewhere")
    try directory.link(AtomicFile.temporaryName, to: directory.path("elsewhere"))
    try replace("a.md", "words")
    #expect(directory.read("elsewhere") == "precious")
    #expect(directory.read("a.md") == "words")
  }

  @Test(arguments: [0o600, 0o640, 0o664, 0o444] as [mode_t])
  func `a file keeps its mode`(_ mode: mode_t) throws {
    try replace("a.md", "one")
    chmod(directory.path("a.md"), mode)
    try replace("a.md", "two")
    #expect(directory.mode("a.md") == mode)
  }

  @Test func `a new file has the mode of any other new file`() throws {
    try replace("a.md", "one")
    let other = try FileDescriptor(opening: directory.path("b"), for: .writing)
    #expect(directory.mode("a.md") == mode_t(try other.status().permissions))
  }

  @Test func `readers see the old file or the new one, never a part`() throws {
    let texts = [String(repeating: "a", count: 100_000), String(repeating: "b", count: 50_000)]
    try replace("a.md", texts[0])
    let isDone = Mutexed(false)
    let path = directory.path
    onThread {
      for number in 0..<100 {
        _ = try? AtomicFile.replace("a.md", in: path, with: Array(texts[number % 2].utf8))
      }
      isDone.set(true)
    }
    var torn = 0
    while !isDone.value {
      let text = String(decoding: try AtomicFile.read(path + "/a.md"), as: UTF8.self)
      if !texts.contains(text) { torn += 1 }
    }
    #expect(torn == 0)
  }

  @Test func `a write that fails leaves no file behind, and says which one it was`() throws {
    try directory.makeDirectory("a.md")
    let error = #expect(throws: SystemError.self) { try replace("a.md", "words") }
    #expect(error?.operation == "write" && error?.path == directory.path("a.md"))
    #expect(try directory.names() == ["a.md"])
    let gone = SystemError("write", directory.path("no/a.md"), code: ENOENT, isUnchanged: true)
    #expect(throws: gone) {
      try AtomicFile.replace("a.md", in: directory.path("no"), with: [])
    }
  }

  @Test func `a file that vanished is an error that says so`() {
    #expect(throws: SystemError("open", directory.path("gone"), code: ENOENT)) {
      try AtomicFile.read(directory.path("gone"))
    }
  }

  @Test func `a pipe or a directory is not read, and not waited for`() throws {
    mkfifo(directory.path("pipe"), 0o600)
    try directory.makeDirectory("folder")
    for name in ["pipe", "folder"] {
      #expect(throws: StoreError.notAFile(directory.path(name))) {
        try AtomicFile.read(directory.path(name))
      }
    }
  }

  @Test(arguments: [0, 1, 4095, 4096, 4097, 300_000])
  func `all bytes come back`(_ count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    try AtomicFile.replace("a", in: directory.path, with: bytes)
    #expect(try AtomicFile.read(directory.path("a")) == bytes)
  }
}
