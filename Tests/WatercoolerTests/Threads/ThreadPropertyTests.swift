import TestSupport
import Testing

@testable import Watercooler

@Suite struct `Properties of threads` {
  @Test func `an entry is read back as it was meant`() throws {
    let run = RandomRun("entries", full: 100_000)
    var generator = TextGenerator(random: SeededGenerator(seed: run.seed))
    for _ in 0..<run.cases {
      let draft = generator.draft()
      let entry = Entry(draft)
      let read = try #require(Entry(raw: entry.raw, gap: entry.gap, isQuoted: true))
      #expect(read == entry)
      for found in [entry, read] {
        #expect(found.agent == draft.agent)
        #expect(found.time == draft.time)
        #expect(found.id == draft.id)
        #expect(found.role == draft.role)
        #expect(found.type == draft.type)
        #expect(found.title == draft.title)
        #expect(found.ball == draft.ball)
        #expect(found.status == draft.status)
        #expect(found.after == draft.after)
        #expect(found.body == draft.body)
      }
    }
  }

  @Test func `what was added to a thread is what is read from its file`() throws {
    let run = RandomRun("threads", full: 20_000)
    var generator = TextGenerator(random: SeededGenerator(seed: run.seed))
    let topic = try Topic("t")
    for _ in 0..<run.cases {
      var thread = Thread(
        topic: topic, title: generator.line(), status: generator.line(),
        ball: Agent(generator.line()),
        created: Timestamp(seconds: 0))
      let drafts = (0..<Int.random(in: 0...6, using: &generator.random)).map { _ in
        generator.draft()
      }
      for draft in drafts { thread.add(Entry(draft), topic: topic) }
      let read = try #require(ThreadParser.parse(thread.bytes[...]))
      #expect(read == thread)
      #expect(read.problems.isEmpty)
      #expect(read.entries.map(\.body) == drafts.map(\.body))
      #expect(read.entries.map(\.id) == drafts.map { Optional($0.id) })
      #expect(read.title.map(Bytes.init) == thread.title.map(Bytes.init))
      let ball = drafts.last { $0.ball != nil }?.ball ?? thread.ball
      #expect(read.ball == ball)
      let status = drafts.last { $0.status != nil }?.status?.text ?? thread.status
      #expect(Bytes(read.status) == Bytes(status))
    }
  }

  @Test func `any file prints as it was`() {
    let run = RandomRun("files", full: 100_000)
    var generator = TextGenerator(random: SeededGenerator(seed: run.seed))
    for _ in 0..<run.cases {
      let file = generator.file()
      guard let thread = ThreadParser.parse(file[...]) else { continue }
      #expect(thread.bytes == file)
    }
  }

  @Test func `any file survives its first write with all entries and lines`() throws {
    let run = RandomRun("first writes", full: 20_000)
    var generator = TextGenerator(random: SeededGenerator(seed: run.seed))
    let topic = try Topic("t")
    for _ in 0..<run.cases {
      let file = generator.file()
      guard let before = ThreadParser.parse(file[...]), before.problems.isEmpty else { continue }
      var after = before
      let entry = Entry(generator.draft())
      after.add(entry, topic: topic)
      let read = try #require(ThreadParser.parse(after.bytes[...]))
      #expect(read.problems.isEmpty)
      #expect(read.bytes == after.bytes)
      #expect(read.format == 1)
      #expect(read.entries.dropLast().map(\.body) == before.entries.map(\.body))
      #expect(read.entries.dropLast().map(\.agent) == before.entries.map(\.agent))
      #expect(read.entries.dropLast().map(\.title) == before.entries.map(\.title))
      #expect(read.entries.last?.body == entry.body)
      // The entry may have set another ball: what the format costs is seen without it.
      for lost in lostLines(from: file, in: before.inFormatOne(topic: topic).bytes) {
        Issue.record("lost a line: \(lost.debugDescription)")
      }
    }
  }
}

/// The lines of a file that are nowhere in the other one: neither as they were, nor quoted, nor as a
/// value of its front matter.
func lostLines(from before: [UInt8], in after: [UInt8]) -> [String] {
  let written = Set(after[...].lines.map { Array($0.trimmed) })
  let front = (ThreadParser.parse(after[...])?.frontMatter.items ?? []).compactMap(\.key)
  let head = ThreadParser.parse(after[...])?.frontMatter ?? FrontMatter()
  let values = front.compactMap { head[$0] }.map { Array(Bytes($0).trimmed) }
  return before[...].withoutByteOrderMark.lines.filter { line in
    let text = Array(line.trimmed)
    if text.isEmpty || written.contains(text) || written.contains([.backslash] + text) {
      return false
    }
    if let value = line.headValue { return !values.contains(Array(value)) && !value.isEmpty }
    return line.updatedLine == nil
  }.map(\.string)
}
