import Testing

@testable import Watercooler

@Suite(
  .enabled(
    if: SharedData.isExpected, "the corpus of real threads is not here (WATERCOOLER_TEST_DATA)"))
struct `Real threads of the Python tool` {
  static let entryCounts = [
    ("agent-ux-test", 3), ("cloud-sync-strategy", 5), ("codex-validation", 5),
    ("documentation-sprint-complete", 1), ("git-integration-project-repos", 1),
    ("install-script-refinement", 2), ("mcp-testing", 11), ("phase2a-git-sync-implementation", 11),
    ("topic", 43), ("unified-branch-parity-protocol", 13),
  ]

  @Test(arguments: entryCounts)
  func `has its entries, and survives a first write`(name: String, count: Int) throws {
    let file = try SharedData.read("corpus/legacy-threads/\(name).md")
    let topic = try Topic(name)
    let thread = try #require(ThreadParser.parse(file[...]))
    #expect(thread.problems.isEmpty)
    #expect(thread.entries.count == count)
    #expect(thread.bytes == file)

    var written = thread
    written.add(
      Entry(EntryDraft(agent: try Agent("Codex"), time: .now, body: Bytes("hi"), id: .make())),
      topic: topic)
    let read = try #require(ThreadParser.parse(written.bytes[...]))
    #expect(read.format == 1)
    #expect(read.entries.count == count + 1)
    #expect(read.entries.prefix(count).map(\.body) == thread.entries.map(\.body))
    #expect(read.entries.prefix(count).map(\.id) == thread.entries.map(\.id))
    #expect(lostLines(from: file, in: written.bytes) == [])
    // Entries lose nothing at all: without the quoting their bytes are the same.
    for (before, after) in zip(thread.entries, read.entries) where before.raw != after.raw {
      #expect(BodyQuoting.unquoted(after.raw) == before.raw)
    }
  }
}
