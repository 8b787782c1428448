internal import Platform

/// A commit that failed: the entry was taken out again, and nothing is written.
package struct CommitError: ExplainedError {
  package let message: String
  package let hint: String?
  /// Whether it may have been written all the same.
  package let isUnknown: Bool

  init(message: String, hint: String?) {
    (self.message, self.hint, isUnknown) = (message, hint, false)
  }

  /// - Parameter what: What is not known, after the words that it is not.
  private init(unknown what: String) {
    message = "nobody knows yet whether it was written" + what
    (hint, isUnknown) = (Self.unknownHint, true)
  }

  /// The hint where nobody knows whether something was written. The writer of an entry is told its Entry-ID instead,
  /// by `UncertainEntry`.
  private static let unknownHint = "look at the thread before you try again"

  /// It is in no file, and git does not tell whether the branch has it.
  static let nowhere = CommitError(
    unknown: ": it is in no file here, and git cannot tell whether it is committed")

  /// Somebody dropped from the outbox what was about to be sent.
  static let takenBack = CommitError(
    message: "not written: it was taken back with 'wc outbox drop' before it was sent",
    hint: "say it again, if that was not meant")

  /// The file could not be put back as it was: the entry in it may go out as an edit.
  init(leaving cause: any Error) {
    self.init(
      unknown: ", as the file could not be put back: " + explained(cause).message)
  }

  /// Git ended otherwise than well, and nobody could ask it how far it had got: the entry stays in its file,
  /// and the next operation finds it there.
  init(undecided cause: any Error) {
    self.init(unknown: ": " + explained(cause).message)
  }

  /// It could not be noted down for whoever commits next, and was taken out again.
  init(unnoted cause: any Error) {
    let cause = explained(cause)
    self.init(message: "nothing was written: \(cause.message)", hint: cause.hint)
  }

  /// - Parameter signingRoot: Where git was to sign it; nil where nothing is signed.
  init(cause: GitError, signingRoot: String?) {
    if let signingRoot, !cause.isPassing || cause.interruption != nil {
      self.init(
        message: "nothing was written, as git could not sign the commit: \(cause.message)",
        hint: "unlock the key, as nothing here can ask for its passphrase; or sign nothing here: "
          + "git -C \(signingRoot) config commit.gpgsign false")
    } else {
      self.init(
        message: "nothing was written: \(cause.message)",
        hint: cause.hint ?? "run 'wc doctor', which looks for what is in the way")
    }
  }
}

/// Why entries that somebody else was to commit were not written: who waits for theirs looks here.
struct CommitFailures: Sendable {
  fileprivate let note: NoteFile

  func add(_ error: CommitError, of entries: [EntryID]) throws {
    let text = "\(error.message.onOneLine)\u{1F}\((error.hint ?? "").onOneLine)"
    let lines = entries.map { "\($0)\u{1F}\(text)\n" }.joined()
    // The note is bounded: a writer that has not looked after hundreds of others has gone.
    try note.log(Array(lines.utf8))
  }

  /// An entry that is written anew has not failed yet.
  func forget(_ id: EntryID) throws {
    let bytes = try note.bytes
    let name = Array(id.description.utf8)
    let others = bytes.split(separator: .lineFeed).filter { !$0.starts(with: name) }
    let left = others.flatMap { $0 + [.lineFeed] }
    if left.count < bytes.count { try note.write(left) }
  }

  func error(of id: EntryID) throws -> CommitError? {
    for line in try note.bytes.split(separator: .lineFeed).reversed() {
      let texts = line.split(separator: 0x1F, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      if texts.count == 3, texts[0] == id.description {
        return CommitError(message: texts[1], hint: texts[2].isEmpty ? nil : texts[2])
      }
    }
    return nil
  }
}

extension Clone {
  var failures: CommitFailures { CommitFailures(note: note(.failures)) }
}
