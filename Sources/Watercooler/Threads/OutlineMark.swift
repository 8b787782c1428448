extension ThreadOutline {
  /// A line of a longer text that is worth a look when something is wrong.
  struct Mark: Sendable {
    let range: Range<Int>
    let reasons: [Reason]

    enum Reason: String, Sendable {
      /// The heading that is the title where the head has none.
      case heading
      /// A line of a body whose first backslash the reader takes off.
      case quoted
      case conflictMarker = "conflict marker"
      /// A line that would begin an entry, if it stood below `---`.
      case entryLine = "entry line without '---'"
      /// A line that would begin an entry, if it stood in no code fence.
      case fencedEntryLine = "entry line in a code fence"
      case brokenEntryLine = "entry line without an agent and a time"
      /// An Entry-ID comment after which another one comes, or that is in no entry.
      case otherEntryID = "Entry-ID that does not count"
      case hidden = "hidden characters"
      case notUTF8 = "no UTF-8"
    }

    /// Those of a text.
    /// - Parameter isQuoted: Whether it is the body of an entry of format 1; nil where it is none.
    static func all(in text: Bytes, isQuoted: Bool?) -> [Mark] {
      var marks: [Mark] = []
      var isBelowSeparator = false
      var hasHeading = isQuoted != nil
      for line in text.lines {
        var reasons: [Reason] = []
        if line.isComment, !hasHeading {
          reasons.append(.heading)
          hasHeading = true
        }
        if let reason = meaning(of: line, isQuoted: isQuoted == true, isBelowSeparator) {
          reasons.append(reason)
        }
        if line.invalidUTF8Offset != nil { reasons.append(.notUTF8) }
        if line.hasHiddenCharacters { reasons.append(.hidden) }
        if !reasons.isEmpty { marks.append(Mark(range: line.indices, reasons: reasons)) }
        if !line.isAllBlank { isBelowSeparator = line.isSeparator }
      }
      return marks
    }

    private static func meaning(
      of line: Bytes, isQuoted: Bool, _ isBelowSeparator: Bool
    ) -> Reason? {
      switch line.first {
      case UInt8.backslash: isQuoted && BodyQuoting.isAffected(line) ? .quoted : nil
      case UInt8(ascii: "E"):
        line.entryLine != nil
          ? isBelowSeparator ? .fencedEntryLine : .entryLine
          : line.hasPrefix("Entry:") ? .brokenEntryLine : nil
      case UInt8(ascii: "<"):
        line.entryIDComment != nil
          ? .otherEntryID : line.hasPrefix("<<<<<<< ") ? .conflictMarker : nil
      case UInt8(ascii: ">"): line.hasPrefix(">>>>>>> ") ? .conflictMarker : nil
      default: nil
      }
    }
  }
}
