import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// How files looked, as it is noted and compared.
@Suite struct SnapshotRecordsTests {
  let home: TemporaryDirectory

  init() throws { home = try TemporaryDirectory() }

  private func snapshot() throws -> WorkTreeSnapshot {
    try #require(WorkTreeSnapshot(of: home.path))
  }

  @Test func `a note is of the commit that the branch named, and no other bytes are one`() throws {
    try home.write("words", to: "a.md")
    let files = try snapshot()
    for head in [nil, String(repeating: "a", count: 40)] {
      let left = FilesAsLeft(head: head, files: files)
      #expect(FilesAsLeft(bytes: left.bytes) == left)
    }
    // Such as the version before wrote them.
    for bytes in [files.bytes, [], Array("words\n".utf8)] {
      #expect(FilesAsLeft(bytes: bytes) == nil)
    }
  }

  @Test func `files are taken, forgotten and gone, in any order`() throws {
    let run = RandomRun("Snapshots of files", full: 2000)
    var random = SeededGenerator(seed: run.seed)
    let names = ["a.md", "ab.md", "b.md", "B.md", "é.md", "a-b.md", "z.md"]
    var kept = WorkTreeSnapshot()
    for step in 0..<run.cases {
      let name = names[Int.random(in: 0..<names.count, using: &random)]
      switch Int.random(in: 0..<3, using: &random) {
      case 0:
        try home.write("\(step)", to: name)
        kept.look(at: name, in: home.path)
      case 1:
        try? FileManager.default.removeItem(atPath: home.path(name))
        kept.look(at: name, in: home.path)
      default:
        kept.forget(name)
        #expect(!kept.isCurrent(name, in: home.path))
        #expect(kept.names(differingFrom: try snapshot()).contains(name))
        kept.look(at: name, in: home.path)
      }
      #expect(kept.isCurrent(name, in: home.path))
      let now = try snapshot()
      for other in names { kept.look(at: other, in: home.path) }
      #expect(kept == now)
      #expect(WorkTreeSnapshot(bytes: kept.bytes) == kept)
      #expect(kept.names(differingFrom: now) == [])
    }
  }

  @Test func `a note that was cut off is of no files that are here`() throws {
    try home.write("x", to: "a.md")
    try home.write("y", to: "b.md")
    let kept = try snapshot()
    for count in 0..<kept.bytes.count {
      let cut = WorkTreeSnapshot(bytes: Array(kept.bytes.prefix(count)))
      #expect(cut != kept)
      _ = cut.names(differingFrom: kept)
      var mended = cut
      mended.look(at: "a.md", in: home.path)
      _ = mended.isCurrent("a.md", in: home.path)
    }
  }
}
