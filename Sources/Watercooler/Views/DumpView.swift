package import Platform

/// The parts of a thread's file, as a table and as JSON. Other people's words are in both only escaped.
package struct DumpView {
  private let file: ThreadFile
  private let outline: ThreadOutline
  /// The offset of the first byte of each line.
  private let lineStarts: [Int]

  package init(_ file: ThreadFile) {
    self.file = file
    outline = ThreadOutline(file.bytes)
    lineStarts = outline.file.lines.map(\.startIndex)
  }

  /// The facts about the file, its problems, and a row for each part: its offset and length in bytes, its
  /// first line, and what it is, below what it is a part of.
  package var text: String {
    var lines = ["\(Bytes(file.path).escaped): \(summary)"]
    if let target = file.target { lines.append("a link to \(Bytes(target).escaped)") }
    if let thread = outline.thread {
      lines.append(Self.facts(Self.facts(of: thread)).joined(separator: ", "))
    }
    lines += outline.problems.map { problem in
      let place = "\(problem.line):\(problem.column)"
      return "problem at \(place): \(problem.message): \(source(of: problem).quoted(upTo: 160))"
    }
    lines += ["", row("offset", "length", "line", "part")]
    lines += outline.parts.flatMap { rows(of: $0, indent: "") }
    return lines.map { $0 + "\n" }.joined()
  }

  private var summary: String {
    let size = "\(Self.count(file.bytes.count, "byte")), \(Self.count(lineStarts.count, "line"))"
    guard let thread = outline.thread else {
      return "no thread (no head and no entry of ours), \(size)"
    }
    return "\(Self.form(of: thread)), \(ThreadView.entryCount(thread.entries.count)), \(size)"
  }

  private static func form(of thread: Thread) -> String {
    switch thread.head {
    case .frontMatter:
      guard let format = thread.format else {
        let isGiven = thread["format"] != nil
        return "a front matter whose format is \(isGiven ? "no number" : "not said")"
      }
      let isNewer = format > Thread.currentFormat
      return "format \(format)" + (isNewer ? " (newer than \(Thread.currentFormat))" : "")
    case .legacy: return "legacy"
    case .none: return "no head"
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)" + (number == 1 ? "" : "s")
  }

  // MARK: - Rows

  private func row(_ offset: String, _ length: String, _ line: String, _ words: String) -> String {
    let width = max(6, String(file.bytes.count).count)
    let columns = [offset, length, line].map { cell in
      String(repeating: " ", count: max(0, width - cell.count)) + cell
    }
    return (columns + [words]).joined(separator: "  ")
  }

  private func row(_ range: Range<Int>, _ words: String) -> String {
    row("\(range.lowerBound)", "\(range.count)", "\(line(of: range.lowerBound))", words)
  }

  private func rows(of part: ThreadOutline.Part, indent: String) -> [String] {
    let isShown = part.parts.isEmpty && !part.kind.isText
    let text = isShown ? " " + outline.file[part.range].quoted(upTo: 160) : ""
    let marks = part.marks.map { mark in
      let reasons = mark.reasons.map(\.rawValue).joined(separator: ", ")
      return row(
        mark.range, "\(indent)  \(reasons) \(outline.file[mark.range].quoted(upTo: 160))")
    }
    return [row(part.range, indent + words(for: part) + text)] + marks
      + part.parts.flatMap { rows(of: $0, indent: indent + "  ") }
  }

  private func words(for part: ThreadOutline.Part) -> String {
    switch part.kind {
    case .key(let key):
      let name = key.isKnown ? key.name : "unknown key \(key.name)"
      return "\(name)\(key.value == nil ? ", no value" : "")\(key.isFirst ? "" : ", repeated")"
    case .entry(let entry, let number, let form):
      let words = [form.rawValue, Self.identity(of: entry)] + Self.facts(Self.facts(of: entry))
      return "entry \(number): \(words.joined(separator: ", "))"
    case .body(let isQuoted):
      let quoted = part.marks.count { $0.reasons.contains(.quoted) }
      let quoting = isQuoted ? "\(quoted) quoted" : "as it is"
      return "body: \(Self.count(lineCount(of: part), "line")), \(quoting)"
    case .preamble, .text:
      return "\(part.kind.name): \(Self.count(lineCount(of: part), "line"))"
    case .entryID: return "Entry-ID"
    default: return part.kind.name.replacing("_", with: " ")
    }
  }

  private static func identity(of entry: Entry) -> String {
    if let id = entry.id { return "Entry-ID \(id)" }
    return repeatedID(of: entry).map { "Entry-ID \($0), which stands earlier" } ?? "no Entry-ID"
  }

  private static func facts(_ facts: [(name: String, value: String?)]) -> [String] {
    facts.compactMap { name, value in value.map { "\(name) \(Bytes($0).quoted(upTo: 160))" } }
  }

  private func lineCount(of part: ThreadOutline.Part) -> Int {
    outline.file[part.range].lines.reduce(0) { count, _ in count + 1 }
  }

  /// The number of the line in which a byte is, from 1.
  private func line(of offset: Int) -> Int {
    var (low, high) = (0, lineStarts.count)
    while low < high {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return max(1, low)
  }

  /// The line that a problem is in, as it is in the file.
  private func source(of problem: Problem) -> Bytes {
    guard lineStarts.indices.contains(problem.line - 1) else { return [] }
    return outline.file[lineStarts[problem.line - 1]...].lines.first { _ in true }?.trimmedEnd ?? []
  }

  // MARK: - What is known of a thread and an entry

  private static func facts(of thread: Thread?) -> [(name: String, value: String?)] {
    [
      ("title", thread?.title), ("status", thread?.status), ("ball", thread?.ball?.description),
      ("created", thread?.created?.description), ("updated", thread?.updated?.description),
    ]
  }

  private static func facts(of entry: Entry) -> [(name: String, value: String?)] {
    [
      ("agent", entry.agent.description), ("time", entry.time.description),
      ("role", entry.role?.text), ("type", entry.type?.text), ("title", entry.title?.text),
      ("ball", entry.ball?.description), ("status", entry.status?.text),
      ("after", entry.after?.description),
    ]
  }

  /// The Entry-ID of an entry that counts as having none, since it stands earlier in the file.
  private static func repeatedID(of entry: Entry) -> EntryID? {
    entry.id == nil ? entry.idComment?.entryIDComment : nil
  }

  // MARK: - JSON

  package var json: JSON {
    let thread = outline.thread
    let head: [JSON.Member] = [
      .init("topic", .string(file.topic.name)), .init("path", .string(file.path)),
      .init("link_target", JSON(file.target)), .init("length", JSON(file.bytes.count)),
      .init("line_count", JSON(lineStarts.count)), .init("is_thread", .bool(thread != nil)),
      .init("format", thread?.format.map { JSON($0) } ?? .null),
      .init("entry_count", JSON(thread?.entries.count ?? 0)),
    ]
    let problems = outline.problems.map { problem -> JSON in
      [
        "line": JSON(problem.line), "column": JSON(problem.column),
        "message": .string(problem.message), "text": .string(source(of: problem).escaped),
      ]
    }
    return .object(
      head + Self.members(Self.facts(of: thread)) + [
        .init("problems", .array(problems)), .init("parts", .array(outline.parts.map(json))),
      ])
  }

  private static func members(_ facts: [(name: String, value: String?)]) -> [JSON.Member] {
    facts.map { .init($0, JSON($1.map { Bytes($0).escaped })) }
  }

  private func json(of part: ThreadOutline.Part) -> JSON {
    var members = [JSON.Member("kind", .string(part.kind.name))] + place(of: part.range)
    switch part.kind {
    case .key(let key):
      members += Self.members([("key", key.name), ("value", key.value)])
      members += [.init("is_known", .bool(key.isKnown)), .init("is_first", .bool(key.isFirst))]
    case .entry(let entry, let number, let form):
      members += [.init("number", JSON(number)), .init("form", .string(form.rawValue))]
      members += Self.members(
        [
          ("entry_id", entry.id?.description),
          ("repeated_entry_id", Self.repeatedID(of: entry)?.description),
        ] + Self.facts(of: entry))
    case .body(let isQuoted): members.append(.init("is_quoted", .bool(isQuoted)))
    default: break
    }
    if part.kind.isText {
      let marks = part.marks.map { mark -> JSON in
        .object(
          place(of: mark.range) + [
            .init("is", .array(mark.reasons.map { .string($0.rawValue) })), text(of: mark.range),
          ])
      }
      members.append(.init("marks", .array(marks)))
    } else if part.parts.isEmpty {
      members.append(text(of: part.range))
    } else {
      members.append(.init("parts", .array(part.parts.map(json))))
    }
    return .object(members)
  }

  private func place(of range: Range<Int>) -> [JSON.Member] {
    [
      .init("offset", JSON(range.lowerBound)), .init("length", JSON(range.count)),
      .init("line", JSON(line(of: range.lowerBound))),
    ]
  }

  private func text(of range: Range<Int>) -> JSON.Member {
    .init("text", .string(outline.file[range].escaped))
  }
}

extension ThreadOutline.Kind {
  /// Whether it is free text, of which only some lines are shown.
  fileprivate var isText: Bool {
    switch self {
    case .preamble, .text, .body: true
    default: false
    }
  }

  /// As the JSON has it.
  fileprivate var name: String {
    switch self {
    case .frontMatter: "front_matter"
    case .legacyHead: "legacy_head"
    case .opening: "opening"
    case .closing: "closing"
    case .key: "key"
    case .comment: "comment"
    case .heading: "heading"
    case .blank: "blank"
    case .other: "other"
    case .preamble: "preamble"
    case .entry: "entry"
    case .header: "header"
    case .separator: "separator"
    case .entryLine: "entry_line"
    case .updatedLine: "updated_line"
    case .body: "body"
    case .entryID: "entry_id"
    case .gap: "gap"
    case .text: "text"
    }
  }
}
