package import Platform

/// A thread, or a part of it, as JSON and as Markdown: what both programs show.
package struct ThreadView {
  package let reading: ThreadReading

  package init(_ reading: ThreadReading) { self.reading = reading }

  package var json: JSON {
    let thread = reading.thread
    return [
      "topic": .string(reading.topic.name),
      "title": .string(thread.title ?? reading.topic.name),
      "status": .string(thread.status),
      "ball": JSON(thread.ball?.description),
      "created": JSON(thread.created?.description),
      "updated": JSON(thread.updated?.description),
      "entry_count": JSON(thread.entries.count),
      "next_from": reading.next.map { JSON($0) } ?? .null,
      "problem": JSON(problem),
      "entries": .array(
        reading.range.map { json(of: $0) }),
    ]
  }

  /// One entry of the thread.
  /// - Parameter body: To be shown instead of the entry's own.
  package func json(of index: Int, body: String? = nil) -> JSON {
    reading.json(of: index, body: body)
  }

  /// The first problem of the file, which was then read as far as it goes; nil if it has none.
  package var problem: String? {
    reading.thread.problems.first?.description(file: reading.topic.fileName)
  }

  /// For reading: a heading, where the thread stands, then each entry with its number.
  package var markdown: String {
    let text = [heading] + reading.range.map { markdown(of: $0) }
    return text.joined(separator: "\n")
  }

  /// The heading, and where the thread stands.
  package var heading: String {
    var text = "# \(title)\n\n\(standing)\n"
    if let problem { text += "\nDamaged, shown as far as it can be read: \(problem)\n" }
    return text
  }

  var title: String { (reading.thread.title ?? reading.topic.name).onOneLine }

  /// Status, ball and size in a line.
  var standing: String {
    let thread = reading.thread
    let facts = [
      "Status: \(thread.status)", "Ball: \(thread.ball?.description ?? "nobody")",
      Self.entryCount(thread.entries.count),
    ]
    return facts.facts
  }

  static func entryCount(_ count: Int) -> String { count == 1 ? "1 entry" : "\(count) entries" }

  /// One entry of the thread, as Markdown.
  /// - Parameter body: To be shown instead of the entry's own.
  package func markdown(of index: Int, body: String? = nil) -> String {
    parts(of: index, body: body).markdown
  }

  /// An entry with its number, as Markdown; without one it is pending.
  /// - Parameters:
  ///   - unseen: The numbers of entries that its writer had not seen.
  ///   - isOwn: Whether it is in the reader's name.
  ///   - body: To be shown instead of the entry's own.
  package static func markdown(
    _ entry: Entry, number: Int?, unseen: [Int] = [], isOwn: Bool = false, body: String? = nil
  ) -> String {
    EntryParts(entry, number: number, unseen: unseen, isOwn: isOwn, body: body).markdown
  }

  /// One entry of the thread in the words that all its views show.
  func parts(of index: Int, body: String? = nil) -> EntryParts {
    EntryParts(
      reading.thread.entries[index], number: reading.number(of: index),
      unseen: reading.unseen(byEntryAt: index), isOwn: reading.isOwn(index), body: body)
  }
}
