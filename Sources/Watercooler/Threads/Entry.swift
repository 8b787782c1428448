/// One message of a thread.
///
/// An entry is its bytes; what its properties say is read from them. One that nobody changed prints
/// as it was found, hand-made spacing and unknown head lines included. Of several head lines with one key
/// the first that has a value counts; without any the property is nil.
package struct Entry: Sendable {
  /// From the separator to the end of the last line that is not blank, without its line end.
  let raw: Bytes
  /// The line end and the blank lines that follow in the file.
  var gap: Bytes
  /// Whether body lines are quoted, as they are in format 1.
  let isQuoted: Bool
  /// Whether it is one entry only thanks to a code fence around lines that are not quoted; or whether one that
  /// it leaves open could reach over what follows.
  var leansOnFences = false

  package let agent: Agent
  /// When it was written, by the clock of its writer's machine.
  package let time: Timestamp
  package private(set) var role: SingleLine?
  package private(set) var type: SingleLine?
  package private(set) var title: SingleLine?
  /// Who got the ball by this entry; nil if it stayed.
  package private(set) var ball: Agent?
  /// The status that this entry set; nil if it stayed.
  package private(set) var status: SingleLine?
  /// The last entry that the writer had seen.
  package private(set) var after: EntryID?
  /// Its identity; nil for one that the Python tool or a person wrote, or whose Entry-ID stands
  /// earlier in the file too.
  package internal(set) var id: EntryID?

  /// All of `raw` after the head.
  let content: Bytes
  /// The Entry-ID comment in it: the last one.
  let idComment: Bytes?

  /// Reads an entry from its bytes; nil if they do not begin with (a separator and) an entry line.
  init?(raw: Bytes, gap: Bytes, isQuoted: Bool) {
    guard let first = raw.lines.first(where: { !$0.isSeparator && !$0.isAllBlank }),
      let opening = first.entryOpening
    else { return nil }
    self.init(
      raw: raw, gap: gap, isQuoted: isQuoted, rest: raw[first.endIndex...],
      agent: opening.agent, time: opening.time)
  }

  /// - Parameter rest: What follows the entry line in `raw`.
  init(raw: Bytes, gap: Bytes, isQuoted: Bool, rest: Bytes, agent: Agent, time: Timestamp) {
    (self.raw, self.gap, self.isQuoted, self.agent, self.time) = (raw, gap, isQuoted, agent, time)
    let head = rest.entryHead
    let afterHead = rest[head.endIndex...]
    // The blank line between head and body is neither's.
    let blank = afterHead.lines.first { _ in true }.flatMap { $0.isAllBlank ? $0 : nil }
    content = rest[(blank?.endIndex ?? head.endIndex)...]
    (idComment, id) = content.lastEntryIDComment
    for line in head.lines { take(headLine: line) }
    let opening = raw[..<rest.startIndex]
    if opening.contains(UInt8(ascii: "@")),
      let line = opening.lines.first(where: { $0.first == UInt8(ascii: "E") }),
      let whole = line.entryLine.flatMap({ WholeOpening($0.agent) })
    {
      (role, type, title) = (role ?? whole.role, type ?? whole.type, title ?? whole.title)
    }
  }

  private mutating func take(headLine line: Bytes) {
    guard let key = line.headKey, let value = line.headValue, !value.isEmpty else { return }
    let text = SingleLine(line: value)
    switch key.string.lowercased() {
    case "role": role = role ?? text
    case "type": type = type ?? text
    case "title": title = title ?? text
    case "ball": ball = ball ?? Agent(text)
    case "status": status = status ?? text
    case "after": after = after ?? EntryID(value)
    default: break
    }
  }

  /// The body, unquoted, without blank lines at its end: what stands before the Entry-ID comment,
  /// and what somebody typed after it.
  package var body: Bytes { isQuoted ? BodyQuoting.unquoted(writtenBody) : writtenBody }

  /// The body as it stands in the file, quoted there.
  var writtenBody: Bytes {
    guard let idComment else { return content.withoutBlankEnd }
    let before = content[..<idComment.startIndex].withoutBlankEnd
    let after = content[idComment.endIndex...].withoutBlankEnd
    return after.isEmpty ? before : before + (before.isEmpty ? [] : [.lineFeed]) + after
  }
}

extension Entry {
  /// The bytes by which it is the same entry in another version of its thread: those of its ID, else all.
  var identity: Bytes { id.map { Bytes($0.description) } ?? raw }
}

extension Entry: Hashable {
  package static func == (left: Entry, right: Entry) -> Bool {
    left.raw == right.raw && left.id == right.id && left.isQuoted == right.isQuoted
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(raw) }
}

extension Bytes {
  /// The agent and the time of a line that begins an entry of any generation.
  fileprivate var entryOpening: (agent: Agent, time: Timestamp)? {
    if let (words, time) = entryLine {
      return (Agent(SingleLine(line: WholeOpening(words)?.agent ?? words)), time)
    }
    return updatedLine.map { (Agent(SingleLine(line: $0.agent ?? Bytes("unknown"))), $0.time) }
  }

  /// The `Key: value` lines at the start: up to the first blank line, or to one that is no
  /// `Key: value` and so already the body's.
  fileprivate var entryHead: Bytes {
    var end = startIndex
    for line in lines {
      if line.isAllBlank || line.headKey == nil { break }
      end = line.endIndex
    }
    return self[startIndex..<end]
  }

  /// The last line that is an Entry-ID comment.
  fileprivate var lastEntryIDComment: (line: Bytes?, id: EntryID?) {
    var found: (Bytes?, EntryID?) = (nil, nil)
    for line in lines {
      if let id = line.entryIDComment { found = (line, id) }
    }
    return found
  }

  /// Without the blank lines at the end, and without the last line's end. White space at the end of
  /// the last line with text belongs to it.
  var withoutBlankEnd: Bytes {
    let text = trimmedEnd
    guard !text.isEmpty else { return text }
    let lineEnd = self[text.endIndex...].firstIndex(of: .lineFeed) ?? endIndex
    let hasCarriageReturn = lineEnd < endIndex && self[lineEnd - 1] == .carriageReturn
    return self[startIndex..<(hasCarriageReturn ? lineEnd - 1 : lineEnd)]
  }
}

/// A line that says all of an entry's head, as the Python tool's server wrote it for a while:
/// `Entry: NAME (person) (role) [Type] - Title @ TIME`.
private struct WholeOpening {
  let agent: Bytes
  let role: SingleLine
  let type: SingleLine
  let title: SingleLine

  /// - Parameter text: What stands before the time.
  init?(_ text: Bytes) {
    guard text.last == UInt8(ascii: "@") else { return nil }
    let words = text.dropLast().trimmedEnd
    guard let open = words.firstIndex(of: UInt8(ascii: "[")),
      let close = words[open...].firstIndex(of: UInt8(ascii: "]")),
      words[(close + 1)...].hasPrefix(" - ")
    else { return nil }
    let before = words[..<open].trimmedEnd
    guard before.last == UInt8(ascii: ")"), let role = before.lastIndex(of: UInt8(ascii: "(")),
      case let agent = before[..<role].trimmedEnd, !agent.isEmpty
    else { return nil }
    self.agent = agent
    self.role = SingleLine(line: before[(role + 1)...].dropLast().trimmed)
    type = SingleLine(line: words[(open + 1)..<close].trimmed)
    title = SingleLine(line: words[(close + 4)...].trimmed)
  }
}
