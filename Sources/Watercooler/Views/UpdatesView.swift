package import Platform

/// Updates as JSON and as Markdown: all of them, or as much as fits into a reply.
package struct UpdatesView {
  /// The updates with only those entries that are shown whole, and so count as seen.
  package let shown: Updates
  private let parts: [Part]
  private let isReply: Bool

  /// The part of a thread that is shown.
  private struct Part {
    var thread: ThreadUpdates
    /// The start of the entry after the whole ones, where that is too long to wait for room.
    var cut: String?
  }

  /// For a person or a script: all that is to be shown.
  package init(_ updates: Updates) {
    (shown, isReply) = (updates, false)
    parts = updates.threads.map { Part(thread: $0) }
  }

  /// For an agent: as much as a reply holds. What does not fit is counted, and not seen.
  /// - Parameter size: How long the reply may be, in UTF-16 units.
  package init(_ updates: Updates, size: Int) {
    isReply = true
    var room = ReplyRoom(size, around: Self.frame([], updates))
    var (parts, begun) = ([Part](), [EntryName.Number]())
    for thread in updates.threads {
      guard room.fitting([thread], as: { Self.json(Part(thread: $0.showing(0))) }) == 1 else {
        break
      }
      var part = Part(thread: thread)
      // Each is inside a list inside a list.
      let count = room.fitting(thread.shown) { ["": Self.json($0, in: thread)] }
      part.thread = thread.showing(count)
      let next = thread.shown.dropFirst(count).first
      // One that takes so much by itself is never waited for.
      if let next, ReplyRoom.units(of: Self.json(next, in: thread)) > size / 2, room.left > 600 {
        part.cut = ReplyRoom.start(
          of: thread.reading.thread.entries[next].body.string, units: min(1000, room.left - 400))
        _ = room.fitting([next]) { ["": Self.json($0, in: thread, body: part.cut)] }
        begun.append(thread.reading.thread.entries[next].name.number)
      }
      if count > 0 || part.cut != nil || thread.new.isEmpty { parts.append(part) }
      if next != nil, part.cut == nil { break }
    }
    self.parts = parts
    var shown = updates
    shown.threads = parts.map(\.thread)
    shown.begun = begun
    self.shown = shown
  }

  // MARK: - JSON

  package var json: JSON { Self.frame(parts.map(Self.json), shown) }

  private static func frame(_ threads: [JSON], _ updates: Updates) -> JSON {
    [
      "threads": .array(threads), "count": JSON(updates.count), "total": JSON(updates.total),
      "next_cursor": JSON(updates.nextCursor), "next_cursor_note": JSON(updates.cursorNote),
      "unread": UnreadView(updates.unread).json, "removed": RemovedView(updates.removed).json,
    ]
  }

  private static func json(_ part: Part) -> JSON {
    let thread = part.thread.reading.thread
    var entries = part.thread.shown.map { json($0, in: part.thread) }
    if let cut = part.cut, let index = part.thread.next,
      case .object(let members) = json(index, in: part.thread, body: cut)
    {
      entries.append(.object(members + [JSON.Member("truncated", true)]))
    }
    return [
      "topic": .string(part.thread.reading.topic.name),
      "title": .string(thread.title ?? part.thread.reading.topic.name),
      "status": .string(thread.status), "ball": JSON(thread.ball?.description),
      "your_turn": .bool(part.thread.isYourTurn), "entry_count": JSON(thread.entries.count),
      "new_count": JSON(part.thread.new.count), "entries": .array(entries),
    ]
  }

  private static func json(_ index: Int, in thread: ThreadUpdates, body: String? = nil) -> JSON {
    ThreadView(thread.reading).json(of: index, body: body)
  }

  // MARK: - Markdown

  /// For reading: thread by thread, where it stands, then its new entries.
  package var markdown: String {
    if parts.isEmpty, shown.total == 0 {
      return (shown.unread.isEmpty ? "Nothing new.\n" : "Nothing new in what can be read.\n")
        + notes
    }
    var text = ""
    if isReply, shown.count > 0 || parts.contains(where: { $0.cut != nil }) {
      text += "\(ForeignWords.notice)\n\n"
    }
    text += parts.map(markdown).joined(separator: "\n")
    let more = shown.total - shown.count - parts.count { $0.cut != nil }
    if more > 0 {
      text += "\n\(more) more \(more == 1 ? "entry is" : "entries are") not shown: ask again\n"
    }
    return text + (notes.isEmpty ? "" : "\n" + notes)
  }

  /// Lines: what is not there any more, what could not be read, and the note on the cursor.
  var notes: String {
    var lines = [RemovedView(shown.removed).text, UnreadView(shown.unread).text]
    // Of what is not shown it is said already.
    if shown.count == shown.total { lines.append(shown.cursorNote.map { "Cursor: \($0)" }) }
    return lines.compactMap { $0.map { $0 + "\n" } }.joined()
  }

  private func markdown(_ part: Part) -> String {
    let thread = part.thread
    let (reading, view) = (thread.reading, ThreadView(thread.reading))
    var text = "# \(view.title)\n\n\(thread.standing)\n"
    for index in thread.shown {
      text += "\n" + view.markdown(of: index)
    }
    if let cut = part.cut, let index = thread.next {
      text +=
        "\n" + view.markdown(of: index, body: cut)
        + "\n[cut: read the whole of it in '\(reading.topic)', from_entry=\(index), "
        + "max_chars=\(ReplyRoom.units(of: view.json(of: index)) + 2_000)]\n"
    }
    return text
  }
}

// MARK: - At a terminal

extension UpdatesView {
  /// For a person at a terminal: the same with the look of `ThreadScreen`.
  package func screen(width: Int) -> StyledText {
    if shown.threads.isEmpty, shown.total == 0 {
      let words = shown.unread.isEmpty ? "Nothing new.\n" : "Nothing new in what can be read.\n"
      return StyledText(words, .dim) + StyledText(notes, .warning)
    }
    var text = StyledText()
    for thread in shown.threads {
      let screen = ThreadScreen(thread.reading, width: width)
      if !text.isEmpty { text.append("\n") }
      text += ThreadView(thread.reading).topicAndTitle(thread.isYourTurn ? .yours : .bold)
      text.append("\n")
      text.append(thread.standing + "\n", .dim)
      for index in thread.shown { text += StyledText("\n") + screen.entry(index) }
    }
    if shown.total > shown.count {
      text.append("\n\(shown.total - shown.count) more not shown: ask again\n", .dim)
    }
    if !notes.isEmpty { text.append("\n" + notes, .warning) }
    return text
  }
}

extension ThreadUpdates {
  /// The thread, where it stands, and how much of it is new, in a line.
  fileprivate var standing: String {
    let thread = reading.thread
    let facts =
      [
        "\(reading.topic)", "Status: \(thread.status)",
        "Ball: \(thread.ball?.description ?? "nobody")",
        ThreadView.entryCount(thread.entries.count),
        new.isEmpty ? "nothing new" : "\(new.count) new",
      ] + (isYourTurn ? ["your turn"] : [])
    return facts.facts
  }

  /// The entry after those that are shown.
  fileprivate var next: Int? { new.dropFirst(shownCount).first }

  fileprivate func showing(_ count: Int) -> ThreadUpdates {
    var updates = self
    updates.shownCount = count
    return updates
  }
}
