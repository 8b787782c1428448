internal import Platform

/// A thread's file, which the branch has not yet, holds what looks like a secret: nothing is written to the thread.
struct SecretInFile: ExplainedError, Equatable {
  let topic: Topic
  let line: Int
  /// `a GitHub token`.
  let kind: String

  var message: String {
    "line \(line) of \(topic.fileName) has what looks like \(kind); nothing was written"
  }
  var hint: String? { "take it out of the file: all of it would be shared" }
  var code: String? { "secret" }
}
