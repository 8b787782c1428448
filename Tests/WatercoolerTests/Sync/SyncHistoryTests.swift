import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What people and agents do in some clones of one repository, in random order.
private struct SyncHistory {
  var random: SeededGenerator
  let remote: TestRemote
  let clones: [TestClone]
  /// Every entry whose writer was told that it is written: what it said, and where.
  var acknowledged: [EntryID: (topic: String, body: String)] = [:]
  /// What was taken back: it may be there still, if somebody has edited it since.
  var dropped: Set<EntryID> = []
  /// For whoever looks into a failure.
  var steps: [String] = []
  private var buffers: [String] = []

  private static let topics = ["a", "b", "c"]

  init(seed: UInt64) throws {
    random = SeededGenerator(seed: seed)
    let remote = try TestRemote()
    self.remote = remote
    clones = try (0..<Int.random(in: 2...4, using: &random)).map {
      try remote.clone("Clone\($0)")
    }
  }

  mutating func step() throws {
    let clone = random.pick(clones)
    let topic = random.pick(Self.topics)
    let action = Int.random(in: 0..<20, using: &random)
    steps.append("\(clone.name) \(topic) \(action)")
    switch action {
    case 0...6: try say(clone, topic)
    case 7: try sayConditionally(clone, topic)
    case 8, 9: if clone.text(topic) != nil { try clone.set(status: "S\(steps.count)", of: topic) }
    case 10, 11: try edit(clone, topic)
    case 12: try saveOldBuffer(clone, topic)
    case 13: unlink(clone.path(topic))
    case 14: try drop(clone)
    case 15: try clone.unplug()
    case 16, 17: try clone.plug()
    case 18: try clone.refresh()
    default: try clone.synchronize()
    }
    if let text = clone.text(topic), random.chance(3) {
      buffers.append("\(clone.name) \(topic)\n\(text)")
    }
  }

  private mutating func say(_ clone: TestClone, _ topic: String) throws {
    let (id, body) = (EntryID.make(), "said \(steps.count)")
    try clone.say(body, in: topic, id: id, ball: random.chance(2) ? "Ball\(steps.count)" : nil)
    acknowledged[id] = (topic, body)
  }

  private mutating func sayConditionally(_ clone: TestClone, _ topic: String) throws {
    let (id, body) = (EntryID.make(), "said \(steps.count)")
    let last = clone.text(topic) == nil ? nil : try clone.entries(topic).last?.id
    do {
      try clone.say(body, in: topic, id: id, ifLastIs: last)
      acknowledged[id] = (topic, body)
    } catch is ConditionNotMet {
      dropped.insert(id)
    } catch is ConditionalError {
      dropped.insert(id)
    }
  }

  private mutating func edit(_ clone: TestClone, _ topic: String) throws {
    guard let text = clone.text(topic) else { return }
    // One word more at the end of one entry's text.
    let ends = text.ranges(of: "\n<!-- Entry-ID")
    guard !ends.isEmpty else { return }
    let place = random.pick(ends).lowerBound
    let edited = text[..<place] + " edited\(steps.count)" + text[place...]
    try clone.edit(topic, isStill: random.chance(2), to: String(edited))
  }

  private mutating func saveOldBuffer(_ clone: TestClone, _ topic: String) throws {
    // One's own: what another machine has not sent yet is in nobody's editor here.
    let mark = "\(clone.name) \(topic)\n"
    let old = buffers.filter { $0.hasPrefix(mark) }
    guard !old.isEmpty, clone.text(topic) != nil else { return }
    let buffer = random.pick(old).dropFirst(mark.count)
    try clone.edit(topic, isStill: random.chance(2), to: String(buffer))
  }

  private mutating func drop(_ clone: TestClone) throws {
    let waiting = try clone.sync.outbox.waiting().flatMap(\.entryIDs)
    guard !waiting.isEmpty else { return }
    let id = random.pick(waiting)
    do {
      if try clone.sync.outbox.drop(id, until: soon()) == nil { return }
    } catch is DropError {
      return
    }
    acknowledged[id] = nil
    dropped.insert(id)
  }

  /// All lines are plugged in, all editors closed, and everybody syncs until nothing moves.
  func settle() throws {
    for clone in clones { try clone.plug() }
    for _ in 0..<2 {
      for clone in clones {
        for topic in Self.topics { age(clone.path(topic)) }
        let delivery = try clone.synchronize()
        #expect(delivery.state == .pushed, "\(clone.name): \(delivery.problem?.message ?? "")")
      }
    }
    for clone in clones { try clone.synchronize() }
  }

  func check() throws {
    let said = steps.joined(separator: ", ")
    for clone in clones {
      #expect(try clone.head() == clones[0].head(), "\(clone.name): \(said)")
      #expect(try clone.git("status", "--porcelain") == "", "\(clone.name): \(said)")
      #expect(try clone.sync.outbox.waiting() == [])
    }
    let threads = try remote.threads()
    var found: [EntryID: Int] = [:]
    for (topic, thread) in threads {
      #expect(thread.problems.isEmpty, "\(topic): \(said)")
      for entry in thread.entries {
        let id = try #require(entry.id, "\(topic): \(said)")
        found[id, default: 0] += 1
        if let meant = acknowledged[id] {
          #expect(meant.topic == topic)
          #expect(entry.body.string.hasPrefix(meant.body), "\(said)")
        } else {
          #expect(dropped.contains(id), "\(id) was never said: \(said)")
        }
      }
    }
    #expect(found.values.allSatisfy { $0 == 1 }, "\(said)")
    for (id, meant) in acknowledged {
      #expect(found[id] == 1, "'\(meant.body)' in \(meant.topic): \(said)")
    }
  }
}

extension TestClone {
  func entries(_ topic: String) throws -> [Entry] {
    try sync.store.read(try Topic(topic)).thread.entries
  }
}

@Suite struct `Random histories of clones` {
  @Test func `in the end all have the same, and every entry once`() throws {
    let run = RandomRun("clones", full: 60)
    for number in 0..<run.cases {
      var history = try SyncHistory(seed: run.seed &+ UInt64(number))
      do {
        for _ in 0..<30 { try history.step() }
        try history.settle()
        try history.check()
      } catch {
        Issue.record("\(error) in case \(number) after \(history.steps.joined(separator: ", "))")
      }
    }
  }
}
