extension ThreadParser {
  /// Where entries of format 1 start: at the `---` before an entry line, wherever they stand, since
  /// what a body must not be taken for is quoted. Where the `---` belongs to the head, at the line.
  static func entryStarts(_ text: Bytes, of file: Bytes) -> [Int] {
    var starts: [Int] = []
    var separator = separatorBefore(text, of: file)
    for line in text.lines {
      if line.isSeparator {
        separator = line.startIndex
      } else if !line.isAllBlank {
        if let start = separator, line.entryLine != nil {
          starts.append(max(start, text.startIndex))
        }
        separator = nil
      }
    }
    return starts
  }

  /// The start of the last line before `text`, if that line is a separator: the head's last one.
  private static func separatorBefore(_ text: Bytes, of file: Bytes) -> Int? {
    let before = file[..<text.startIndex].trimmedEnd
    let start = before.lastIndex(of: .lineFeed).map { $0 + 1 } ?? before.startIndex
    return before[start...].isSeparator ? text.startIndex : nil
  }

  /// Where entries of a legacy file start. There a code fence protects an `Entry:` line from being
  /// one, but an unclosed fence ends at the next entry.
  ///
  /// A file of the oldest generation has `- Updated:` blocks instead.
  static func legacyEntryStarts(_ text: Bytes, of file: Bytes) -> [Int] {
    let landmarks = landmarks(text)
    let starts = unfenced(landmarks)
    if !starts.isEmpty || landmarks.contains(where: \.isEntry) { return starts }
    return updatedStarts(text)
  }

  private enum Landmark {
    /// An entry line, and where its separator starts.
    case entry(start: Int)
    case fence(Fence)

    var isEntry: Bool {
      if case .entry = self { true } else { false }
    }
  }

  private static func landmarks(_ text: Bytes) -> [Landmark] {
    var found: [Landmark] = []
    var separator: Int?
    for line in text.lines {
      if line.isSeparator {
        separator = line.startIndex
        continue
      }
      if line.isAllBlank { continue }
      if let start = separator, line.entryLine != nil {
        found.append(.entry(start: start))
      } else if let fence = line.fence {
        found.append(.fence(fence))
      }
      separator = nil
    }
    return found
  }

  private static func unfenced(_ landmarks: [Landmark]) -> [Int] {
    var starts: [Int] = []
    var open: Fence?
    for (index, landmark) in landmarks.enumerated() {
      switch landmark {
      case .fence(let fence):
        if let opening = open {
          if fence.closes(opening) { open = nil }
        } else {
          open = fence
        }
      case .entry(let start):
        if let opening = open, isClosedLater(opening, landmarks[(index + 1)...]) { continue }
        open = nil
        starts.append(start)
      }
    }
    return starts
  }

  /// Whether a fence that is open at an entry line is closed after it, rather than forgotten.
  ///
  /// The fences up to the next entry line tell, or where there are none, those up to the one after
  /// it: if they pair up by themselves, the open one was forgotten.
  private static func isClosedLater(_ opening: Fence, _ rest: ArraySlice<Landmark>) -> Bool {
    var ours: Fence? = opening
    var own: Fence?
    var hasFences = false
    for landmark in rest {
      guard case .fence(let fence) = landmark else {
        if hasFences { break }
        continue
      }
      hasFences = true
      ours = ours.map { fence.closes($0) ? nil : $0 } ?? fence
      own = own.map { fence.closes($0) ? nil : $0 } ?? fence
    }
    return hasFences && ours == nil && own != nil
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
