package import Platform

/// A list of threads, as JSON, as tab-separated lines, and as the two indexes.
package struct ListView {
  package let threads: [ThreadSummary]

  package init(_ threads: [ThreadSummary]) { self.threads = threads }

  package var json: JSON { .array(threads.map(Self.json)) }

  /// One thread as an element of the list.
  package static func json(_ thread: ThreadSummary) -> JSON {
    [
      "topic": .string(thread.topic.name),
      "title": .string(thread.title),
      "status": .string(thread.status),
      "ball": JSON(thread.ball?.description),
      "updated": JSON(thread.updated?.description),
      "entry_count": JSON(thread.entryCount),
      "last_agent": JSON(thread.lastAgent?.description),
      "your_turn": .bool(thread.isYourTurn),
      "new": .bool(thread.isNew),
      "closed": .bool(thread.isClosed),
      "path": .string(thread.path),
      "problem": JSON(thread.problem),
    ]
  }

  /// A line per thread of exactly six columns: updated, status, ball, `NEW` or nothing, title, path.
  package var tabSeparated: String {
    threads.map { thread in
      (Self.cells(thread) + [thread.path.onOneLine]).joined(separator: "\t") + "\n"
    }.joined()
  }

  /// Updated, status, ball, `NEW` or nothing, title.
  private static func cells(_ thread: ThreadSummary) -> [String] {
    [
      thread.updated?.description ?? "", thread.status.lowercased(),
      thread.ball?.description ?? "unknown", thread.isNew ? "NEW" : "", thread.title,
    ].map(\.onOneLine)
  }

  /// Threads under one heading.
  struct Group {
    let name: String
    let isYours: Bool
    let threads: [ThreadSummary]
  }

  /// Whose turn it is; none is empty.
  var groups: [Group] {
    let tests: [(String, (ThreadSummary) -> Bool)] = [
      ("Your turn", { $0.isYourTurn }),
      ("New", { !$0.isYourTurn && $0.isNew }),
      ("Waiting on others", { !$0.isYourTurn && !$0.isNew && !$0.isClosed }),
      ("Closed", \.isClosed),
    ]
    return tests.enumerated().map { index, test in
      Group(name: test.0, isYours: index == 0, threads: threads.filter(test.1))
    }.filter { !$0.threads.isEmpty }
  }

  /// For an agent: your turn, new for you, waiting on others, closed.
  package var markdown: String {
    let parts = groups.map { group in
      let rows = group.threads.map { thread in
        let facts = [
          thread.title, thread.status, "ball: \(thread.ball?.description ?? "nobody")",
          ThreadView.entryCount(thread.entryCount),
          "updated \(thread.updated?.description ?? "never")",
        ]
        // The lines that follow show the place in the file.
        let problem = thread.problem?.split(separator: "\n").first.map { "damaged: \($0)" }
        return "- \(thread.topic): \((facts + [problem].compactMap { $0 }).facts)"
      }
      return "## \(group.name)\n\n\(rows.joined(separator: "\n"))\n"
    }
    return parts.isEmpty ? "No threads.\n" : parts.joined(separator: "\n")
  }

  /// The index that `reindex` makes: a Markdown table with every thread's file.
  package var index: String {
    var text = "# Watercooler Index\n\nUpdated | Status | Ball | NEW | Title | Path\n"
    text += "---|---|---|---|---|---\n"
    return text + threads.map(Self.indexRow).joined()
  }

  /// A thread's line in the index.
  static func indexRow(_ thread: ThreadSummary) -> String {
    let cells = Self.cells(thread) + [thread.topic.fileName]
    return cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + "\n"
  }

  /// The index as a page.
  package var html: String {
    let rows = threads.map { thread -> String in
      let file = Self.escaped(thread.topic.fileName)
      let texts = Self.cells(thread).map { "<td>\(Self.escaped($0))</td>" }.joined()
      return "  <tr>\(texts)<td><a href=\"\(file)\">\(file)</a></td></tr>"
    }
    return """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Watercooler</title>
      <style>
      body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; }
      table { border-collapse: collapse; width: 100%; }
      th, td { border-bottom: 1px solid #ccc; padding: .4rem .6rem; text-align: left; }
      </style>
      <h1>Watercooler</h1>
      <table>
        <tr><th>Updated<th>Status<th>Ball<th>New<th>Title<th>Thread</tr>
      \(rows.joined(separator: "\n"))
      </table>
      </html>

      """
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
