/// A thread that could not be read, or not to its end: what is in it is not known.
package struct UnreadThread: Sendable {
  package let topic: Topic
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
