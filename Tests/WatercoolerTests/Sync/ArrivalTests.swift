import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Word of what arrived, for one process that takes it.
@Suite struct ArrivalTests {
  private let remote: TestRemote
  private let other: TestClone
  private let here: TestClone

  init() throws {
    remote = try TestRemote()
    other = try remote.clone("Other")
    try other.say("first")
    here = try remote.clone("Here")
  }

  private func takeBodies() throws -> [[String: [String]]] {
    try here.sync.arrivals.take().map { mark in
      try here.sync.arrivals.entries(brought: mark).mapValues { $0.map(\.body.string) }
    }
  }

  @Test func `a thread with another name brings nothing that was there`() throws {
    let remote = try TestRemote()
    let (anna, bob) = (try remote.clone("Anna"), try remote.clone("Bob"))
    try anna.say("first", in: "plan")
    try bob.refresh()
    let before = try bob.head()
    try anna.git("mv", "plan.md", "scheme.md")
    try anna.commitByHand("renamed", [:], pushes: true)
    try anna.say("second", in: "scheme")
    try bob.refresh()
    let mark = ArrivalMark(before: before, after: try bob.head())
    let brought = try bob.sync.arrivals.entries(brought: mark)
    #expect(brought.mapValues { $0.map(\.body.string) } == ["scheme.md": ["second"]])
  }

  @Test func `every contact that brought something leaves word, once`() throws {
    #expect(!here.sync.arrivals.hasAny)
    try here.refresh()
    #expect(!here.sync.arrivals.hasAny)
    try other.say("second")
    try other.say("elsewhere", in: "u")
    try here.refresh()
    try other.say("third")
    try here.synchronize()
    #expect(here.sync.arrivals.hasAny)
    #expect(
      try takeBodies() == [["t.md": ["second"], "u.md": ["elsewhere"]], ["t.md": ["third"]]])
    #expect(!here.sync.arrivals.hasAny)
    #expect(here.sync.arrivals.take().isEmpty)
  }

  @Test func `what waited here did not arrive, although it moved`() throws {
    try here.unplug()
    try here.say("mine")
    try other.say("faster")
    try here.plug()
    try here.say("mine too")
    #expect(try remote.bodies() == ["first", "faster", "mine", "mine too"])
    #expect(try takeBodies() == [["t.md": ["faster"]]])
  }

  @Test func `the first entries of an empty remote arrive`() throws {
    let remote = try TestRemote()
    let one = try remote.clone("One")
    let two = try remote.clone("Two")
    try one.say("first")
    try two.refresh()
    let marks = two.sync.arrivals.take()
    #expect(marks.count == 1)
    #expect(
      try marks.map { try two.sync.arrivals.entries(brought: $0)["t.md"]?.map(\.body.string) } == [
        ["first"]
      ]
    )
  }

  @Test func `a word that is put back is whoever's comes next, and as old as it was`() throws {
    try here.refresh()
    for body in ["second", "third"] {
      try other.say(body)
      try here.refresh()
    }
    let marks = here.sync.arrivals.take()
    #expect(marks.count == 2 && !here.sync.arrivals.hasAny)
    marks.dropFirst().forEach(here.sync.arrivals.putBack)
    #expect(here.sync.arrivals.take() == Array(marks.dropFirst()))
    let old = EntryID(milliseconds: marks[0].id.milliseconds - 61_000, random: 7)
    here.sync.arrivals.putBack(ArrivalMark(id: old, before: marks[0].before, after: marks[0].after))
    #expect(!here.sync.arrivals.hasAny)
  }

  @Test(arguments: ["a\nb.md", "a\r\nb.md", "x\n.md", "plan\nHEAD:t.md", "pic ture.png"])
  func `a file of any name is no question too many`(name: String) throws {
    try here.refresh()
    let before = try here.head()
    try other.commitByHand("odd", [name: "x"], pushes: true)
    try other.say("second")
    try here.refresh()
    let known = try #require(try here.sync.past.threads(changedSince: before))
    #expect(Array(known.keys) == ["t.md"] && known["t.md"]??.entries.count == 1)
    #expect(try takeBodies() == [["t.md": ["second"]]])
    let error = #expect(throws: GitError.self) {
      try here.sync.repository.objects.blobs(["HEAD:t.md", "HEAD:a\nb.md"])
    }
    #expect(error?.message.contains(#"git cannot be asked for "HEAD:a\nb.md""#) == true)
  }

  @Test func `of many that take it, each word is one's`() throws {
    for number in 0..<5 {
      try other.synchronize()
      try other.say("\(number)")
      try here.refresh()
    }
    let taken = Mutexed(0)
    DispatchQueue.concurrentPerform(iterations: 20) { _ in
      taken.add(here.sync.arrivals.take().count)
    }
    #expect(taken.value == 5)
  }

  @Test func `what nobody took for a minute is no news, and goes`() throws {
    let directory = here.sync.clone.path(of: .arrived)
    try other.say("second")
    try here.refresh()
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: directory).first)
    let id = try #require(EntryID(name))
    let old = EntryID(milliseconds: id.milliseconds - 61_000, random: 7).description
    try FileManager.default.moveItem(atPath: "\(directory)/\(name)", toPath: "\(directory)/\(old)")
    #expect(!here.sync.arrivals.hasAny)
    #expect(here.sync.arrivals.take().isEmpty)
    try other.say("third")
    try here.refresh()
    #expect(try takeBodies() == [["t.md": ["third"]]])
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
  }
}
