import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Paths were read with Foundation's `URL` before, and the names of state directories are made of them.
@Suite struct `Paths as a URL reads them` {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    for name in ["real", "real/deep"] { try directory.makeDirectory(name) }
    try directory.write("", to: "real/file")
    symlink("real/deep", directory.path("link"))
    symlink("../nowhere", directory.path("dangling"))
  }

  /// A path of up to five names, doubled slashes and one at the end among them.
  private func path(of names: [String], _ random: inout SeededGenerator) -> String {
    var path = ""
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      path += (random.chance(4) ? "//" : "/") + random.pick(names)
    }
    return random.chance(4) ? path + "/" : path
  }

  @Test func `the directory it is in, and its last name`() {
    let names = [
      "a", "b.c", "ü", "e\u{301}", "\u{301}", "a b", "%20", "?", "#", "..b", "~", ".git",
    ]
    let run = RandomRun("parents of paths", full: 20_000)
    var random = SeededGenerator(seed: run.seed)
    for _ in 0..<run.cases {
      let path = path(of: names, &random)
      let url = URL(fileURLWithPath: path)
      #expect(path.parentPath == url.deletingLastPathComponent().path, "\(path)")
      #expect(path.lastName == url.lastPathComponent, "\(path)")
    }
  }

  @Test func `one path for one place, with links and without`() {
    let names = ["real", "deep", "link", "dangling", "file", "no", "..", "..", ".", "ü"]
    let run = RandomRun("standardized paths", full: 20_000)
    var random = SeededGenerator(seed: run.seed)
    for _ in 0..<run.cases {
      let path = directory.path + path(of: names, &random)
      let url = URL(fileURLWithPath: path)
      // To a URL there is a name between doubled slashes, an empty one, which `..` takes back.
      if path.contains("//") { continue }
      #expect(path.withoutDots == url.standardized.path, "\(path)")
      // A file with `/.` after it is no directory to the system, and a URL then forgets its links.
      if path.contains("/file/.") { continue }
      #expect(path.standardized == url.standardizedFileURL.path, "\(path)")
    }
  }

  @Test(arguments: [
    ("/", "/", "/"), ("/a", "/", "a"), ("/a/", "/", "a"), ("//a", "/", "a"), ("/a/..", "/a", ".."),
  ])
  func `at the root`(_ path: String, _ parent: String, _ name: String) {
    #expect(path.parentPath == parent)
    #expect(path.lastName == name)
  }

  @Test func `what does not begin at the root begins in the working directory`() {
    let here = FileManager.default.currentDirectoryPath
    #expect("a".parentPath == here)
    #expect("a/b".parentPath == here + "/a")
    #expect("a/../b".standardized == here + "/b")
    #expect("a/b".lastName == "b")
  }
}
