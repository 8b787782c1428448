/// The shapes that give a single line a meaning in a thread. All of them are here, so that the parser and
/// the quoting of bodies cannot disagree.
extension Bytes {
  /// `---`, with nothing but white space after it.
  var isSeparator: Bool {
    first == UInt8(ascii: "-") && hasPrefix("---") && dropFirst(3).isAllBlank
  }

  /// `# …`: a comment in YAML, a heading in Markdown.
  var isComment: Bool { first == UInt8(ascii: "#") }

  /// The `Key` of `Key: value`: letters, digits, `_` and `-`, beginning with a letter.
  var headKey: Bytes? {
    guard let first, first.isLetter else { return nil }
    let key = prefix {
      $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    }
    let rest = self[key.endIndex...]
    guard rest.first == UInt8(ascii: ":"), rest.dropFirst().first?.isBlank ?? true else {
      return nil
    }
    return key
  }

  /// The value of `Key: value`, without white space at its ends.
  var headValue: Bytes? {
    headKey.map { self[($0.endIndex + 1)...].trimmed }
  }

  /// The agent and the time of a line `Entry: <agent> <ISO time>`.
  ///
  /// White space after the colon may be missing, because the Python tool's pattern allows that.
  var entryLine: (agent: Bytes, time: Timestamp)? {
    guard first == UInt8(ascii: "E"), hasPrefix("Entry:") else { return nil }
    return dropFirst(6).agentAndTime
  }

  private var agentAndTime: (agent: Bytes, time: Timestamp)? {
    let text = trimmed
    guard let space = text.lastIndex(where: \.isBlank), let time = Timestamp(text[(space + 1)...])
    else { return nil }
    return (text[..<space].trimmedEnd, time)
  }

  /// The time of a line `- Updated: <time> by <who>`, and the agent where it names one.
  var updatedLine: (agent: Bytes?, time: Timestamp)? {
    guard first == UInt8(ascii: "-"), hasPrefix("- Updated:") else { return nil }
    let text = dropFirst(10).trimmed
    let time = text.prefix { !$0.isBlank }
    guard let time = Timestamp(time) else { return nil }
    let rest = text[(text.startIndex + text.prefix { !$0.isBlank }.count)...].trimmed
    guard rest.hasPrefix("by ") else { return rest.isEmpty ? (nil, time) : nil }
    return (rest.dropFirst(3).trimmed, time)
  }

  /// The identity in a line `<!-- Entry-ID: <ULID> -->`.
  var entryIDComment: EntryID? {
    guard first == UInt8(ascii: "<"), hasPrefix("<!--") else { return nil }
    let content = trimmedEnd
    guard content.suffix(3).elementsEqual("-->".utf8) else { return nil }
    let inner = content.dropFirst(4).dropLast(3).trimmed
    guard inner.hasPrefix("Entry-ID:") else { return nil }
    return EntryID(inner.dropFirst(9).trimmed)
  }

  /// A Markdown code fence: its character, its length, and whether nothing follows it.
  var fence: Fence? {
    let text = drop(while: \.isBlank)
    guard let mark = text.first,
      mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")
    else { return nil }
    let marks = text.prefix { $0 == mark }
    guard marks.count >= 3 else { return nil }
    return Fence(
      mark: mark, length: marks.count, isBare: self[marks.endIndex...].isAllBlank,
      isIndented: text.startIndex - startIndex > 3
        || self[..<text.startIndex].contains { $0 != 0x20 })
  }
}

extension Bytes {
  /// Whether a code fence in it is never closed.
  var hasOpenFence: Bool {
    var open: Fence?
    for case let fence? in lines.lazy.map(\.fence) where !fence.isIndented { fence.follow(&open) }
    return open != nil
  }
}

struct Fence {
  let mark: UInt8
  let length: Int
  let isBare: Bool
  /// Whether it is so far to the right that in Markdown it is code itself.
  let isIndented: Bool

  /// Changes what is open above a line to what is open below it.
  /// - Parameter closingNeedsToBeBare: As in Markdown. The Python tool ends a block whatever follows the marks.
  func follow(_ open: inout Fence?, closingNeedsToBeBare: Bool = true) {
    guard let opening = open else { return open = self }
    if mark == opening.mark, length >= opening.length, isBare || !closingNeedsToBeBare {
      open = nil
    }
  }
}

/// The quoting of bodies, as mboxrd does it for mail: a line that would read as an entry line or as
/// an Entry-ID comment gets one more backslash in front; the reader takes one off.
enum BodyQuoting {
  /// Whether the line is any number of backslashes and then a line with a meaning.
  static func isAffected(_ line: Bytes) -> Bool {
    switch line.first {
    case UInt8.backslash, UInt8(ascii: "E"), UInt8(ascii: "<"):
      let rest = line.drop { $0 == .backslash }
      return rest.entryLine != nil || rest.entryIDComment != nil
    default: return false
    }
  }

  /// The body as it is written to a file.
  static func quoted(_ body: Bytes) -> Bytes {
    transformed(body) { line, result in
      result.append(.backslash)
      result += line
    }
  }

  /// A body of format 1 in which lines with a meaning are not quoted: those get a backslash, and no other.
  static func quotedExamples(_ body: Bytes) -> Bytes {
    transformed(body) { line, result in
      if line.first != .backslash { result.append(.backslash) }
      result += line
    }
  }

  /// The body as it was meant.
  static func unquoted(_ body: Bytes) -> Bytes {
    transformed(body) { line, result in
      result += line.first == .backslash ? line.dropFirst() : line
    }
  }

  /// The same bytes, not a copy, where no line is affected: nearly always.
  private static func transformed(
    _ body: Bytes, _ addChanged: (Bytes, inout [UInt8]) -> Void
  ) -> Bytes {
    guard body.lines.contains(where: isAffected) else { return body }
    var result: [UInt8] = []
    result.reserveCapacity(body.count + 64)
    for line in body.lines {
      if isAffected(line) { addChanged(line, &result) } else { result += line }
    }
    return result[...]
  }
}
