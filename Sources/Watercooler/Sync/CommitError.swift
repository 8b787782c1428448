internal import Platform

/// A write that was not accepted, or was taken back: nothing is written.
package struct CommitError: ExplainedError {
  package let message: String
  package let hint: String?

  private init(message: String, hint: String?) { (self.message, self.hint) = (message, hint) }

  /// Somebody dropped from the outbox what was about to be sent.
  static let takenBack = CommitError(
    message: "not written: it was taken back with '\(programName) outbox drop' before it was sent",
    hint: "say it again, if that was not meant")

  /// It was not accepted.
  init(_ cause: any Error) {
    let cause = explained(cause)
    self.init(
      message: "nothing was written: \(cause.message)",
      hint: cause.hint ?? "run '\(programName) doctor', which looks for what is in the way")
  }
}

/// A commit that git could not sign: what was accepted waits for it.
package struct UnsignedCommit: ExplainedError {
  let cause: GitError
  /// The root of the work tree.
  let root: String

  package var message: String { "git could not sign the commit: \(cause.message)" }
  package var hint: String? {
    "unlock the key, as nothing here can ask for its passphrase; or sign nothing here: "
      + "git -C \(SSHCommand.quoted(root)) config commit.gpgsign false"
  }
}

extension OnClone {
  /// The error of a commit that git could not make: where commits are signed, that is mostly why.
  func uncommitted(_ error: GitError) -> any ExplainedError {
    let isOfKey = settings.isSigning && (!error.isPassing || error.interruption != nil)
    return isOfKey ? UnsignedCommit(cause: error, root: clone.root) : error
  }
}

/// The records that somebody took back, for whoever wrote them and waits for them to be sent. The file has the name
/// and the lines of earlier versions, which look there too.
struct TakenBack: Sendable {
  fileprivate let note: NoteFile

  func add(_ id: EntryID) throws {
    let error = CommitError.takenBack
    // The note is bounded: a writer that has not looked after hundreds of others has gone.
    try note.log(Array("\(id)\u{1F}\(error.message)\u{1F}\(error.hint ?? "")\n".utf8))
  }

  /// An entry that is written anew was not taken back yet.
  func forget(_ id: EntryID) throws {
    let bytes = try note.bytes
    let others = bytes.split(separator: .lineFeed).filter { !Self.is($0, of: id) }
    let left = others.flatMap { $0 + [.lineFeed] }
    if left.count < bytes.count { try note.write(left) }
  }

  func has(_ id: EntryID) throws -> Bool {
    try note.bytes.split(separator: .lineFeed).contains { Self.is($0, of: id) }
  }

  private static func `is`(_ line: Bytes, of id: EntryID) -> Bool {
    line.starts(with: id.description.utf8)
  }
}

extension Clone {
  var takenBack: TakenBack { TakenBack(note: note(.failures)) }
}
