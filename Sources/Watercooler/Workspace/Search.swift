internal import Platform

/// One line of a thread's file that has the words.
package struct SearchHit: Sendable {
  package let topic: Topic
  /// The file, an absolute path.
  package let path: String
  /// The number of the line in the file, from 1.
  package let line: Int
  /// The line, without blanks at its end.
  package let text: String
  /// The number of the entry it is in; nil in the head.
  package let entry: Int?
  /// The agent of that entry; nil in the head.
  package let agent: Agent?
}

/// The lines that a search found, by topic, and the threads whose files it could not read.
package struct SearchResult: Sendable {
  package let hits: [SearchHit]
  package let unread: [UnreadThread]
}

extension Workspace {
  /// The lines that have `words` in them, in any case, by topic.
  /// - Parameters:
  ///   - topics: Only in these; all, where it is empty.
  ///   - agent: Only in entries of this agent.
  package func search(
    _ words: String, topics: [String] = [], agent: String? = nil, limit: Int = .max
  ) throws -> SearchResult {
    if Bytes(words).isAllBlank { throw InvalidText.empty(field: "query") }
    let wanted = try topics.map { try topic($0) }
    let author = try agent.map { try Agent($0) }
    let pattern = SearchPattern(words)
    var (hits, unread) = ([SearchHit](), [UnreadThread]())
    for listed in try store.list() {
      if !wanted.isEmpty, !wanted.contains(where: { $0.isSame(as: listed.topic) }) { continue }
      guard case .thread(let thread) = listed.content else {
        unread += [listed.unread].compactMap { $0 }
        continue
      }
      if hits.count >= limit { continue }
      let found = lines(of: thread, matching: pattern, by: author).map { line in
        SearchHit(
          topic: listed.topic, path: listed.path, line: line.number, text: line.text.string,
          entry: line.entry, agent: line.entry.map { thread.entries[$0].agent })
      }
      hits += found.prefix(limit - hits.count)
    }
    return SearchResult(hits: hits, unread: unread)
  }

  private func lines(
    of thread: Thread, matching pattern: SearchPattern, by author: Agent?
  ) -> [(number: Int, text: Bytes, entry: Int?)] {
    let file = thread.bytes[...]
    var hits: [(Int, Bytes, Int?)] = []
    var number = 0
    var entry: Int?
    var nextStart = thread.headLength
    for line in file.lines {
      number += 1
      while line.startIndex >= nextStart, (entry ?? -1) + 1 < thread.entries.count {
        entry = (entry ?? -1) + 1
        nextStart += thread.entries[entry ?? 0].raw.count + thread.entries[entry ?? 0].gap.count
      }
      guard pattern.matches(line) else { continue }
      if let author {
        guard let entry, thread.entries[entry].agent.answers(to: author) else { continue }
      }
      hits.append((number, line.trimmedEnd, entry))
    }
    return hits
  }
}

/// Words to look for in lines, in any case.
struct SearchPattern {
  private let lowered: String
  private let bytes: [UInt8]
  private let isASCII: Bool

  init(_ words: String) {
    lowered = words.lowercased()
    bytes = Array(lowered.utf8)
    isASCII = bytes.allSatisfy { $0 < 0x80 }
  }

  func matches(_ line: Bytes) -> Bool {
    if !isASCII { return line.string.lowercased().contains(lowered) }
    guard let first = bytes.first, line.count >= bytes.count else { return false }
    return line.withUnsafeBufferPointer { line in
      for start in 0...(line.count - bytes.count) where line[start].lowercased == first {
        if bytes.indices.allSatisfy({ line[start + $0].lowercased == bytes[$0] }) { return true }
      }
      return false
    }
  }
}

extension Thread {
  /// The number of bytes before the first entry.
  fileprivate var headLength: Int {
    bytes.count - entries.reduce(0) { $0 + $1.raw.count + $1.gap.count }
  }
}
