import Foundation
import TestSupport
import Testing

@Suite struct GoldenTests {
  private let directory: TemporaryDirectory
  private var golden: Golden

  init() throws {
    directory = try TemporaryDirectory()
    golden = Golden(file: URL(fileURLWithPath: directory.path("one.txt")), isRecording: false)
  }

  @Test(arguments: [nil, "old", "new"])
  func `a test that records its file fails, whatever was there`(before: String?) throws {
    if let before { try directory.write(before, to: "one.txt") }
    var golden = golden
    golden.isRecording = true
    withKnownIssue { try golden.expect("new") }
    #expect(directory.read("one.txt") == "new")
  }

  @Test(arguments: [nil, "old"])
  func `a test without its file, or with another one, fails and writes none`(
    before: String?
  ) throws {
    if let before { try directory.write(before, to: "one.txt") }
    withKnownIssue { try golden.expect("new") }
    #expect(directory.read("one.txt") == before)
    try directory.write("new", to: "one.txt")
    try golden.expect("new")
  }
}
