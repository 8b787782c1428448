import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct SearchTests {
  private let home: TestWorkspace

  init() throws {
    home = try TestWorkspace()
    try home.say("alpha", "The Deadline is Friday.\nÜberall Ärger.")
    try home.say("alpha", "no deadline at all") { $0.agent = "Codex (bob)" }
    try home.say("beta", "deadline? deadline!") { $0.title = "Beta" }
  }

  private func search(
    _ words: String, topics: [String] = [], agent: String? = nil, limit: Int = .max
  ) throws -> [String] {
    try home.workspace().search(words, topics: topics, agent: agent, limit: limit).hits
      .map { "\($0.topic) \($0.entry.map { "\($0)" } ?? "head"): \($0.text)" }
  }

  @Test(arguments: ["deadline", "DEADLINE", "DeadLine "])
  func `words are found in any case, each line once`(_ words: String) throws {
    let found = try search(words).filter { !$0.contains("itle: ") && !$0.contains("# ") }
    let lines = [
      "alpha 0: The Deadline is Friday.", "alpha 1: no deadline at all",
      "beta 0: deadline? deadline!",
    ]
    #expect(found == (words.hasSuffix(" ") ? Array(lines.prefix(2)) : lines))
  }

  @Test(arguments: ["überall ärger", "ÜBERALL", "ärger."])
  func `letters beyond ASCII too`(_ words: String) throws {
    #expect(try search(words).map { $0.prefix(9) } == ["alpha 0: "])
  }

  @Test func `a thread that cannot be read is named`() throws {
    try home.home.makeDirectory("threads/lost.md")
    #expect(try home.workspace().search("nowhere").unread.map(\.topic.name) == ["lost"])
    let found = try home.workspace().search("nowhere", topics: ["alpha"])
    #expect(found.hits.isEmpty && found.unread.isEmpty)
  }

  @Test func `a hit says where its line is`() throws {
    let hits = try home.workspace().search("deadline", topics: ["alpha"]).hits
    let lines = try #require(home.read("alpha.md")).components(separatedBy: "\n")
    #expect(hits.count > 2)
    for hit in hits {
      #expect(lines[hit.line - 1] == hit.text && hit.path == home.threads + "/alpha.md")
    }
    #expect(hits.last?.agent?.description == "Codex (bob)")
    #expect(hits.first?.entry == nil && hits.first?.agent == nil)
  }

  @Test func `topics, an agent and a limit narrow it down`() throws {
    #expect(try search("deadline", topics: ["BETA"]) == ["beta 0: deadline? deadline!"])
    #expect(
      try search("deadline", agent: "codex").allSatisfy { $0.hasPrefix("alpha 1: ") })
    #expect(try search("deadline", agent: "Codex (alice)") == [])
    #expect(try search("deadline", limit: 2).count == 2)
    #expect(try search("deadline", limit: 0) == [])
    #expect(try search("deadline", topics: ["beta"], agent: "Codex") == [])
  }

  @Test(arguments: ["nowhere to be found", "Friday.\nÜberall", ".*"])
  func `words are no pattern, and do not go over the end of a line`(_ words: String) throws {
    #expect(try search(words) == [])
  }

  @Test(arguments: ["", " \t"])
  func `nothing to look for is an error`(_ words: String) {
    #expect(throws: InvalidText.empty(field: "query")) { try search(words) }
  }

  @Test func `a damaged thread is searched as far as it can be read`() throws {
    try home.home.makeDirectory("threads/folder.md")
    let bytes = try #require(home.read("beta.md"))
    let damaged = Array(bytes.utf8) + [0xFF, 0x0A]
    try AtomicFile.replace("beta.md", in: home.threads, with: damaged)
    #expect(try search("deadline?").count == 1)
  }
}

@Suite struct HealthTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func health(_ changes: [String: String] = [:]) throws -> Health {
    try home.workspace(changes).health(deadline: soon())
  }

  @Test func `all is well`() throws {
    try home.say("plan")
    try home.say("plan")
    let health = try health()
    #expect(health.threadCount == 1 && health.entryCount == 2 && health.findings.isEmpty)
    #expect(health.isDirectoryThere && health.isWritable && health.gitVersion != nil)
  }

  @Test func `before the first write there is no directory, and nothing is wrong`() throws {
    let health = try health(["WATERCOOLER_DIR": home.home.path("none")])
    #expect(!health.isDirectoryThere && health.findings.isEmpty && health.threadCount == 0)
    #expect(!FileManager.default.fileExists(atPath: home.home.path("none")))
  }

  @Test func `without git it says so, and works`() throws {
    #expect(try health(["PATH": "/nowhere"]).gitVersion == nil)
  }

  @Test func `a damaged thread and a long one are found`() throws {
    try AtomicFile.replace(
      "bad.md", in: home.threads, with: Array("Status: OPEN\n\n".utf8) + [0xFF, 0x0A])
    for (topic, count) in [("fits", 500), ("long", 501)] {
      let entry = "---\nEntry: Claude 2026-11-21T01:54:50Z\n\nwords\n\n"
      try home.write(
        "---\nformat: 1\ntopic: \(topic)\n---\n\n" + String(repeating: entry, count: count),
        to: topic + ".md")
    }
    let findings = try health().findings
    #expect(findings.compactMap(\.topic?.name).sorted() == ["bad", "long"])
    #expect(findings.first { $0.topic?.name == "bad" }?.what.hasPrefix("bad.md:3:1: ") == true)
    #expect(findings.first { $0.topic?.name == "long" }?.what.hasPrefix("501 entries") == true)
  }
}
