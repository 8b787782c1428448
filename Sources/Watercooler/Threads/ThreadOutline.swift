/// The parts that the parser finds in a thread's file, byte by byte: for whoever looks for a fault in one.
///
/// It names the parts of what the parser returns, and decides nothing by itself. Each byte is in exactly
/// one of `parts`, and where a part has parts, in one of these.
package struct ThreadOutline: Sendable {
  let file: Bytes
  /// Nil for a file that is no thread.
  let thread: Thread?
  let problems: [Problem]
  let parts: [Part]

  struct Part: Sendable {
    let kind: Kind
    let range: Range<Int>
    var parts: [Part] = []
    /// Lines of a longer text that are worth a look.
    var marks: [Mark] = []
  }

  enum Kind: Sendable {
    case frontMatter, legacyHead
    /// The first and the last line of a front matter.
    case opening, closing
    case key(Key)
    case comment, heading, blank
    /// A line of a head, or lines, without a key.
    case other
    /// Text before the first entry.
    case preamble
    case entry(Entry, number: Int, form: EntryForm)
    /// An entry's lines up to its body.
    case header
    case separator, entryLine, updatedLine
    case body(isQuoted: Bool)
    /// The Entry-ID comment that counts.
    case entryID
    /// The line end and the blank lines after an entry.
    case gap
    /// All of a file that is no thread, but for a front matter.
    case text
  }

  /// A line `Key: value`.
  struct Key: Sendable {
    let name: String
    /// Nil where it cannot be read.
    let value: String?
    /// Whether it has a meaning here, rather than being kept as it is.
    let isKnown: Bool
    /// False for one whose name has been read before.
    let isFirst: Bool
  }

  /// The generation that an entry is read as.
  enum EntryForm: String, Sendable {
    case formatOne = "format 1"
    /// Another program, or a person, wrote or changed it: its bytes are not what this program makes of it.
    case foreign = "format 1, not of this program"
    case legacy
    /// A block `- Updated: TIME by WHO`.
    case updated = "legacy, Updated"
  }

  /// Takes a whole file apart, also one that is no thread.
  package init(_ bytes: [UInt8]) {
    file = bytes[...]
    thread = ThreadParser.parse(file)
    var head = thread?.head ?? .none
    var problems = thread?.problems ?? ThreadParser.encodingProblems(file)
    if thread == nil, let front = FrontMatter.parse(file, problems: &problems)?.head {
      head = .frontMatter(front)
    }
    self.problems = problems
    var parts = Self.parts(of: head)
    let start = parts.last?.range.upperBound ?? 0
    let end = thread?.entries.first?.raw.startIndex ?? file.endIndex
    if start < end {
      let marks = Mark.all(in: file[start..<end], isQuoted: nil)
      parts.append(Part(kind: thread == nil ? .text : .preamble, range: start..<end, marks: marks))
    }
    for (number, entry) in (thread?.entries ?? []).enumerated() {
      parts.append(Self.part(of: entry, number: number))
    }
    self.parts = parts
  }
}

// MARK: - The head

extension ThreadOutline {
  private static func parts(of head: Thread.Head) -> [Part] {
    switch head {
    case .frontMatter(let front):
      var builder = PartsBuilder()
      builder.add(.opening, front.opening)
      for item in front.items { builder.add(builder.kind(of: item), item.raw) }
      if !front.closing.isEmpty { builder.add(.closing, front.closing) }
      return [Part(kind: .frontMatter, range: 0..<builder.end, parts: builder.parts)]
    case .legacy(let legacy):
      var builder = PartsBuilder()
      for line in legacy.raw.lines { builder.add(builder.kind(ofLegacyHeadLine: line), line) }
      return [Part(kind: .legacyHead, range: 0..<builder.end, parts: builder.parts)]
    case .none: return []
    }
  }

  // MARK: - Entries

  private static func part(of entry: Entry, number: Int) -> Part {
    let raw = entry.raw
    let content = entry.content
    var header = PartsBuilder(from: raw.startIndex)
    for line in raw[..<content.startIndex].lines {
      header.add(header.kind(ofHeaderLine: line), line)
    }
    var builder = PartsBuilder(from: raw.startIndex)
    builder.add(.header, raw[..<content.startIndex], header.parts)
    let comment = entry.idComment ?? content[content.endIndex...]
    builder.addBody(content[..<comment.startIndex], of: entry)
    if !comment.isEmpty { builder.add(.entryID, comment) }
    builder.addBody(content[comment.endIndex...], of: entry)
    if !entry.gap.isEmpty { builder.add(.gap, entry.gap) }
    return Part(
      kind: .entry(entry, number: number, form: Self.form(of: entry)),
      range: raw.startIndex..<builder.end, parts: builder.parts)
  }

  private static func form(of entry: Entry) -> EntryForm {
    guard entry.isQuoted else { return entry.opening.entryLine == nil ? .updated : .legacy }
    return entry.isAsWritten ? .formatOne : .foreign
  }
}

/// Parts that stand one after the other. A head's own bytes may be a copy, so they are counted.
private struct PartsBuilder {
  private(set) var parts: [ThreadOutline.Part] = []
  private(set) var end: Int
  private var known: Set<String> = []

  init(from start: Int = 0) { end = start }

  mutating func add(
    _ kind: ThreadOutline.Kind, _ bytes: Bytes, _ inner: [ThreadOutline.Part] = [],
    marks: [ThreadOutline.Mark] = []
  ) {
    parts.append(.init(kind: kind, range: end..<(end + bytes.count), parts: inner, marks: marks))
    end += bytes.count
  }

  mutating func addBody(_ text: Bytes, of entry: Entry) {
    if text.isEmpty { return }
    add(
      .body(isQuoted: entry.isQuoted), text,
      marks: ThreadOutline.Mark.all(in: text, isQuoted: entry.isQuoted))
  }

  mutating func kind(of item: FrontMatter.Item) -> ThreadOutline.Kind {
    guard let name = item.key, let colon = item.raw.firstIndex(of: UInt8(ascii: ":")) else {
      return item.raw.isAllBlank ? .blank : item.raw.isComment ? .comment : .other
    }
    return key(
      name, YAMLScalar.decode(item.raw[(colon + 1)...])?.value,
      among: LegacyHead.knownKeys + ["format"])
  }

  mutating func kind(ofLegacyHeadLine line: Bytes) -> ThreadOutline.Kind {
    if line.isAllBlank { return .blank }
    if line.isComment { return .heading }
    guard let name = line.headKey?.string else { return .other }
    return key(name, line.headValue?.string, among: LegacyHead.knownKeys)
  }

  mutating func kind(ofHeaderLine line: Bytes) -> ThreadOutline.Kind {
    if line.isSeparator { return .separator }
    if line.isAllBlank { return .blank }
    if line.entryLine != nil { return .entryLine }
    guard let name = line.headKey?.string, let value = line.headValue else { return .updatedLine }
    let isAfter = name.lowercased() == "after"
    return key(
      name, isAfter ? EntryID(value)?.description : value.isEmpty ? nil : value.string,
      among: ["role", "type", "title", "ball", "status", "after"])
  }

  private mutating func key(
    _ name: String, _ value: String?, among names: [String]
  ) -> ThreadOutline.Kind {
    let lower = name.lowercased()
    let isFirst = !known.contains(lower)
    if value != nil { known.insert(lower) }
    return .key(
      .init(name: name, value: value, isKnown: names.contains(lower), isFirst: isFirst))
  }
}
