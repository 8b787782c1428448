import Foundation
import TestSupport
import Testing

@testable import Watercooler

@Suite struct ThreadOutlineTests {
  @Test func `every byte of any file is in one part, and each part is what it says`() {
    let run = RandomRun("outlines", full: 20_000)
    var generator = TextGenerator(random: SeededGenerator(seed: run.seed))
    for _ in 0..<run.cases { expectWhole(generator.file()) }
  }

  @Test(
    .enabled(if: SharedData.isExpected, "the corpus is not here (WATERCOOLER_TEST_DATA)"))
  func `every byte of a real thread is in one part`() throws {
    let directory = SharedData.directory.appendingPathComponent("corpus/legacy-threads").path
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
      .filter { $0.hasSuffix(".md") }
    #expect(names.count > 10)
    for name in names {
      expectWhole(try SharedData.read("corpus/legacy-threads/" + name))
    }
  }

  @Test(arguments: [
    "", "\n", "---\n", "---", "---\nformat: 1", "\u{FEFF}---\r\nformat: 1\r\n---\r\n",
  ])
  func `every byte of a short file is in one part`(text: String) { expectWhole(Array(text.utf8)) }

  /// The ranges, one after the other, are the file; and an entry's are its own bytes.
  private func expectWhole(_ file: [UInt8], _ location: SourceLocation = #_sourceLocation) {
    let outline = ThreadOutline(file)
    expectTiling(outline.parts, 0..<file.count, location)
    var concatenated: [UInt8] = []
    for leaf in leaves(outline.parts) { concatenated += file[leaf.range] }
    #expect(concatenated == file, sourceLocation: location)
    let entries = outline.parts.compactMap { part in
      if case .entry(let entry, _, _) = part.kind { (part, entry) } else { nil }
    }
    #expect(
      entries.count == ThreadParser.parse(file[...])?.entries.count ?? 0, sourceLocation: location)
    for (part, entry) in entries {
      #expect(
        file[part.range] == file[entry.raw.startIndex..<entry.gap.endIndex],
        sourceLocation: location)
      #expect(part.parts.first?.range.upperBound == entry.content.startIndex)
    }
    for part in outline.parts.flatMap({ [$0] + $0.parts }) {
      for mark in part.marks { #expect(part.range.contains(mark.range), sourceLocation: location) }
    }
    for leaf in leaves(outline.parts) {
      guard case .key(let key) = leaf.kind else { continue }
      #expect(file[leaf.range].headKey?.string == key.name, sourceLocation: location)
    }
  }

  private func expectTiling(
    _ parts: [ThreadOutline.Part], _ range: Range<Int>, _ location: SourceLocation
  ) {
    var end = range.lowerBound
    for part in parts {
      #expect(part.range.lowerBound == end && !part.range.isEmpty, sourceLocation: location)
      end = part.range.upperBound
      if !part.parts.isEmpty { expectTiling(part.parts, part.range, location) }
    }
    #expect(end == range.upperBound, sourceLocation: location)
  }

  private func leaves(_ parts: [ThreadOutline.Part]) -> [ThreadOutline.Part] {
    parts.flatMap { $0.parts.isEmpty ? [$0] : leaves($0.parts) }
  }
}
