package import Platform

/// Threads that could not be read, as JSON and in words.
package struct UnreadView {
  private let threads: ArraySlice<UnreadThread>
  private let moreCount: Int

  /// As many as leave room for something else in a reply.
  private static let most = 50

  /// Shows the first of the threads, as many as a reply has room for; the words count the others.
  package init(_ threads: [UnreadThread]) {
    self.threads = threads.prefix(Self.most)
    moreCount = threads.count - self.threads.count
  }

  package var json: JSON {
    .array(
      threads.map {
        [
          "topic": .string($0.topic.name), "path": .string($0.path),
          "problem": .string($0.problem),
        ]
      })
  }

  /// A line for each; nil if all was read.
  package var text: String? {
    if threads.isEmpty { return nil }
    let lines = threads.map { thread in
      // The lines that follow show the place in the file.
      let problem = thread.problem.split(separator: "\n").first ?? ""
      return "Not read, or not to its end: \(thread.topic): \(problem)".onOneLine
    }
    return (lines + (moreCount > 0 ? ["Not read: \(moreCount) more threads"] : []))
      .joined(separator: "\n")
  }
}
