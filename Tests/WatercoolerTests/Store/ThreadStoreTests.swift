import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ThreadStoreTests {
  private let home: TestWorkspace
  private var store: ThreadStore { home.store }

  init() throws { home = try TestWorkspace() }

  private func update(
    _ topic: String, _ change: (ThreadStore.Stored?) throws -> ThreadStore.Change<Int>
  ) throws -> Int {
    try store.update(try Topic(topic), deadline: soon(), change).result
  }

  @Test func `what was appended is read back`() throws {
    try home.say("plan", "first")
    try home.say("plan", "second")
    let thread = try home.thread("plan")
    #expect(thread.entries.map(\.body.string) == ["first", "second"])
    #expect(read("plan.md") == String(decoding: thread.bytes, as: UTF8.self))
  }

  private func read(_ file: String) -> String? { home.read(file) }

  @Test func `a topic is found in any case, and its file keeps its name`() throws {
    try home.write("# Plan — Thread\nStatus: OPEN\n\n", to: "PlaN.md")
    #expect(try store.read(try Topic("plan")).topic.name == "PlaN")
    try home.say("plan", "words")
    #expect(try home.home.names(in: "threads") == ["PlaN.md"])
  }

  @Test
  func
    `of two files that differ only in case one is read as it is spelled, and none is written to`()
    throws
  {
    for name in ["Plan.md", "plan.md"] { try home.write("Status: OPEN\n\n", to: name) }
    guard try home.home.names(in: "threads").count == 2 else { return }
    for name in ["plan", "Plan"] {
      #expect(try store.read(try Topic(name)).topic.name == name)
    }
    #expect(throws: StoreError.sameButForCase(["Plan.md", "plan.md"])) {
      try store.read(try Topic("PLAN"))
    }
    #expect(throws: StoreError.self) { try home.say("plan") }
    #expect(read("Plan.md") == "Status: OPEN\n\n" && read("plan.md") == "Status: OPEN\n\n")
  }

  @Test func `an update that throws changes no byte`() throws {
    struct Failure: Error {}
    try home.say("plan")
    let before = read("plan.md")
    #expect(throws: Failure.self) { try update("plan") { _ in throw Failure() } }
    #expect(read("plan.md") == before)
    #expect(throws: Failure.self) { try update("other") { _ in throw Failure() } }
    #expect(try home.home.names(in: "threads") == ["plan.md"])
  }

  @Test func `an update that keeps writes nothing`() throws {
    #expect(try update("plan") { .keep($0 == nil ? 1 : 2) } == 1)
    #expect(try home.home.names(in: "threads") == [])
  }

  @Test func `an update that is called off meanwhile writes nothing`() throws {
    try home.say("plan")
    let before = read("plan.md")
    let cancellation = Cancellation()
    let deadline = Deadline.after(.seconds(60), cancellation: cancellation)
    #expect(throws: Interruption.cancelled) {
      try store.update(try Topic("plan"), deadline: deadline) { stored in
        cancellation.cancel()
        var thread = try #require(stored).thread
        thread.set("status", to: "CLOSED", at: .now, topic: try Topic("plan"))
        return .write(thread, 0)
      }
    }
    #expect(read("plan.md") == before)
  }

  @Test func `appends from many threads all land, whole and once`() throws {
    let finished = Mutexed(0)
    let home = home
    for writer in 0..<6 {
      onThread {
        for number in 0..<10 {
          if (try? home.say("plan", "entry \(writer).\(number)")) != nil { finished.add(1) }
        }
      }
    }
    #expect(eventually { finished.value == 60 })
    let entries = try home.thread("plan").entries
    #expect(Set(entries.map(\.body.string)).count == 60 && entries.count == 60)
    #expect(Set(entries.compactMap(\.id)).count == 60)
    for writer in 0..<6 {
      let own = entries.map(\.body.string).filter { $0.hasPrefix("entry \(writer).") }
      #expect(own == (0..<10).map { "entry \(writer).\($0)" })
    }
  }

  @Test(arguments: [
    ("bytes", "---\nformat: 1\ntopic: bytes\n---\n\n# b\u{FF}\n", StoreErrorKind.damaged),
    ("newer", "---\nformat: 2\ntopic: newer\n---\n\n# newer\n", .newer),
    ("prose", "Just some notes\n", .notAThread),
  ])
  func `a file that cannot be written to keeps every byte`(
    topic: String, text: String, kind: StoreErrorKind
  ) throws {
    var bytes = Array(text.utf8)
    // The one character of two bytes becomes one that is no UTF-8.
    if kind == .damaged { bytes = Array(text.unicodeScalars.map { UInt8($0.value) }) }
    try AtomicFile.replace(topic + ".md", in: home.threads, with: bytes)
    let error = #expect(throws: (any Error).self) { try home.say(topic) }
    #expect(StoreErrorKind(error) == kind)
    #expect((error as? any ExplainedError)?.hint != nil)
    #expect(try AtomicFile.read(home.threads + "/\(topic).md") == bytes)
  }

  enum StoreErrorKind {
    case damaged, newer, notAThread

    init?(_ error: (any Error)?) {
      switch error {
      case UnwritableThread.damaged?: self = .damaged
      case UnwritableThread.newerFormat?: self = .newer
      case StoreError.notAThread?: self = .notAThread
      default: return nil
      }
    }
  }

  @Test func `an unknown topic names those that may have been meant`() throws {
    try home.say("release-plan")
    let error = #expect(throws: StoreError.self) { try store.read(try Topic("release-pan")) }
    #expect(error?.message == "thread 'release-pan' not found")
    #expect(error?.hint == "did you mean 'release-plan'?")
    let other = #expect(throws: StoreError.self) { try store.read(try Topic("zebra")) }
    #expect(other?.hint == "'wc list --all' shows every thread")
  }

  @Test func `a directory that is not there yet has no threads`() throws {
    let empty = ThreadStore(directory: home.home.path("none"))
    #expect(try empty.topics() == [])
    #expect(try empty.list().count == 0)
    #expect(throws: StoreError.self) { try empty.read(try Topic("plan")) }
  }
}

