import Foundation
import Testing

@testable import Platform
@testable import Watercooler

/// `watercooler debug dump` at a file, whatever it is.
@Suite struct DebugTests {
  private let sandbox: Sandbox
  private var transcript: Transcript

  init() throws {
    sandbox = try Sandbox()
    transcript = Transcript(sandbox)
    _ = try sandbox.wc("say", "release-plan", "--as", "Claude", "-m", "Hello").succeeded()
    try sandbox.write("# Notes\u{1B}[2J\n", to: "threads/notes.md")
    try sandbox.makeDirectory("threads/folder.md")
    try sandbox.write("secret", to: "home/.gitconfig")
    for (topic, target) in [
      ("again", "notes.md"), ("outside", sandbox.path("home/.gitconfig")),
      ("dangling", "nowhere.md"),
    ] { try sandbox.link("threads/\(topic).md", to: target) }
  }

  @Test mutating func `a dump, and what cannot be dumped`() throws {
    try transcript.call("debug", "dump", "Release-Plan")
    try transcript.call("debug", "dump", "notes", "--json")
    for topic in ["again", "outside", "dangling", "folder", "relase-plan", "a/b"] {
      try transcript.call("debug", "dump", topic)
    }
    try transcript.call("debug", "dmup", "release-plan")
    try transcript.expectGolden("debug")
  }

  @Test func `a dump changes nothing, and nothing counts as seen`() throws {
    let before = try everything()
    #expect(try sandbox.wc("debug", "dump", "release-plan", "--json").succeeded().code == 0)
    #expect(try everything() == before)
  }

  @Test func `a lock that somebody holds is not waited for`() throws {
    try FileLock.withLock(on: sandbox.threads, deadline: .after(.seconds(30))) { _ in
      _ = try sandbox.wc("debug", "dump", "release-plan").succeeded()
    }
  }

  @Test func `no clone is made, and no remote asked`() throws {
    let remote = ["WATERCOOLER_GIT_REPO": "file://" + sandbox.path("threads.git")]
    let outcome = try sandbox.wc("debug", "dump", "release-plan", with: remote)
    #expect(outcome.code == 0, "what is there is a directory: \(outcome.errors)")
    let elsewhere = remote.merging(["WATERCOOLER_DIR": sandbox.path("clone")]) { $1 }
    let missing = try sandbox.wc("debug", "dump", "release-plan", with: elsewhere)
    #expect(missing.code == 1)
    #expect(missing.errors.hasPrefix("error: there is no directory \(sandbox.path("clone"))\n"))
    #expect(try sandbox.names(in: "").contains("clone") == false)
  }

  @Test(arguments: [["debug", ""], ["debug", "dump", "rel"]])
  func `the verb and the topic are completed`(words: [String]) throws {
    let outcome = try sandbox.run("watercooler", ["__complete", "watercooler"] + words).succeeded()
    #expect(outcome.text == (words.count == 2 ? "dump" : "release-plan") + "\t\n")
  }

  /// Each path in the sandbox with when it was changed.
  private func everything() throws -> [String: Date?] {
    let manager = FileManager.default
    return try manager.subpathsOfDirectory(atPath: sandbox.path).reduce(into: [:]) { all, name in
      let attributes = try manager.attributesOfItem(atPath: sandbox.path(name))
      all[name] = attributes[.modificationDate] as? Date
    }
  }
}
