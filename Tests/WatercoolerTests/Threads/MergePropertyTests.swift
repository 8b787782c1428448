import TestSupport
import Testing

@testable import Watercooler

/// Random histories of one thread: what people do on two sides, commit by commit.
private struct History {
  var generator: TextGenerator
  var hasOnlyAppends = true
  var hasBareSets = false

  mutating func edited(_ thread: Thread, topic: Topic, onlyAppends: Bool) -> Thread {
    var thread = thread
    switch onlyAppends ? 0 : Int.random(in: 0...9, using: &generator.random) {
    case 6 where !thread.entries.isEmpty:
      hasOnlyAppends = false
      thread.entries.remove(at: generator.random.pick(Array(thread.entries.indices)))
    case 7 where !thread.entries.isEmpty:
      hasOnlyAppends = false
      let index = generator.random.pick(Array(thread.entries.indices))
      var draft = generator.draft()
      draft.id = thread.entries[index].id ?? draft.id
      var entry = Entry(draft)
      entry.gap = thread.entries[index].gap
      thread.entries[index] = entry
    case 8:
      hasBareSets = true
      thread.set("ball", to: generator.word(), at: Timestamp(seconds: 5), topic: topic)
    case 9:
      thread.setHead(generator.random.pick(["owner", "labels"]), generator.word())
      thread.preamble += Bytes("note \(generator.random.next())\n")
    default:
      thread.add(Entry(generator.draft()), topic: topic)
    }
    return thread
  }
}

private func contents(_ thread: Thread) -> [Bytes] { thread.entries.map(\.raw) }

@Suite struct `Laws of the merge` {
  let topic = try? Topic("t")

  @Test func `random histories, several commits replayed one after another`() throws {
    let run = RandomRun("merges", full: 50_000)
    let topic = try #require(topic)
    var merges = 0
    var history = History(generator: TextGenerator(random: SeededGenerator(seed: run.seed)))
    while merges < run.cases {
      let onlyAppends = history.generator.random.chance(2)
      (history.hasOnlyAppends, history.hasBareSets) = (true, false)
      var base = Thread(
        topic: topic, title: history.generator.line(), status: history.generator.line(),
        ball: Agent(history.generator.line()), created: Timestamp(seconds: 0))
      for _ in 0..<3 { base.add(Entry(history.generator.draft()), topic: topic) }
      var shown = base
      for _ in 0..<Int.random(in: 0...4, using: &history.generator.random) {
        shown = history.edited(shown, topic: topic, onlyAppends: onlyAppends)
      }
      var commits = [base]
      for _ in 0..<Int.random(in: 1...4, using: &history.generator.random) {
        commits.append(
          history.edited(commits[commits.count - 1], topic: topic, onlyAppends: onlyAppends))
      }
      var result = shown
      for (before, after) in zip(commits, commits.dropFirst()) {
        let merge = try #require(
          ThreadMerge(base: before, shown: result, replayed: after, topic: topic))
        check(merge, before: before, shown: result, replayed: after)
        result = merge.thread
        merges += 1
      }
      if history.hasOnlyAppends {
        checkAppends(result, base: base, shown: shown, mine: commits, history)
      }
    }
  }

  private func check(_ merge: ThreadMerge, before: Thread, shown: Thread, replayed: Thread) {
    let result = merge.thread
    // It parses, and is what it prints.
    let read = ThreadParser.parse(result.bytes[...])
    #expect(read == result)
    #expect(read?.problems.isEmpty == true)
    // Merging again changes nothing.
    if let topic,
      let again = ThreadMerge(base: before, shown: result, replayed: replayed, topic: topic)
    {
      #expect(
        again.thread.bytes[...].string == result.bytes[...].string,
        "\(before.bytes[...].string)\n=====SHOWN\n\(shown.bytes[...].string)\n=====REPLAYED\n\(replayed.bytes[...].string)"
      )
    }
    // Every entry of the result is from one of the sides, and none is there twice.
    let ids = result.entries.compactMap(\.id)
    #expect(Set(ids).count == result.entries.count)
    // What neither side removed is there.
    let baseIDs = Set(before.entries.compactMap(\.id))
    for side in [shown, replayed] {
      let other = Set((side == shown ? replayed : shown).entries.compactMap(\.id))
      for entry in side.entries {
        guard let id = entry.id, other.contains(id) || !baseIDs.contains(id) else { continue }
        #expect(ids.contains(id))
      }
    }
    for text in replayed.preamble.lines where text.hasPrefix("note ") {
      #expect(result.preamble.lines.contains { $0.trimmed == text.trimmed })
    }
  }

  private func checkAppends(
    _ result: Thread, base: Thread, shown: Thread, mine commits: [Thread], _ history: History
  ) {
    // Shown's entries are a prefix, byte for byte, and mine follow in their order.
    #expect(contents(result).starts(with: contents(shown)))
    let mine = contents(commits[commits.count - 1]).dropFirst(base.entries.count)
    #expect(contents(result).dropFirst(shown.entries.count) == ArraySlice(mine))
    if history.hasBareSets { return }
    let carrier = result.entries.last { $0.ball != nil }
    #expect(result.ball == carrier?.ball ?? shown.ball)
    let status = result.entries.last { $0.status != nil }?.status?.text ?? shown.status
    #expect(Bytes(result.status) == Bytes(status))
  }
}
