internal import Platform

/// A pending change of a thread, from the moment that it was accepted until the remote has it.
///
/// It says what is to be done, and not what came of it: whoever sends it applies it to what the remote has by then.
/// Nothing in it is of this machine alone. Its bytes in a file are described in `docs/sync.md`.
struct OutboxRecord: Sendable, Equatable {
  /// The thing to do with the thread.
  enum Change: Sendable, Equatable {
    /// An entry is added: its bytes, from the separator to its last line.
    case entry([UInt8])
    /// The thread is begun: its whole file. Where it is there by now, what is new in it is added.
    case thread([UInt8])
    /// Keys of the head are set, without an entry.
    case head([HeadValue])
  }

  /// Its place in the order in which changes were accepted here, from 1.
  var number: Int
  /// The entry's, else one that stands for this change alone.
  var id: EntryID
  var topic: Topic
  var change: Change
  /// The subject of its commit, were it alone.
  var subject: String
  var author: Authorship
  /// The agent that signed it, and the configured one where the call named another; nil where that is not known.
  var agent: String?
  var via: String?
  /// The condition that it was made under, in words; nil for none.
  var condition: String?
  /// The commit that the remote's branch named when it was made; nil for none.
  var base: String?
}

/// A key of a thread's head, and what it is set to.
package struct HeadValue: Sendable, Equatable {
  package let key: String
  package let value: String

  package init(_ key: String, _ value: String) { (self.key, self.value) = (key, value) }
}

/// A file of the outbox that cannot be read as a record.
struct UnreadableRecord: ExplainedError, Equatable {
  let path: String
  let reason: String

  var message: String { "what waits in \(path) cannot be read: \(reason)" }
  var hint: String? { "look at it: what it says can be written anew; then move it away" }
}

extension OutboxRecord {
  /// Whether no file tells that the change was made: it is no entry.
  var isBare: Bool { if case .head = change { true } else { false } }
}

// MARK: - In a file

extension OutboxRecord {
  /// The version of the format that is written. A newer one is not read.
  static let version = 1
  private static let magic = "watercooler-record"

  /// The record as it is written.
  var bytes: [UInt8] {
    let (kind, content) = (change.kind, change.content)
    var fields = [
      ("kind", kind), ("number", "\(number)"), ("id", "\(id)"), ("topic", topic.name),
      ("subject", subject), ("author", author.name), ("address", author.email),
      ("date", author.date),
    ]
    if let agent { fields.append(("agent", agent)) }
    if let via { fields.append(("via", via)) }
    if let condition { fields.append(("condition", condition)) }
    if let base { fields.append(("base", base)) }
    fields.append(("length", "\(content.count)"))
    let head = fields.map { "\($0.0) \($0.1.withoutLineFeeds)\n" }.joined()
    return Array("\(Self.magic) \(Self.version)\n\(head)\n".utf8) + content + [.lineFeed]
  }

  /// - Parameter path: Of the file, for the error.
  /// - Throws: `UnreadableRecord`.
  init(_ bytes: [UInt8], path: String) throws(UnreadableRecord) {
    func unreadable(_ reason: String) -> UnreadableRecord {
      UnreadableRecord(path: path, reason: reason)
    }
    var rest = bytes[...]
    func line() -> String? {
      guard let end = rest.firstIndex(of: .lineFeed) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return rest[..<end].string
    }
    guard let first = line(), first.hasPrefix(Self.magic + " ") else {
      throw unreadable("it is no record")
    }
    guard first == "\(Self.magic) \(Self.version)" else {
      throw unreadable("it is of another version than \(Self.version)")
    }
    var fields: [String: String] = [:]
    while let next = line(), !next.isEmpty {
      let words = next.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      // Of fields that are not known nothing is said: whoever writes them knows.
      fields[String(words[0])] = words.count > 1 ? String(words[1]) : ""
    }
    func field(_ name: String) throws(UnreadableRecord) -> String {
      guard let value = fields[name] else { throw unreadable("it has no \(name)") }
      return value
    }
    guard let length = Int(try field("length")), length >= 0, rest.count > length else {
      throw unreadable("it is cut off")
    }
    let content = Array(rest.prefix(length))
    guard let number = Int(try field("number")), let id = EntryID(try field("id")),
      let topic = try? Topic(try field("topic")),
      let change = Change(kind: try field("kind"), content: content)
    else { throw unreadable("a field has another form than this version knows") }
    (self.number, self.id, self.topic, self.change) = (number, id, topic, change)
    subject = try field("subject")
    author = Authorship(
      name: try field("author"), email: try field("address"), date: try field("date"))
    (agent, via) = (fields["agent"], fields["via"])
    (condition, base) = (fields["condition"], fields["base"])
  }
}

extension OutboxRecord.Change {
  fileprivate var kind: String {
    switch self {
    case .entry: "entry"
    case .thread: "thread"
    case .head: "head"
    }
  }

  fileprivate var content: [UInt8] {
    switch self {
    case .entry(let bytes), .thread(let bytes): bytes
    case .head(let values):
      Array(values.map { "\($0.key) \($0.value.withoutLineFeeds)\n" }.joined().utf8)
    }
  }

  fileprivate init?(kind: String, content: [UInt8]) {
    switch kind {
    case "entry": self = .entry(content)
    case "thread": self = .thread(content)
    case "head":
      let values = content.split(separator: .lineFeed).map { line in
        line.string.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      }
      guard values.allSatisfy({ $0.count == 2 }) else { return nil }
      self = .head(values.map { HeadValue(String($0[0]), String($0[1])) })
    default: return nil
    }
  }
}

extension String {
  /// With a space for each line feed.
  fileprivate var withoutLineFeeds: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\n" ? " " : $0 }))
  }
}
