package import Platform

extension SearchHit {
  /// The hit with the start of its line, as much as takes so many UTF-16 units in JSON.
  package func cut(to units: Int) -> SearchHit {
    SearchHit(
      topic: topic, path: path, line: line, text: ReplyRoom.start(of: text, units: units),
      entry: entry, agent: agent)
  }

  /// For a person at a terminal: the thread, and the line of its file.
  package var styled: StyledText {
    StyledText(topic.name, .heading) + StyledText(":\(line): ", .dim) + StyledText(text)
  }

  package var json: JSON {
    [
      "topic": .string(topic.name), "entry": entry.map { JSON($0) } ?? .null,
      "agent": JSON(agent?.description), "line": JSON(line), "text": .string(text),
      "path": .string(path),
    ]
  }
}