/// What else may stand in a threads directory.
@Suite struct ForeignFileTests {
  private let home: TestWorkspace
  private var store: ThreadStore { home.store }

  init() throws { home = try TestWorkspace() }

  @Test func `foreign files are no topics`() throws {
    try home.say("plan")
    for name in [
      "README.md", "index.md", ".hidden.md", "notes.txt", "plän.md", "a b.md", "con.md", ".md",
      AtomicFile.temporaryName, "-x.md",
    ] {
      try home.write("Status: OPEN\n\n", to: name)
    }
    #expect(try store.topics().map(\.name) == ["plan"])
  }

  @Test func `a Markdown file that is no thread is not listed`() throws {
    try home.say("plan")
    try home.write("# Shopping\n\n- milk\n", to: "shopping.md")
    #expect(try store.list().map(\.topic.name) == ["plan"])
  }

  @Test func `what cannot be read hides no other thread`() throws {
    try home.say("plan")
    try home.home.makeDirectory("threads/folder.md")
    mkfifo(home.threads + "/pipe.md", 0o600)
    try home.home.write("Status: OPEN\n\n", to: "outside.md")
    try home.home.link("threads/out.md", to: home.home.path("outside.md"))
    try home.home.link("threads/dangling.md", to: home.threads + "/nothing.md")
    let listed = try store.list()
    #expect(listed.map(\.topic.name) == ["folder", "out", "pipe", "plan"])
    for row in listed {
      if case .thread = row.content { #expect(row.topic.name == "plan") }
    }
  }

  @Test(arguments: ["folder", "pipe", "out"])
  func `what is no file of ours is neither read nor written`(_ topic: String) throws {
    try home.home.makeDirectory("threads/folder.md")
    mkfifo(home.threads + "/pipe.md", 0o600)
    try home.home.write("Status: OPEN\n\n", to: "outside.md")
    try home.home.link("threads/out.md", to: "../outside.md")
    let read = #expect(throws: StoreError.self) { try store.read(try Topic(topic)) }
    let write = #expect(throws: StoreError.self) { try home.say(topic) }
    #expect(read == write && read?.hint != nil)
    #expect(home.home.read("outside.md") == "Status: OPEN\n\n")
    #expect(try home.home.names(in: "threads") == ["folder.md", "out.md", "pipe.md"])
  }

  @Test func `a link within the directory is followed, and stays a link`() throws {
    try home.say("plan", "first")
    try home.home.link("threads/alias.md", to: "plan.md")
    try home.say("alias", "second")
    #expect(try home.thread("plan").entries.count == 2)
    let target = try FileManager.default.destinationOfSymbolicLink(
      atPath: home.threads + "/alias.md")
    #expect(target == "plan.md")
  }

  @Test func `a directory whose name begins like ours is outside`() throws {
    try home.home.makeDirectory("threads-of-others")
    try home.home.write("Status: OPEN\n\n", to: "threads-of-others/x.md")
    try home.home.link("threads/x.md", to: "../threads-of-others/x.md")
    #expect(throws: StoreError.self) { try store.read(try Topic("x")) }
  }

  @Test func `a threads directory may be a link itself`() throws {
    try home.say("plan")
    try home.home.link("link", to: home.threads)
    let store = ThreadStore(directory: home.home.path("link"))
    #expect(try store.read(try Topic("plan")).thread.entries.count == 1)
  }
}
