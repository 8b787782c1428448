internal import MCP
internal import Platform

extension Toolbox {
  /// For how long what cannot be watched is left alone.
  private static let pause = Duration.seconds(1)

  /// Watches the threads until it is called off: those here, and through them what others push.
  ///
  /// The threads may not be there yet, git's configuration may not be readable for a while, and `wc init`
  /// may put them elsewhere. When they can be watched again, all may have changed.
  func watch(
    _ cancellation: Cancellation, isReady: @escaping @Sendable () -> Void,
    changed: @escaping @Sendable (ResourceChange) -> Void
  ) {
    let never = Deadline.after(.seconds(1e9), cancellation: cancellation)
    let calledOff = Monitor(false)
    cancellation.withHandler({ calledOff.withLock { $0 = true } }) {
      var isFirst = true
      repeat {
        watchThreads(until: never) {
          if !isFirst { changed(.everything) }
          isReady()
        } changed: {
          changed($0)
        }
        isFirst = false
        // A client that cannot be told what will change is told later that all may have.
        isReady()
      } while calledOff.wait(until: .now + Self.pause) { $0 ? true : nil } == nil
    }
  }

  /// Watches the threads where they are now; returns when they are elsewhere, or cannot be watched.
  private func watchThreads(
    until deadline: Deadline, begins: () -> Void, changed: (ResourceChange) -> Void
  ) {
    // The calls say why not.
    guard let workspace = try? Workspace(configuration, host: .server),
      let poll = try? workspace.pollInterval()
    else { return }
    var threads = ThreadsWatch(workspace)
    begins()
    _ = try? workspace.watch(&threads, pace: .watching(poll: poll), until: deadline) { look in
      if !look.news.isEmpty { changed(change(of: look.news)) }
      let now = try? Workspace(configuration, host: .server)
      return now.map { $0.directory != workspace.directory } ?? false
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

  /// The entries that are new and were not written through this very server, as events of the channel.
  private func announcements(_ news: ThreadNews) -> [ResourceChange.Announcement] {
    guard let written, let entries = news.thread?.entries else { return [] }
    return news.added.filter { index in entries[index].id.map { !written.contains($0) } ?? true }
      .map { ClaudeChannel.event(entries[$0], number: $0, in: news.topic) }
  }
}

extension ThreadNews {
  fileprivate func touches(entry number: Int) -> Bool {
    isGone || changed.contains(number)
  }
}
