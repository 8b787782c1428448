import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Topics whose file is a link: git keeps where a link leads, and nothing of what is written through it.
@Suite struct LinkTests {
  let remote: TestRemote
  let anna: TestClone
  let ben: TestClone
  let first = EntryID.make()

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.say("one", id: first)
    ben = try remote.clone("Ben")
    try remote.home.write("Status: OPEN\n\n", to: "outside.md")
    try anna.link("alias", to: "t.md")
    try anna.link("out", to: "../outside.md")
    try anna.link("nowhere", to: "gone.md")
    try anna.git("add", "--all")
    try anna.git("commit", "-q", "-m", "Links")
    try anna.git("push", "-q", "origin", "HEAD")
    try ben.refresh()
  }

  /// What a refused write must leave as it is.
  private func traces() throws -> [String] {
    let links = try ["alias", "out", "nowhere"].map { topic in
      try FileManager.default.destinationOfSymbolicLink(atPath: ben.path(topic))
    }
    return links + [
      try ben.head(), try ben.git("status", "--porcelain"), ben.text() ?? "",
      remote.home.read("outside.md") ?? "",
      try remote.run(["-C", remote.url, "for-each-ref"]),
    ]
  }

  /// - Parameter hint: Begins with this.
  private func expectRefusal(_ hint: String, _ write: () throws -> Delivery) throws {
    let before = try traces()
    let error = #expect(throws: StoreError.self) { try write() }
    #expect(error?.message.contains(" is a link to ") == true)
    #expect(error?.message.hasSuffix("and git would have only the link") == true)
    #expect(error?.hint == hint)
    #expect(try traces() == before)
    #expect(try ben.sync.clone.records.names().isEmpty)
    #expect(try ben.synchronize().notes == [])
    #expect(try remote.bodies() == ["one"])
  }

  private static let toThread = "write to topic 't'"
  private static let toFile = "replace the link by the file itself"

  @Test(arguments: [("alias", toThread), ("ALIAS", toThread), ("out", toFile), ("nowhere", toFile)])
  func `nothing is written through a link in a clone`(_ topic: String, _ hint: String) throws {
    try expectRefusal(hint) { try ben.say("two", in: topic) }
  }

  @Test func `nor is a status set through one`() throws {
    try expectRefusal(Self.toThread) { try ben.set(status: "CLOSED", of: "alias") }
  }

  @Test(arguments: [("alias", toThread), ("out", toFile), ("nowhere", toFile)])
  func `nor is it under a condition`(_ topic: String, _ hint: String) throws {
    try expectRefusal(hint) { try ben.say("two", in: topic, ifLastIs: first) }
  }

  @Test func `nor while somebody pushes`() throws {
    try expectRefusal(Self.toThread) {
      try ben.begin("two", in: "alias")
      return Delivery(.queued)
    }
  }

  @Test func `nor through one that nobody has committed`() throws {
    try ben.link("mine", to: "t.md")
    let (before, text) = (try ben.head(), ben.text())
    #expect(throws: StoreError.self) { try ben.say("two", in: "mine") }
    #expect(try ben.git("status", "--porcelain") == "?? mine.md\n")
    #expect(try ben.head() == before)
    #expect(ben.text() == text)
  }

  @Test func `where it leads can be read, and written to`() throws {
    #expect(try ben.bodies("alias") == ["one"])
    #expect(try ben.say("two").state == .pushed)
    #expect(try ben.bodies("alias") == ["one", "two"])
  }
}

extension TestClone {
  /// Makes the file of a topic a link.
  fileprivate func link(_ topic: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path(topic), withDestinationPath: target)
  }
}
