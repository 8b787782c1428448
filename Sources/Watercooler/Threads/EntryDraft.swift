/// The makings of a new entry: what a writer wants to say, checked.
///
/// A property that is nil, or empty, gets no line in the entry's head.
package struct EntryDraft: Sendable {
  package var agent: Agent
  package var time: Timestamp
  package var role: SingleLine?
  package var type: SingleLine?
  package var title: SingleLine?
  /// The agent that gets the ball by the entry.
  package var ball: Agent?
  /// The thread's status from the entry on.
  package var status: SingleLine?
  /// The last entry that the writer has seen.
  package var after: EntryID?
  /// With LF line ends and no blank lines at its end.
  package let body: Bytes
  package var id: EntryID

  /// - Parameter body: CR LF and lone CR in it become LF, and blank lines at its end go.
  package init(agent: Agent, time: Timestamp, body: Bytes, id: EntryID) {
    (self.agent, self.time, self.id) = (agent, time, id)
    self.body = Self.normalised(body)
  }

  /// With LF line ends and no blank lines at its end.
  package static func normalised(_ body: Bytes) -> Bytes { withLineFeeds(body).withoutBlankEnd }

  private static func withLineFeeds(_ body: Bytes) -> Bytes {
    guard body.contains(.carriageReturn) else { return body }
    var result: [UInt8] = []
    result.reserveCapacity(body.count)
    var previous: UInt8 = 0
    for byte in body {
      if byte == .carriageReturn {
        result.append(.lineFeed)
      } else if byte != .lineFeed || previous != .carriageReturn {
        result.append(byte)
      }
      previous = byte
    }
    return result[...]
  }
}

extension Entry {
  /// A new entry, as format 1 writes it.
  package init(_ draft: EntryDraft) {
    let start = "---\nEntry: \(draft.agent) \(draft.time)\n"
    var head = ""
    func add(_ key: String, _ value: (any CustomStringConvertible)?) {
      if let value = value?.description, !value.isEmpty { head += "\(key): \(value)\n" }
    }
    add("Role", draft.role)
    add("Type", draft.type)
    add("Title", draft.title)
    add("Ball", draft.ball)
    add("Status", draft.status)
    add("After", draft.after)
    var raw = Array((start + head + "\n").utf8)
    raw += BodyQuoting.quoted(draft.body)
    if !draft.body.isEmpty { raw.append(.lineFeed) }
    raw += Array("<!-- Entry-ID: \(draft.id) -->".utf8)
    self.init(
      raw: raw[...], gap: [.lineFeed], isQuoted: true, rest: raw[start.utf8.count...],
      agent: draft.agent, time: draft.time)
  }

  /// Whether its bytes are what this program writes for what it says.
  var isAsWritten: Bool {
    guard isQuoted, let id else { return false }
    var draft = EntryDraft(agent: agent, time: time, body: body, id: id)
    (draft.role, draft.type, draft.title) = (role, type, title)
    (draft.ball, draft.status, draft.after) = (ball, status, after)
    return Entry(draft).raw == raw
  }

  /// The entry as format 1 holds it: with a separator, an `Entry:` line, and a body that is quoted, so that it
  /// leans on no code fence. Itself where it is that already.
  var inFormatOne: Entry {
    let opening = self.opening
    let hasSeparator = raw[..<opening.startIndex].lines.contains(where: \.isSeparator)
    let hasEntryLine = opening.entryLine != nil
    if isQuoted, hasSeparator, hasEntryLine, !leansOnFences { return self }
    var text = hasSeparator ? Array(raw[..<opening.startIndex]) : Array("---\n".utf8)
    text += hasEntryLine ? opening : Bytes("Entry: \(agent) \(time)\n")
    let start = text.count
    text += raw[opening.endIndex..<content.startIndex]
    let quoted = isQuoted ? BodyQuoting.quotedExamples : BodyQuoting.quoted
    if let idComment {
      text += quoted(content[..<idComment.startIndex]) + idComment
      text += quoted(content[idComment.endIndex...])
    } else {
      text += quoted(content)
    }
    let entry = rebuilt(text, restFrom: start, id: id)
    return entry.content.hasOpenFence ? entry.closed : entry
  }

  /// The same entry under another identity.
  func identified(as id: EntryID) -> Entry {
    guard let idComment else { return self }
    let lineEnd = idComment[idComment.trimmedEnd.endIndex...]
    let text =
      Array(raw[..<idComment.startIndex]) + Array("<!-- Entry-ID: \(id) -->".utf8) + lineEnd
      + raw[idComment.endIndex...]
    return rebuilt(text, restFrom: opening.endIndex - raw.startIndex, id: id)
  }

  /// Whether it ends in its identity: then what follows is an entry, whatever fence is open.
  var isClosed: Bool { idComment.map { raw[$0.endIndex...].isAllBlank } ?? false }

  /// The same entry with its identity at its end. One without an identity gets one, the same on every machine.
  private var closed: Entry {
    if isClosed { return self }
    var (id, comment) = (id, idComment?.trimmedEnd)
    if comment == nil {
      let milliseconds = UInt64(max(0, time.seconds)) * 1000
      let given = EntryID(milliseconds: milliseconds, random: 0).replacement(for: raw)
      (id, comment) = (given, Bytes("<!-- Entry-ID: \(given) -->"))
    }
    let head = raw[..<content.startIndex]
    // A blank line between head and body, where the comment stood: the body's first line might read as the head's.
    let isApart = head.lines.reduce(false) { _, line in line.isAllBlank }
    let text = head + (isApart ? [] : [.lineFeed]) + writtenBody + [.lineFeed] + (comment ?? [])
    return rebuilt(Array(text), restFrom: opening.endIndex - raw.startIndex, id: id)
  }

  /// The line that names agent and time.
  var opening: Bytes {
    raw.lines.first { !$0.isSeparator && !$0.isAllBlank } ?? raw
  }

  private func rebuilt(_ text: [UInt8], restFrom start: Int, id: EntryID?) -> Entry {
    var entry = Entry(
      raw: text[...], gap: gap, isQuoted: true, rest: text[start...], agent: agent, time: time)
    entry.id = id
    return entry
  }
}
