/// A thread, or a part of it, for a person at a terminal: a bar for each entry, and its body below. Nothing but a bar
/// begins in the first column of an entry, so that no body can look like another one.
package struct ThreadScreen {
  private let view: ThreadView
  private let width: Int

  /// The longest line that is easy to read, in columns, however wide the terminal is.
  private static let mostComfortable = 100

  /// Before the lines below a bar.
  private static let indentation = "  "

  /// - Parameter width: The terminal's, in columns.
  package init(_ reading: ThreadReading, width: Int) {
    view = ThreadView(reading)
    self.width = max(20, min(width, Self.mostComfortable))
  }

  package var text: StyledText {
    view.reading.range.reduce(heading) { $0 + StyledText("\n") + entry($1) }
  }

  /// The title, and where the thread stands.
  package var heading: StyledText {
    var lines = [view.topicAndTitle(.bold), StyledText(view.standing, .dim)]
    if let problem = view.problem {
      lines.append(StyledText("Damaged, shown as far as it can be read: \(problem)", .warning))
    }
    return lines.lines
  }

  /// One entry of the thread.
  package func entry(_ index: Int) -> StyledText {
    let parts = view.parts(of: index)
    var lines = [StyledText(parts.facts, .dim)]
    if let unseen = parts.unseen { lines.append(StyledText(unseen, .warning)) }
    if !parts.body.isEmpty {
      lines.append(StyledText())
      lines += MarkdownScreen(parts.body, width: width - Self.indentation.count).lines
    }
    let below = lines.map { $0.isEmpty ? $0 : StyledText(Self.indentation) + $0 }
    return ([bar(parts)] + below).lines
  }

  private func bar(_ parts: EntryParts) -> StyledText {
    var bar = StyledText("── ", .dim)
    bar.append("[\(parts.name)]", parts.isPending ? .warning : .heading)
    let title = (parts.title.isEmpty ? "" : " " + parts.title).truncated(
      to: width - 5 - parts.name.displayWidth)
    bar.append(title, .bold)
    let left = width - bar.text.displayWidth - 1
    if left > 0 { bar.append(" " + String(repeating: "─", count: left), .dim) }
    return bar
  }
}

extension ThreadView {
  /// The heading of a thread at a terminal, which begins with its topic: a title may look like anything.
  func topicAndTitle(_ look: StyledText.Look) -> StyledText {
    StyledText("\(reading.topic): ", .dim) + StyledText(title, look)
  }
}
