import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct DirectoryTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func `it is made with those above it, and may be there`() throws {
    let path = directory.path("a/b/c")
    for _ in 1...2 { try Directory.make(path) }
    #expect(try FileStatus.isDirectory(path))
  }

  @Test func `where a file stands in its place, that is said`() throws {
    try directory.write("", to: "a")
    for path in ["a", "a/b"].map(directory.path) {
      #expect(throws: SystemError("make the directory", path, code: ENOTDIR)) {
        try Directory.make(path)
      }
    }
  }

  @Test func `one directory is made once, and none above it`() throws {
    let path = directory.path("a")
    #expect(try Directory.makeOne(path, permissions: 0o700))
    #expect(try FileStatus.of(path)?.permissions == 0o700)
    #expect(try !Directory.makeOne(path))
    let deep = directory.path("no/b")
    #expect(throws: SystemError("make the directory", deep, code: ENOENT)) {
      try Directory.makeOne(deep)
    }
  }

  @Test func `all that is in it goes with it, but nothing that a link leads to`() throws {
    try directory.makeDirectory("kept")
    try directory.write("words", to: "kept/file")
    try directory.makeDirectory("gone/deep/er")
    try directory.write("words", to: "gone/deep/.hidden")
    symlink(directory.path("kept"), directory.path("gone/link"))
    symlink("nowhere", directory.path("gone/deep/dangling"))
    try Directory.removeAll(directory.path("gone"))
    #expect(try Directory.names(in: directory.path) == ["kept"])
    #expect(directory.read("kept/file") == "words")
    #expect(throws: SystemError("remove", directory.path("gone"), code: ENOENT)) {
      try Directory.removeAll(directory.path("gone"))
    }
  }
}
