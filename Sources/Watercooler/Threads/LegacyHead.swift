/// The head that the Python tool wrote: a heading, then `Status:`, `Ball:` and the like, with blank lines between them
/// or without.
struct LegacyHead: Sendable, Hashable {
  /// Every line of it, with the blank line that ends it.
  let raw: Bytes

  /// Its lines, without a byte order mark before the first.
  private var lines: LineSequence { raw.withoutByteOrderMark.lines }

  /// The keys whose lines are moved into a front matter. Other lines stay as they are.
  static let knownKeys = ["title", "status", "ball", "topic", "created", "updated"]

  /// Reads a legacy head from the start of a file; nil if there is none.
  static func parse(_ file: Bytes) -> (head: LegacyHead, rest: Bytes)? {
    var end = file.startIndex
    var keys: Set<String> = []
    var (isHead, isOfKeys, isAfterBlank) = (false, true, false)
    for line in file.withoutByteOrderMark.lines {
      if line.isSeparator || line.entryLine != nil { break }
      if line.isAllBlank {
        if keys.isEmpty { continue }
        // The first one is the head's. It goes on after it with keys that it has not yet, and with nothing else.
        if !isAfterBlank { end = line.endIndex }
        isAfterBlank = true
        continue
      }
      let key = line.headKey?.string.lowercased() ?? ""
      let isKnown = knownKeys.contains(key)
      if isAfterBlank, !isOfKeys || !isKnown || keys.contains(key) { break }
      keys.insert(key)
      isOfKeys = isOfKeys && (isKnown || line.isComment)
      isHead = isHead || key == "status" || key == "ball" || line.legacyTitle != nil
      (end, isAfterBlank) = (line.endIndex, false)
    }
    guard isHead else { return nil }
    return (LegacyHead(raw: file[..<end]), file[end...])
  }

  /// The value of the first line with this key, in any case.
  subscript(key: String) -> String? {
    for line in lines {
      if let found = line.headKey, found.equalsIgnoringCase(key), let value = line.headValue {
        return value.string
      }
    }
    return nil
  }

  /// `Title:`, or what stands before the dash in `# topic — Thread`, or the heading.
  var title: String? {
    if let title = self["title"], !title.isEmpty { return title }
    guard let heading = lines.first(where: \.isComment) else { return nil }
    return (heading.legacyTitle ?? heading.drop { $0 == UInt8(ascii: "#") }.trimmed).string
  }

  /// The lines that no front matter key stands for, as they are.
  func linesToKeep(topic: Topic) -> Bytes {
    var kept: [UInt8] = []
    for line in lines where !line.isAllBlank {
      let key = line.headKey?.string.lowercased() ?? ""
      // A second line with a key, or a topic that is not the file's, says something of its own.
      let isFirst = self[key].map(Bytes.init) == line.headValue
      let isElsewhere =
        Self.knownKeys.contains(key) && isFirst
        && (key != "topic" || line.headValue.map { topic.isSame(as: $0.string) } ?? false)
      if !isElsewhere { kept += line }
    }
    return kept[...]
  }
}

extension Bytes {
  /// The title in `# title — Thread`.
  fileprivate var legacyTitle: Bytes? {
    guard isComment else { return nil }
    let text = trimmedEnd
    let ending = " — Thread".utf8
    guard text.suffix(ending.count).elementsEqual(ending) else { return nil }
    return text.dropLast(ending.count).drop { $0 == UInt8(ascii: "#") }.trimmed
  }
}

extension Topic {
  fileprivate func isSame(as text: String) -> Bool { name.lowercased() == text.lowercased() }
}
