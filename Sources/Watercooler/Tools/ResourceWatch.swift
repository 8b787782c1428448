extension Toolbox {
  /// Watches the threads until it is called off: those here, and through them what others push.
  func watch(
    _ cancellation: Cancellation, isReady: @escaping @Sendable () -> Void,
    changed: @escaping @Sendable (ResourceChange) -> Void
  ) {
    // Without a workspace there is nothing to watch; the calls say why.
    guard let workspace = try? Workspace(configuration, host: .server),
      let poll = try? workspace.pollInterval()
    else { return }
    var threads = ThreadsWatch(workspace)
    isReady()
    let never = Deadline.after(.seconds(1e9), cancellation: cancellation)
    _ = try? workspace.watch(&threads, pace: .watching(poll: poll), until: never) { look in
      if !look.news.isEmpty { changed(change(of: look.news)) }
      return false
    }
  }

  private func change(of news: [ThreadNews]) -> ResourceChange {
    ResourceChange(
      isListChanged: news.contains { $0.isNew || $0.isGone },
      announcements: news.flatMap(announcements)
    ) { uri in
      switch ThreadURI(uri) {
      case .index: true
      case .thread(let topic): news.contains { $0.topic.isSame(as: topic) }
      case .entry(let topic, let number):
        news.contains { $0.topic.isSame(as: topic) && $0.touches(entry: number) }
      case .instructions, nil: false
      }
    }
  }

  /// What is new and was not written through this very server.
  private func announcements(_ news: ThreadNews) -> [ResourceChange.Announcement] {
    guard let written, let entries = news.thread?.entries else { return [] }
    return news.added.filter { index in entries[index].id.map { !written.contains($0) } ?? true }
      .map { ClaudeChannel.event(entries[$0], number: $0, in: news.topic) }
  }
}

extension ThreadNews {
  fileprivate func touches(entry number: Int) -> Bool {
    isGone || added.contains(number)
  }
}
