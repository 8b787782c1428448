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

  /// - Parameters:
  ///   - unseen: The numbers of entries that its writer had not seen.
  ///   - body: To be shown instead of the entry's own.
  package static func json(
    _ entry: Entry, number: Int?, unseen: [Int] = [], body: String? = nil
  ) -> JSON {
    entry.json(number: number, unseen: unseen, body: body)
  }

  /// What is wrong with the file; it was then read as far as it goes.
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
    let thread = reading.thread
    let facts = [
      "Status: \(thread.status)", "Ball: \(thread.ball?.description ?? "nobody")",
      Self.entryCount(thread.entries.count),
    ]
    let line = facts.joined(separator: " | ").onOneLine
    var text = "# \((thread.title ?? reading.topic.name).onOneLine)\n\n\(line)\n"
    if let problem { text += "\nDamaged, shown as far as it can be read: \(problem)\n" }
    return text
  }

  static func entryCount(_ count: Int) -> String { count == 1 ? "1 entry" : "\(count) entries" }

  /// One entry of the thread, as Markdown.
  /// - Parameter body: To be shown instead of the entry's own.
  package func markdown(of index: Int, body: String? = nil) -> String {
    Self.markdown(
      reading.thread.entries[index], number: reading.number(of: index),
      unseen: reading.unseen(byEntryAt: index), body: body)
  }

  /// An entry with its number, as Markdown; without one it is pending.
  /// - Parameters:
  ///   - unseen: The numbers of entries that its writer had not seen.
  ///   - body: To be shown instead of the entry's own.
  package static func markdown(
    _ entry: Entry, number: Int?, unseen: [Int] = [], body: String? = nil
  ) -> String {
    var facts = [entry.agent.description, entry.time.description]
    facts += [entry.role?.text, entry.type?.text].compactMap { $0 }
    if let ball = entry.ball { facts.append("ball to \(ball)") }
    if let status = entry.status { facts.append("status \(status)") }
    let title = entry.title.map { " \($0)" } ?? ""
    var line = facts.joined(separator: " | ").onOneLine
    if !unseen.isEmpty {
      let more = unseen.count > 5 ? " and \(unseen.count - 5) more" : ""
      let names = unseen.prefix(5).map { "[\($0)]" }.joined(separator: ", ")
      line += "\nwritten without having seen \(names)\(more)"
    }
    let body = body ?? entry.body.string
    let name = number.map { "\($0)" } ?? "pending"
    return "## [\(name)]\(title.onOneLine)\n\n\(line)\n"
      + (body.isEmpty ? "" : "\n\(body)\n")
  }
}
