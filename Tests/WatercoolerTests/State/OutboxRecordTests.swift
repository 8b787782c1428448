import Testing

@testable import Platform
@testable import Watercooler

/// A record in its file.
@Suite struct OutboxRecordTests {
  private func record(
    _ change: OutboxRecord.Change = .entry(Array("---\nEntry: A 2026-11-30T00:00:00Z\n".utf8)),
    subject: String = "A: words (t)", condition: String? = nil, base: String? = nil
  ) throws -> OutboxRecord {
    OutboxRecord(
      number: 8, id: .make(), topic: try Topic("t"), change: change, subject: subject,
      author: Authorship(name: "Anna B", email: "a@b", date: "1796051552 +0000"),
      condition: condition, base: base)
  }

  private func read(_ bytes: [UInt8]) throws(UnreadableRecord) -> OutboxRecord {
    try OutboxRecord(bytes, path: "file")
  }

  @Test func `what is written is read`() throws {
    let commit = String(repeating: "a", count: 40)
    let records = [
      try record(), try record(.thread(Array("---\nformat: 1\n---\n\n# t\n".utf8)), base: commit),
      try record(.head([HeadValue("ball", "Codex (b)"), HeadValue("status", "IN  REVIEW")])),
      try record(.entry([0, 10, 255, 10, 10])), try record(.entry([])),
      try record(subject: "a\u{1F}b \u{2028} c", condition: "ball is with A"),
    ]
    for record in records { #expect(try read(record.bytes) == record) }
  }

  @Test func `a line feed in a field is a space`() throws {
    let found = try read(try record(subject: "A: two\nlength 0\r\nlines").bytes)
    #expect(found.subject == "A: two length 0\r lines")
    let values = [HeadValue("status", "a\nb")]
    #expect(try read(try record(.head(values)).bytes).change == .head([HeadValue("status", "a b")]))
  }

  @Test func `cut off anywhere it is no record`() throws {
    let bytes = try record(base: String(repeating: "b", count: 40)).bytes
    for count in bytes.indices {
      #expect(throws: UnreadableRecord.self) { try read(Array(bytes[..<count])) }
    }
    #expect(throws: Never.self) { try read(bytes) }
  }

  @Test func `fields that are not known, and their order, do not matter`() throws {
    let record = try record()
    var lines = String(decoding: record.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    lines.insert("colour", at: 1)
    lines.insert("kind-of a thing", at: 1)
    lines.swapAt(4, 6)
    #expect(try read(Array(lines.joined(separator: "\n").utf8)) == record)
    #expect(try read(record.bytes + Array("more of a later version\n".utf8)) == record)
  }

  @Test(arguments: [
    ("watercooler-record 1", "watercooler-record 2", "another version"),
    ("watercooler-record 1", "# Notes", "no record"), ("kind entry", "kind poll", "another form"),
    ("number 8", "number eight", "another form"), ("topic t", "topic a/b", "another form"),
    ("length ", "length -", "cut off"), ("author Anna B\n", "", "no author"),
  ])
  func `what cannot be read says why`(_ old: String, _ new: String, _ reason: String) throws {
    let text = String(decoding: try record().bytes, as: UTF8.self).replacing(old, with: new)
    let error = #expect(throws: UnreadableRecord.self) { try read(Array(text.utf8)) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("file") == true)
  }
}
