import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Many processes at once, on one thread.
@Suite struct ConcurrencyTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.makeDirectory("work/bodies")
    try sandbox.makeDirectory("work/receipts")
  }

  /// Lines that a parser may trip over; each body has its number in its first one.
  private static let lines = [
    "plain", "", "---", "Entry: Claude 2026-01-02T03:04:05Z", "\\Entry: A 2026-01-02T03:04:05Z",
    "<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->", "```", "Status: CLOSED", "é e\u{301} 🧑‍🚀",
    "\tindented", "trailing  ", "{\"json\": [1, 2]}", String(repeating: "long ", count: 200),
  ]

  private func makeBodies(_ count: Int) throws -> [String] {
    var random = SeededGenerator(seed: RandomRun("bodies", full: 1).seed)
    return try (1...count).map { number in
      let lines = (0..<Int.random(in: 0...8, using: &random)).map { _ in random.pick(Self.lines) }
      let body = (["body \(number)"] + lines + ["end"]).joined(separator: "\n")
      try sandbox.write(body, to: "work/bodies/\(number)")
      return body
    }
  }

  /// Writes them all, each by a process of its own, all started at once.
  private func sayAll(_ count: Int, to topic: String = "topic") throws -> Outcome {
    try sandbox.shell(
      """
      for i in $(seq \(count)); do
        wc say \(topic) -F bodies/$i --as "Agent$((i % 7))" --json >receipts/$i || echo "$i failed" &
      done
      wait
      """)
  }

  @Test func `two hundred writers lose nothing, and a reader sees no half of it`() throws {
    let count = 200
    let bodies = try makeBodies(count)
    _ = try sandbox.wc("init-thread", "topic").succeeded()
    let isDone = Mutexed(false)
    let readers = [Mutexed<[String]?>(nil), Mutexed<[String]?>(nil)]
    let sandbox = sandbox
    onThread { readers[0].set(Self.readFile(of: sandbox, until: isDone)) }
    onThread { readers[1].set(Self.readByProgram(in: sandbox, until: isDone)) }
    let outcome = try sayAll(count)
    isDone.set(true)
    #expect(outcome.text.isEmpty && outcome.errors.isEmpty)
    for reader in readers {
      #expect(eventually { reader.value != nil })
      #expect(reader.value == [])
    }

    let entries = try sandbox.entries(of: "topic")
    #expect(entries.count == count)
    let found = Dictionary(
      try entries.map { (try #require($0.id).description, $0.body) }, uniquingKeysWith: { $1 })
    #expect(found.count == count)
    for (number, body) in zip(1..., bodies) {
      let receipt = try JSON(parsing: Array(try sandbox.read("work/receipts/\(number)").utf8))
      let id = try #require(receipt["receipt"]?["entry_id"]?.string)
      #expect(found[id]?.elementsEqual(body.utf8) == true, "body \(number)")
    }
    #expect(try sandbox.names(in: "threads") == ["topic.md"])
  }

  @Test func `writers of many new threads make each of them once`() throws {
    _ = try makeBodies(40)
    let outcome = try sayAll(40, to: "topic-$((i % 4))")
    #expect(outcome.text.isEmpty && outcome.errors.isEmpty)
    #expect(try sandbox.names(in: "threads") == (0..<4).map { "topic-\($0).md" })
    for number in 0..<4 { #expect(try sandbox.entries(of: "topic-\(number)").count == 10) }
  }

  @Test func `of many who write if they have the ball one does`() throws {
    _ = try sandbox.wc("init-thread", "topic", "--ball", "Claude").succeeded()
    let script = """
      for i in $(seq 20); do
        { wc ack topic --as Claude --if-ball Claude --ball Codex >/dev/null 2>&1; echo $?; } &
      done
      wait
      """
    let codes = try sandbox.shell(script).text.split(separator: "\n").sorted()
    #expect(codes == ["0"] + Array(repeating: "3", count: 19))
    #expect(try sandbox.entries(of: "topic").count == 1)
  }

  // MARK: - Readers

  /// Reads the file again and again; gives back what was wrong.
  private static func readFile(of sandbox: Sandbox, until isDone: Mutexed<Bool>) -> [String] {
    var before: [Entry] = []
    var last = Data()
    while !isDone.value {
      guard let data = FileManager.default.contents(atPath: sandbox.threads + "/topic.md") else {
        return ["the file was gone"]
      }
      if data == last { continue }
      last = data
      let bytes = Array(data)
      guard let thread = ThreadParser.parse(bytes[...]) else { return ["no thread"] }
      if let problem = thread.problems.first { return ["\(problem)"] }
      if !thread.entries.starts(with: before) { return ["an entry went or changed"] }
      if thread.entries.contains(where: { $0.id == nil || !$0.body.string.hasSuffix("end") }) {
        return ["half an entry"]
      }
      before = thread.entries
    }
    return []
  }

  /// Lets `wc` read it again and again; gives back what was wrong.
  private static func readByProgram(in sandbox: Sandbox, until isDone: Mutexed<Bool>) -> [String] {
    var before: [String] = []
    while !isDone.value {
      do {
        let outcome = try sandbox.wc("read", "topic", "--json")
        if outcome.code != 0 { return [outcome.errors] }
        guard let entries = try outcome.json["thread"]?["entries"]?.array else {
          return ["no entries"]
        }
        let ids = entries.map { $0["entry_id"]?.string ?? "none" }
        if !ids.starts(with: before) { return ["an entry went or moved"] }
        before = ids
      } catch {
        return ["\(error)"]
      }
    }
    return []
  }
}
