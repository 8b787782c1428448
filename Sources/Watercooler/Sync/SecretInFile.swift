internal import Platform

/// A thread's file, which the branch has not yet, holds what looks like a secret: nothing is written to the thread.
struct SecretInFile: ExplainedError, Equatable {
  let topic: Topic
  let secret: SecretScan

  var message: String {
    "line \(secret.line) of \(topic.fileName) has \(secret.words); nothing was written"
  }
  var hint: String? { "take it out of the file: all of it would be shared" }
  var code: String? { "secret" }
}
