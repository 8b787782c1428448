extension ThreadParser {
  /// Where an entry starts, and what of it is not quoted.
  struct EntryStart {
    let offset: Int
    /// Whether there are lines in the entry that look like the start or the end of one.
    var hasExamples = false
    /// Whether a code fence in it is never closed.
    var isOpen = false
    /// Whether its Entry-ID stands somewhere else in the file, too.
    var isIdentityCopied = false
  }

  /// - Parameter isQuoted: Whether the file is of format 1. Where the `---` of its first entry belongs to the
  ///   head, the entry starts at its line. A legacy file of the oldest generation has `- Updated:` blocks.
  static func entryStarts(_ text: Bytes, of file: Bytes, isQuoted: Bool) -> [EntryStart] {
    let landmarks = Landmarks(text, separator: isQuoted ? separatorBefore(text, of: file) : nil)
    if !isQuoted, !landmarks.all.contains(where: \.isEntry) {
      return updatedStarts(text).map { EntryStart(offset: $0) }
    }
    return landmarks.entryStarts
  }

  /// The start of the last line before `text`, if that line is a separator: the head's last one.
  private static func separatorBefore(_ text: Bytes, of file: Bytes) -> Int? {
    let before = file[..<text.startIndex].trimmedEnd
    let start = before.lastIndex(of: .lineFeed).map { $0 + 1 } ?? before.startIndex
    return before[start...].isSeparator ? text.startIndex : nil
  }

  private static func updatedStarts(_ text: Bytes) -> [Int] {
    var starts: [Int] = []
    var separator: Int?
    for line in text.lines where !line.isAllBlank {
      if line.updatedLine != nil { starts.append(separator ?? line.startIndex) }
      separator = line.isSeparator ? line.startIndex : nil
    }
    return starts
  }
}
