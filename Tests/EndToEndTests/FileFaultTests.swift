import Foundation
import Testing

@testable import Platform
@testable import Watercooler

/// What others put into a threads directory: links, pipes, directories, files that are damaged or go.
@Suite struct FileFaultTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    _ = try sandbox.wc("say", "good", "--as", "Claude", "-m", "Hello").succeeded()
  }

  /// That nothing can be done with the thread `bad`, and everything with the others.
  private func expectRefusal(_ message: String) throws {
    for arguments in [
      ["read", "bad"], ["say", "bad", "-m", "x"], ["ack", "bad"], ["status", "bad", "closed"],
      ["ball", "bad", "Claude"], ["init-thread", "bad"],
    ] {
      let outcome = try sandbox.run("wc", arguments)
      #expect(outcome.code == 1, "\(arguments)")
      #expect(outcome.out.isEmpty)
      #expect(outcome.errors.hasPrefix("error: \(message)"), "\(outcome.errors)")
    }
    try expectOthersAreShown()
  }

  /// That `bad` hides none of the others, and is not hidden itself.
  private func expectOthersAreShown() throws {
    let list = try sandbox.wc("list", "--json").succeeded().json["threads"]?.array ?? []
    #expect(list.compactMap { $0["topic"]?.string }.sorted() == ["bad", "good"])
    #expect(list.first { $0["topic"]?.string == "bad" }?["problem"]?.string != nil)
    #expect(list.first { $0["topic"]?.string == "good" }?["problem"]?.isNull == true)
    // What could not be looked at is said, unless it can be read in part.
    let search = try sandbox.wc("search", "hello")
    #expect(search.code == 0 && search.text.contains("good.md"))
    let isNamed = search.errors.hasPrefix("Not read, or not to its end: bad: ")
    #expect(isNamed || search.errors.isEmpty)
    #expect(try sandbox.wc("reindex").succeeded().line.hasSuffix("index.md"))
    let count = try sandbox.entries(of: "good").count
    _ = try sandbox.wc("say", "good", "-m", "more").succeeded()
    #expect(try sandbox.entries(of: "good").count == count + 1)
  }

  private func link(_ name: String, to target: String) throws {
    try sandbox.link("threads/" + name, to: target)
  }

  // MARK: - Links

  @Test func `a link out of the directory is not followed`() throws {
    let thread = try sandbox.read("threads/good.md")
    let target = try sandbox.write(thread, to: "work/target.md")
    try link("bad.md", to: target)
    try expectRefusal("\(sandbox.threads)/bad.md is a link to \(target), outside")
    #expect(try sandbox.read("work/target.md") == thread)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: sandbox.threads + "/bad.md")
        == target)
  }

  @Test(arguments: ["../work/none.md", "bad.md", "../work"])
  func `a link to nothing, to itself or to a directory is not followed`(target: String) throws {
    try link("bad.md", to: target)
    for command in ["read", "ack"] { #expect(try sandbox.wc(command, "bad").code == 1) }
    #expect(try sandbox.wc("say", "bad", "-m", "x").code == 1)
    #expect(try sandbox.names(in: "work") == [])
    #expect(try sandbox.wc("list").succeeded().text.contains("good.md"))
  }

  @Test func `a link within the directory is followed, and stays one`() throws {
    try link("other.md", to: "good.md")
    _ = try sandbox.wc("say", "other", "-m", "through the link").succeeded()
    #expect(try sandbox.entries(of: "good").map(\.body.string) == ["Hello", "through the link"])
    let target = try FileManager.default.destinationOfSymbolicLink(
      atPath: sandbox.threads + "/other.md")
    #expect(target == "good.md")
  }

  @Test func `the directory itself may be a link`() throws {
    try sandbox.link("link", to: "threads")
    let variables = ["WATERCOOLER_DIR": sandbox.path("link")]
    _ = try sandbox.wc("say", "good", "-m", "more", with: variables).succeeded()
    #expect(try sandbox.entries(of: "good").count == 2)
  }

  // MARK: - Things that are no files

  @Test func `a pipe is waited for by nobody`() throws {
    #expect(mkfifo(sandbox.path("threads/bad.md"), 0o644) == 0)
    try expectRefusal("\(sandbox.threads)/bad.md is not a regular file")
  }

  @Test func `a directory is no thread`() throws {
    try sandbox.makeDirectory("threads/bad.md")
    try expectRefusal("\(sandbox.threads)/bad.md is not a regular file")
  }

  @Test func `a place under a file is no directory`() throws {
    let outcome = try sandbox.wc("say", "topic", "-m", "x", "--dir", sandbox.threads + "/good.md")
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("error: cannot "))
    #expect(try sandbox.entries(of: "good").count == 1)
  }

  @Test(arguments: ["/dev/null/threads", "/dev/null"])
  func `where nothing can be made nothing is made`(place: String) throws {
    for arguments in [["say", "topic", "-m", "x"], ["init-thread", "topic"]] {
      let outcome = try sandbox.run("wc", arguments + ["--dir", place])
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains(": not a directory"), "\(outcome.errors)")
    }
  }

  @Test func `names that are no topics are left alone`() throws {
    let names = ["README.md", "index.md", ".hidden.md", "a b.md", "notes.txt", "köln.md", ".md"]
    for name in names {
      try sandbox.write("---\nEntry: A 2026-01-02T03:04:05Z\n", to: "threads/\(name)")
    }
    let rows = try sandbox.wc("list").succeeded().text.split(separator: "\n")
    #expect(rows.count == 1)
    #expect(try sandbox.names(in: "threads") == (names + ["good.md"]).sorted())
  }

  @Test func `two files that differ only in case are refused until one is renamed`() throws {
    try sandbox.write(try sandbox.read("threads/good.md"), to: "threads/Good.md")
    guard try sandbox.names(in: "threads").count == 2 else { return }
    let outcome = try sandbox.wc("say", "good", "-m", "x")
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("error: Good.md and good.md differ only in case"))
    #expect(try sandbox.wc("list").succeeded().text.split(separator: "\n").count == 2)
  }

  // MARK: - Damage

  @Test(arguments: [
    "---\nformat: 1\nthis is no key\n---\n\n# x\n", "---\nformat: 1\ntitle: x\n",
    "---\nformat: 1\ntitle: \"no end\n---\n", "---\nformat: one\n---\n",
    "---\nEntry: A 2026-01-02T03:04:05Z\n\nnul \0 here\n",
  ])
  func `a damaged thread is shown and never written`(text: String) throws {
    try sandbox.write(text, to: "threads/bad.md")
    for arguments in [
      ["say", "bad", "-m", "x"], ["ack", "bad"], ["status", "bad", "closed"],
      ["ball", "bad", "Claude"], ["init-thread", "bad"], ["handoff", "bad"],
    ] {
      let outcome = try sandbox.run("wc", arguments)
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("bad.md:"))
    }
    _ = try sandbox.wc("read", "bad").succeeded()
    #expect(try sandbox.read("threads/bad.md") == text)
    try expectOthersAreShown()
  }

  @Test func `files that come and go hide no other`() throws {
    let thread = try sandbox.read("threads/good.md")
    for number in 0..<50 { try sandbox.write(thread, to: "work/away/flicker\(number).md") }
    let script = """
      while test ! -e done; do mv away/* ../threads/; mv ../threads/flicker* away/; done &
      for i in $(seq 40); do wc list; done
      : >done; wait
      """
    let outcome = try sandbox.shell(script).succeeded()
    #expect(!outcome.text.contains("\tunreadable\t"))
    let rows = outcome.text.split(separator: "\n").filter { $0.hasSuffix("/good.md") }
    #expect(rows.count == 40)
  }

  @Test func `a file that only the kernel may make`() throws {
    guard FileManager.default.fileExists(atPath: "/proc/self") else { return }
    let outcome = try sandbox.wc("say", "topic", "-m", "x", "--dir", "/proc/watercooler")
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("error: cannot make the directory /proc/watercooler: "))
  }
}
