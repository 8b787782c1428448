import Foundation
import Testing

@testable import Watercooler

/// What a terminal session looked like, to be compared with a file in `Goldens`.
///
/// `RECORD=1` writes these files anew, and the tests then fail: look at the difference, run again.
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
    let file = directory.appendingPathComponent(name + ".txt")
    let found = normalised
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try Data(found.utf8).write(to: file)
      Issue.record("recorded \(name).txt", sourceLocation: location)
      return
    }
    let data = try #require(
      try? Data(contentsOf: file), "there is no \(name).txt: RECORD=1 makes it",
      sourceLocation: location)
    let expected = String(decoding: data, as: UTF8.self)
    #expect(found == expected, "\(name).txt differs", sourceLocation: location)
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
