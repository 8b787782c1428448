internal import MCP
internal import Platform

/// The events that Claude Code's channels take: a preview of that client, off unless it is asked for.
enum ClaudeChannel {
  static let capability = "claude/channel"
  private static let method = "notifications/claude/channel"

  /// A new entry, as an event of the channel.
  static func event(_ entry: Entry, number: Int?, in topic: Topic) -> ResourceChange.Announcement {
    let text = """
      New in the Watercooler thread '\(topic)'. \(ForeignWords.notice)

      \(ThreadView.markdown(entry, number: number))
      """
    // The keys of `meta` are letters, digits and underscores.
    let meta: JSON = [
      "topic": .string(topic.name), "agent": .string(entry.agent.description),
      "entry_id": .string(entry.id?.description ?? ""),
      "ball": .string(entry.ball?.description ?? ""),
    ]
    let start = ReplyRoom.start(of: text, units: ReplyRoom.standard)
    return (method, ["content": .string(start), "meta": meta])
  }
}
