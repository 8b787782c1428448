internal import Platform

/// The threads for a person at a terminal: a table that fits its width, grouped by whose turn it is.
package struct ListTable {
  private let view: ListView
  private let width: Int
  private let now: Timestamp

  /// - Parameter width: The terminal's, in columns.
  package init(_ threads: [ThreadSummary], width: Int, now: Timestamp = .now) {
    view = ListView(threads)
    self.width = max(20, width)
    self.now = now
  }

  package var text: StyledText {
    if view.threads.isEmpty { return StyledText("No threads.\n", .dim) }
    let columns = Columns(view.threads, width: width, now: now)
    return view.groups.enumerated().flatMap { index, group in
      let head = StyledText(group.name, group.isYours ? .yours : .heading)
      return (index > 0 ? [StyledText()] : []) + [head]
        + group.threads.flatMap { row($0, columns) }
    }.lines
  }

  private func row(_ thread: ThreadSummary, _ columns: Columns) -> [StyledText] {
    var line = StyledText("  ")
    line.append(thread.topic.name.fitted(to: columns.topic), thread.isNew ? .bold : .plain)
    for (text, width, look) in [
      (thread.title.onOneLine, columns.title, .plain),
      (thread.ball?.description.onOneLine ?? "nobody", columns.ball, .plain),
      (thread.status.onOneLine, columns.status, .dim),
    ] as [(String, Int, StyledText.Look)] where width > 0 {
      line.append("  ")
      line.append(text.fitted(to: width), look)
    }
    let age = thread.updated?.age(at: now) ?? "never"
    line.append("  " + String(repeating: " ", count: columns.age - age.displayWidth))
    line.append(age, .dim)
    guard let problem = thread.problem?.split(separator: "\n").first else { return [line] }
    let words = "    damaged: \(String(problem).onOneLine)"
    return [line, StyledText(words.truncated(to: width), .warning)]
  }
}

/// The width of each column of the table, in columns of the terminal; 0 for one that there is no room for.
private struct Columns {
  var topic: Int
  var title = 0
  var ball = 0
  var status = 0
  let age: Int

  init(_ threads: [ThreadSummary], width: Int, now: Timestamp) {
    func widest(_ texts: [String], atMost most: Int) -> Int {
      min(most, texts.map(\.displayWidth).max() ?? 0)
    }
    age = widest(threads.map { $0.updated?.age(at: now) ?? "never" }, atMost: 12)
    // The columns that are left after the margin, the age and the space before it.
    let room = width - 2 - age - 2
    topic = min(widest(threads.map(\.topic.name), atMost: 40), room)
    var left = room - topic
    // By what is missed most; each has two spaces before it.
    let wanted: [(WritableKeyPath<Columns, Int>, [String], Int)] = [
      (\.ball, threads.map { $0.ball?.description.onOneLine ?? "nobody" }, 22),
      (\.status, threads.map(\.status.onOneLine), 12),
    ]
    for (column, texts, most) in wanted {
      let columnWidth = widest(texts, atMost: most)
      if columnWidth + 2 > left { break }
      self[keyPath: column] = columnWidth
      left -= columnWidth + 2
    }
    let titles = widest(threads.map(\.title.onOneLine), atMost: left - 2)
    // A few letters of a title tell nothing.
    if titles >= min(12, widest(threads.map(\.title.onOneLine), atMost: .max)) { title = titles }
  }
}

extension Timestamp {
  /// How long ago it was, for a person: `now`, `12 min`, `5 h`, `3 d`, then the day.
  package func age(at now: Timestamp) -> String {
    switch now.seconds - seconds {
    case ..<(-60): String(description.prefix(10))
    case ..<60: "now"
    case let age where age < 3600: "\(age / 60) min"
    case let age where age < 86_400: "\(age / 3600) h"
    case let age where age < 14 * 86_400: "\(age / 86_400) d"
    default: String(description.prefix(10))
    }
  }
}
