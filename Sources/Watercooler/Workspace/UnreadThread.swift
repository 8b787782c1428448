internal import Platform

/// A thread that could not be read, or not to its end: what is in it is not known.
package struct UnreadThread: Sendable {
  package let topic: Topic
  /// The thread's file, an absolute path, which need not be there.
  package let path: String
  /// Why, and where in the file.
  package let problem: String
}

extension ThreadStore.Listed {
  /// Nil for a thread that was read to its end.
  var unread: UnreadThread? {
    switch content {
    case .unreadable(let error):
      UnreadThread(topic: topic, path: path, problem: error.description)
    case .thread(let thread):
      thread.problems.first.map {
        UnreadThread(topic: topic, path: path, problem: $0.description(file: topic.fileName))
      }
    }
  }
}

extension Workspace {
  /// The threads in whose files something is missing that the branch has or that was known, with no sign of
  /// it in the files.
  /// - Parameter existing: The topics that have a file; gets those, too, that only the branch has.
  /// - Throws: `GitError`: then it is not known.
  func hidden(
    _ listed: ListedThreads, isAll: Bool, from start: UpdatesStart, _ existing: inout [Topic]?
  ) throws -> [UnreadThread] {
    func unread(_ topic: Topic, _ problem: String) -> UnreadThread {
      UnreadThread(topic: topic, path: store.path(of: topic), problem: problem)
    }
    let found = Set(listed.threads.map(\.topic) + listed.unread.map(\.topic))
    var hidden: [UnreadThread] = []
    let sync = try existingSync()
    guard isAll, let files = existing else { return hidden }
    let known = start.known
    for topic in files where !found.contains(topic) && known.contains(SeenMarks.name(of: topic)) {
      do { _ = try store.readIfPresent(topic) } catch {
        hidden.append(unread(topic, explained(error).message))
      }
    }
    let names = Set(files.map(SeenMarks.name))
    if let sync, store.shown?.isAll != true, !known.subtracting(names).isEmpty {
      for topic in try sync.past.topics() where !names.contains(SeenMarks.name(of: topic)) {
        existing?.append(topic)
        hidden.append(unread(topic, "its file is not here, and the branch has it"))
      }
    }
    return hidden
  }
}
