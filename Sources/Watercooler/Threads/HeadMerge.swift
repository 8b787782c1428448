/// The head and the text before the first entry, of two versions made one.
///
/// All three versions are format 1 by now.
struct HeadMerge {
  let base: Thread?
  let shown: Thread
  let replayed: Thread
  /// All entries of the result.
  let merged: [Entry]
  /// Those of them that were not shown yet.
  let arrived: [Entry]

  var frontMatter: FrontMatter {
    var result = shown.frontMatter
    mergeOtherKeys(into: &result)
    mergeCommentLines(into: &result)
    let ball = Explained(key: "ball") { $0.ball?.description }
    let status = Explained(key: "status") { $0.status?.text }
    for explained in [ball, status] {
      if let value = decided(explained) { result.set(explained.key, value) }
    }
    if isSetBare(ball) || isSetBare(status) {
      if let updated = replayed["updated"] { result.set("updated", updated, isPlain: true) }
    } else if let last = arrived.last {
      result.set("updated", last.time.description, isPlain: true)
    }
    let times = [shown, replayed].compactMap { $0["created"].flatMap(Timestamp.init) }
    if let created = times.min(), created != shown["created"].flatMap(Timestamp.init) {
      result.set("created", created.description, isPlain: true)
    }
    return result
  }

  // MARK: - Ball and status

  /// A head key that entries explain.
  private struct Explained {
    let key: String
    let value: (Entry) -> String?

    func last(in entries: [Entry]) -> Entry? { entries.last { value($0) != nil } }
  }

  /// The last entry that set it decides, unless it was set without an entry after that.
  private func decided(_ head: Explained) -> String? {
    if isSetBare(head) { return replayed[head.key] }
    if let carrier = head.last(in: arrived) { return head.value(carrier) }
    if shown[head.key] != head.last(in: shown.entries).flatMap(head.value) {
      return shown[head.key]
    }
    return head.last(in: merged).flatMap(head.value) ?? shown[head.key]
  }

  /// Whether the replayed version set it without an entry.
  private func isSetBare(_ head: Explained) -> Bool {
    let value = replayed[head.key]
    let carrier = head.last(in: replayed.entries)
    if carrier.flatMap(head.value) != value {
      // Set back to what it was is still a change, after an entry that set it otherwise.
      return base.map { $0[head.key] != value } ?? false
        || head.last(in: arrived).flatMap(head.value) != nil
    }
    guard let base else { return false }
    return base[head.key] != value && head.last(in: base.entries)?.raw == carrier?.raw
  }

  // MARK: - Everything else

  private static let decidedKeys: Set<String> = [
    "format", "topic", "ball", "status", "created", "updated",
  ]

  private func mergeOtherKeys(into result: inout FrontMatter) {
    let before = base?.frontMatter
    for item in replayed.frontMatter.items {
      // A key that is there twice means its first line.
      guard let key = item.key, !Self.decidedKeys.contains(key.lowercased()),
        replayed.frontMatter.item(key) == item
      else { continue }
      let isChanged = before.map { $0.item(key)?.raw != item.raw } ?? (result.item(key) == nil)
      if isChanged { result.replace(item) }
    }
    for item in before?.items ?? [] {
      guard let key = item.key, !Self.decidedKeys.contains(key.lowercased()),
        replayed.frontMatter.item(key) == nil, result.item(key)?.raw == item.raw
      else { continue }
      result.items.removeAll { $0.isKey(key) }
    }
  }

  private func mergeCommentLines(into result: inout FrontMatter) {
    let before = base?.frontMatter.items ?? []
    let after = replayed.frontMatter.items
    for item in after
    where item.key == nil && !before.contains(item) && !result.items.contains(item) {
      result.items.append(item)
    }
    for item in before where item.key == nil && !after.contains(item) {
      if let index = result.items.firstIndex(of: item) { result.items.remove(at: index) }
    }
  }

  /// Three-way; changed on both sides keeps what was shown, and appends the lines that were added.
  var preamble: Bytes {
    let before = base?.preamble.trimmed ?? []
    if replayed.preamble.trimmed == before { return shown.preamble }
    if shown.preamble.trimmed == before { return replayed.preamble }
    let known = Set(before.lines.map(\.trimmedEnd)).union(shown.preamble.lines.map(\.trimmedEnd))
    let added = replayed.preamble.lines.filter { !$0.isAllBlank && !known.contains($0.trimmedEnd) }
    if added.isEmpty { return shown.preamble }
    var result = shown.preamble.withoutBlankEnd
    for line in added { result += [.lineFeed] + line.withoutBlankEnd }
    return result + Bytes("\n\n")
  }
}

extension Thread {
  /// The front matter; an empty one for a thread that has none.
  var frontMatter: FrontMatter {
    if case .frontMatter(let front) = head { front } else { FrontMatter() }
  }
}

extension FrontMatter {
  func item(_ key: String) -> Item? { items.first { $0.isKey(key) } }

  mutating func replace(_ item: Item) {
    guard let key = item.key else { return }
    if let index = items.firstIndex(where: { $0.isKey(key) }) {
      items[index] = item
    } else {
      items.append(item)
    }
  }
}
