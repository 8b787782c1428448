import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What somebody began to make in the place of the threads, and did not finish, is nobody's loss.
@Suite struct StorePlaceTests {
  private let home: TestWorkspace
  private let place: StorePlace

  init() throws {
    home = try TestWorkspace()
    place = StorePlace(home.threads)
  }

  private func bodies(_ topic: String = "t") throws -> [String] {
    try home.thread(topic).entries.map(\.body.string)
  }

  private func move(to suffix: String) { rename(home.threads, home.threads + suffix) }

  @Test func `what was being made goes`() throws {
    try home.say("t", "one")
    try home.home.makeDirectory("threads.cloning/threads/.git")
    try home.home.write("", to: "threads.cloning/.watercooler-init")
    #expect(try home.say("t", "two").delivery.notes.count == 1)
    #expect(try bodies() == ["one", "two"])
    #expect(try home.home.names().filter { $0.hasPrefix("threads") } == ["threads"])
  }

  @Test(arguments: [false, true])
  func `threads that were moved aside come back`(_ isPlaceThere: Bool) throws {
    try home.say("t", "one")
    move(to: ".importing")
    if isPlaceThere { try home.home.makeDirectory("threads") }
    #expect(try home.workspace().list().map(\.topic.name) == ["t"])
    #expect(try home.home.names().filter { $0.hasPrefix("threads") } == ["threads"])
  }

  @Test func `they are merged with what was said meanwhile`() throws {
    try home.say("t", "one")
    try home.say("u", "only aside")
    try home.write("words", to: "README.txt")
    try home.write("---\nformat: 1\n", to: "damaged.md")
    move(to: ".importing")
    try home.home.makeDirectory("elsewhere")
    let later = try TestWorkspace()
    try later.say("t", "meanwhile")
    try later.write("others", to: "damaged.md")
    rename(later.threads, home.threads)
    let notes = try home.say("t", "last").delivery.notes
    #expect(try bodies() == ["meanwhile", "one", "last"])
    #expect(try bodies("u") == ["only aside"])
    #expect(home.home.read("threads/README.txt") == "words")
    #expect(home.home.read("threads/damaged.md") == "others")
    // What cannot be merged is kept, and named.
    let left = try home.home.names().filter { $0.hasPrefix("threads.left-") }
    #expect(left.count == 1 && notes.contains { $0.contains(left[0]) })
    #expect(try home.home.names(in: left[0]) == ["damaged.md"])
    #expect(try home.say("t", "again").delivery.notes == [])
  }

  @Test func `whoever makes it is waited for`() throws {
    try home.home.makeDirectory("threads.cloning")
    try home.home.write("", to: "threads.cloning/.watercooler-init")
    let done = Mutexed(false)
    try FileLock.withLock(
      on: home.threads + ".lock", opening: .lockingOrMaking, deadline: soon()
    ) { _ throws in
      onThread {
        _ = try? place.settle(until: soon())
        done.set(true)
      }
      usleep(20_000)
      #expect(!done.value)
      #expect(try place.isUnsettled)
    }
    #expect(eventually { done.value })
    #expect(try !place.isUnsettled)
  }

  @Test func `a lock's file that was removed is not held`() throws {
    let order = Mutexed<[Int]>([])
    for number in 0..<8 {
      onThread {
        try? place.withLock(until: soon()) {
          order.change { $0.append(number) }
          usleep(2_000)
          order.change { $0.append(number) }
        }
      }
    }
    #expect(eventually { order.value.count == 16 })
    let pairs = stride(from: 0, to: 16, by: 2).map { (order.value[$0], order.value[$0 + 1]) }
    #expect(pairs.allSatisfy { $0 == $1 })
  }
}
