package import Platform

/// An entry as JSON: in what is shown, and for programs that get one in a line.
extension ThreadReading {
  /// - Parameter body: Instead of the entry's own.
  package func json(of index: Int, body: String? = nil) -> JSON {
    thread.entries[index].json(
      number: number(of: index), unseen: unseen(byEntryAt: index), isOwn: isOwn(index), body: body)
  }

  /// One line: the members of an entry, after its topic.
  package func line(of index: Int) -> [UInt8] {
    let members = [JSON.Member("version", 1), JSON.Member("topic", .string(topic.name))]
    return JSON.object(members + (json(of: index).object ?? [])).serialized() + [.lineFeed]
  }
}

extension Entry {
  /// - Parameters:
  ///   - unseen: The numbers of entries that its writer had not seen.
  ///   - isOwn: Whether it is in the reader's name.
  ///   - body: Instead of its own.
  func json(number: Int?, unseen: [Int], isOwn: Bool, body: String? = nil) -> JSON {
    [
      "number": number.map { JSON($0) } ?? .null,
      "entry_id": JSON(id?.description),
      "agent": .string(agent.description),
      "own": .bool(isOwn),
      "time": .string(time.description),
      "role": JSON(role?.text),
      "type": JSON(type?.text),
      "title": JSON(title?.text),
      "ball": JSON(ball?.description),
      "status": JSON(status?.text),
      "after": JSON(after?.description),
      "unseen": .array(unseen.map { JSON($0) }),
      "body": .string(body ?? self.body.string),
    ]
  }
}
