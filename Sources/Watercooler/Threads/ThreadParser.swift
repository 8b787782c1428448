/// Reads thread files of every generation.
///
/// It never fails on a thread: what cannot be read is a `Problem` of the result, every byte of the
/// file is in it somewhere, and the rest is shown as far as it goes.
package enum ThreadParser {
  /// Reads a file.
  /// - Returns: Nil for a file that is no thread: no head and no entry of ours in it.
  package static func parse(_ file: Bytes) -> Thread? {
    var problems = encodingProblems(file)
    var head = Thread.Head.none
    var rest = file.withoutByteOrderMark
    if let found = FrontMatter.parse(file, problems: &problems) {
      (head, rest) = (.frontMatter(found.head), found.rest)
    } else if let found = LegacyHead.parse(file) {
      (head, rest) = (.legacy(found.head), found.rest)
    }
    var isQuoted = false
    if case .frontMatter = head { isQuoted = true }
    let starts = entryStarts(rest, of: file, isQuoted: isQuoted)
    if case .none = head { rest = file }
    var thread = Thread(
      head: head, preamble: file[rest.startIndex..<(starts.first?.offset ?? file.endIndex)],
      entries: entries(of: file, startingAt: starts, isQuoted: isQuoted), problems: problems)
    guard isThread(thread) else { return nil }
    thread.dropRepeatedIDs()
    if case .frontMatter(let front) = head, let item = front.item("format"),
      front["format"].flatMap(Int.init) == nil,
      let colon = item.raw.firstIndex(of: UInt8(ascii: ":"))
    {
      let value = item.raw[(colon + 1)...].drop { $0 == 0x20 }
      thread.problems.append(Problem("expected a whole number", at: value.startIndex, in: file))
    }
    return thread
  }

  private static func isThread(_ thread: Thread) -> Bool {
    if !thread.entries.isEmpty { return true }
    return switch thread.head {
    case .none: false
    case .legacy: true
    case .frontMatter(let front): ["format", "status", "ball"].contains { front[$0] != nil }
    }
  }

  static func encodingProblems(_ file: Bytes) -> [Problem] {
    var problems: [Problem] = []
    if let offset = file.invalidUTF8Offset {
      problems.append(Problem("expected UTF-8", at: offset, in: file))
    }
    if let offset = file.firstIndex(of: 0) {
      problems.append(Problem("expected text, found a NUL character", at: offset, in: file))
    }
    return problems
  }

  private static func entries(
    of file: Bytes, startingAt starts: [EntryStart], isQuoted: Bool
  ) -> [Entry] {
    let ends = starts.dropFirst().map(\.offset) + [file.endIndex]
    return zip(starts, ends).compactMap { start, end in
      let raw = file[start.offset..<end].withoutBlankEnd
      var entry = Entry(raw: raw, gap: file[raw.endIndex..<end], isQuoted: isQuoted)
      if let found = entry {
        entry?.leansOnFences =
          start.hasExamples || start.isOpen && (start.isIdentityCopied || !found.isClosed)
      }
      return entry
    }
  }
}

extension Thread {
  /// An Entry-ID that stands twice belongs to the first; the other entry counts as having none.
  mutating func dropRepeatedIDs() {
    var seen: Set<EntryID> = []
    for index in entries.indices {
      if let id = entries[index].id, !seen.insert(id).inserted { entries[index].id = nil }
    }
  }
}
