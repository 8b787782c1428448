import Foundation
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

/// A file that has what a test is to find.
///
/// `RECORD=1` writes these files anew, and the tests then fail: look at the difference, run again.
struct Golden {
  let file: URL
  var isRecording = ProcessInfo.processInfo.environment["RECORD"] == "1"

  func expect(_ found: String, _ location: SourceLocation = #_sourceLocation) throws {
    let name = file.lastPathComponent
    if isRecording {
      try Data(found.utf8).write(to: file)
      Issue.record("recorded \(name)", sourceLocation: location)
      return
    }
    let data = try #require(
      try? Data(contentsOf: file), "there is no \(name): RECORD=1 makes it",
      sourceLocation: location)
    let expected = String(decoding: data, as: UTF8.self)
    #expect(found == expected, "\(name) differs", sourceLocation: location)
  }
}

/// What a terminal session looked like, to be compared with a file in `Goldens`.
struct Transcript {
  let sandbox: Sandbox
  private(set) var text = ""

  init(_ sandbox: Sandbox) { self.sandbox = sandbox }

  /// Runs `watercooler` and writes down what it was asked, what it printed and how it ended.
  mutating func call(
    _ arguments: String..., input: String? = nil, with variables: [String: String] = [:]
  ) throws {
    let outcome = try sandbox.run("watercooler", arguments, input: input, with: variables)
    let words = arguments.map { $0.contains { " \n'".contains($0) } ? "'\($0)'" : $0 }
    text += (["$ watercooler"] + words).joined(separator: " ") + "\n"
    text += outcome.text
    for line in outcome.errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      text += "2> \(line)\n"
    }
    if outcome.code != 0 { text += "exit \(outcome.code)\n" }
    text += "\n"
  }

  /// Compares it with the file of this name.
  func expectGolden(_ name: String, _ location: SourceLocation = #_sourceLocation) throws {
    let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Goldens")
    try Golden(file: directory.appendingPathComponent(name + ".txt")).expect(normalised, location)
  }

  /// The text without what differs from run to run.
  private var normalised: String {
    text.replacing(sandbox.path, with: "<dir>")
      .replacing(watercoolerVersion, with: "<version>")
      .replacing(/\/state\/[A-Za-z0-9_-]+/, with: "/state/<state>")
      .replacing(/[0-7][0-9A-HJKMNP-TV-Z]{25}/, with: "<id>")
      .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "<time>")
  }
}
