import Platform
import Watercooler

/// Measures what no command shows by itself: how fast text becomes a thread or a value, and back.
///
/// Prints a line each: what, MB/s, and the same for four times the input, which shows a step that
/// is not linear. With `recovery CLONE`: how long the look at a clone takes that comes before each
/// operation.
@main struct Main {
  static func main() throws {
    if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "recovery" {
      try Recovery.measure(CommandLine.arguments[2])
      return
    }
    for (name, make) in inputs {
      let speeds = [make(1), make(4)].map { input in (parsing(input), printing(input)) }
      print("parse \(name)\t\(format(speeds[0].0))\t\(format(speeds[1].0))")
      print("print \(name)\t\(format(speeds[0].1))\t\(format(speeds[1].1))")
    }
    for (name, text) in [("prose", paragraph), ("code", code), ("begins of tokens", beginnings)] {
      let speeds = [1, 4].map { times in
        let bytes = Array(String(repeating: text, count: times << 20 / text.utf8.count).utf8)
        return speed(bytes.count) { SecretScan.all(in: bytes).count }
      }
      print("secrets in \(name)\t\(format(speeds[0]))\t\(format(speeds[1]))")
    }
  }

  private enum Input {
    case thread(entries: Int, body: String)
    case json([UInt8])
  }

  private static let inputs: [(String, @Sendable (Int) -> Input)] = [
    ("thread of 12 MB", { .thread(entries: 10_000 * $0, body: paragraph) }),
    ("thread, body of 1 MiB backslashes", { .thread(entries: 4 * $0, body: backslashes) }),
    ("thread, body of quoted lines", { .thread(entries: 10 * $0, body: quotedLines) }),
    (
      "JSON line with a 10 MB string",
      { .json(line(body: String(repeating: "words \\n ", count: 1_100_000 * $0))) }
    ),
    ("JSON line of 10 MB of small values", { .json(smallValues(count: 250_000 * $0)) }),
  ]

  private static let paragraph = String(
    repeating: "Some *Markdown* words, as people write them.\n", count: 22)
  private static let code = String(
    repeating:
      "    guard let found = table[key], found.count > 1 else { return nil } // see NAME-12\n",
    count: 12)
  private static let beginnings = "sk-proj-sk-ant-api03-ghp_AKIA glpat-xoxb-SG.-----BEGIN "
  private static let backslashes = String(repeating: "\\", count: 1 << 20)
  private static let quotedLines = String(
    repeating: "---\nEntry: Claude 2026-01-01T00:00:00Z\n", count: 5000)

  private static func thread(entries: Int, body: String) -> [UInt8] {
    guard let topic = try? Topic("bench"), let agent = try? Agent("Claude (alice)"),
      let line = try? SingleLine("A title", field: "title")
    else { return [] }
    var thread = Thread(
      topic: topic, title: line, status: line, ball: agent, created: Timestamp(seconds: 0))
    let body = Bytes(body)
    for _ in 0..<entries {
      thread.add(Entry(EntryDraft(agent: agent, time: .now, body: body, id: .make())), topic: topic)
    }
    return thread.bytes
  }

  private static func line(body: String) -> [UInt8] {
    let arguments: JSON = ["topic": "bench", "body": .string(body)]
    return JSON.object([.init("id", 1), .init("params", arguments)]).serialized()
  }

  private static func smallValues(count: Int) -> [UInt8] {
    let value: JSON = ["topic": "a-topic", "n": 12, "open": true]
    return JSON.array(Array(repeating: value, count: count)).serialized()
  }

  private static func parsing(_ input: Input) -> Double {
    switch input {
    case .thread(let entries, let body):
      let bytes = thread(entries: entries, body: body)
      return speed(bytes.count) { ThreadParser.parse(bytes[...])?.entries.count ?? 0 }
    case .json(let bytes):
      return speed(bytes.count) { (try? JSON(parsing: bytes))?.isNull == true ? 1 : 0 }
    }
  }

  private static func printing(_ input: Input) -> Double {
    switch input {
    case .thread(let entries, let body):
      let bytes = thread(entries: entries, body: body)
      return speed(bytes.count) { thread(entries: entries, body: body).count }
    case .json(let bytes):
      let value = (try? JSON(parsing: bytes)) ?? .null
      return speed(bytes.count) { value.serialized().count }
    }
  }

  /// The best of five, in MB/s.
  private static func speed(_ bytes: Int, _ work: () -> Int) -> Double {
    let clock = ContinuousClock()
    var best = Duration.seconds(3600)
    for _ in 0..<5 { best = min(best, clock.measure { precondition(work() >= 0) }) }
    return Double(bytes) / (best / .seconds(1)) / 1e6
  }

  private static func format(_ speed: Double) -> String { "\(Int(speed))" }
}
