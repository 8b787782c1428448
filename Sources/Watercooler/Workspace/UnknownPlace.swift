/// A directory of which nobody can tell whether its threads are shared, as git could not be asked, or as
/// what lies there looks odd.
package struct UnknownPlace: ExplainedError {
  package let root: String
  package let cause: any ExplainedError
  /// How they were shared, if that was noted for the reader.
  private let mark: StoreMark?

  init(_ root: String, _ cause: any ExplainedError, _ configuration: Configuration) throws {
    (self.root, self.cause) = (root, cause)
    mark = try StoreMark(inFile: ThreadsDirectory.noteOfSharing(root, configuration))
  }

  package var message: String {
    "nothing can be said about the threads in \(root), a git work tree: \(cause.message)"
  }

  package var hint: String? {
    guard case .failed(_, let result)? = cause as? GitError else { return cause.hint }
    let words = String(decoding: result.stderr, as: UTF8.self)
    if words.contains("dubious ownership") {
      return "it belongs to another user: work as that one, or tell git to trust it as it says"
    }
    if words.contains("bad config") { return "mend that line of git's configuration" }
    if words.contains("not a git repository") {
      return "its .git is damaged: put it back, or make it anew: "
        + (mark ?? StoreMark(url: "URL")).renewal(of: root)
    }
    return "see what git says, and try again"
  }
}

/// A directory whose threads would be of this machine alone, where they were meant to be shared.
package enum UnsharedPlace: ExplainedError, Equatable {
  /// It is in a work tree of ours, and not where the threads are.
  case inside(String, threads: String)
  /// They were shared, and the work tree is not there any more. The file notes that; nil where the
  /// repository's configuration does.
  case gone(String, StoreMark, note: String?)

  package var message: String {
    switch self {
    case .inside(let directory, _):
      "\(directory) is inside a clone of threads, and not where they are"
    case .gone(let directory, let mark, _):
      "the threads in \(directory) were shared"
        + (mark.url.map { " through \(Redaction.redact($0))" } ?? "")
        + ", and their clone is gone"
    }
  }

  package var hint: String? {
    switch self {
    case .inside(_, let threads): "name \(SSHCommand.quoted(threads)) with --dir or WATERCOOLER_DIR"
    case .gone(let directory, let mark, let note):
      "'\(mark.command(at: directory))' makes it again; "
        + "to keep threads on this machine alone from now on: "
        + (note.map { "rm \(SSHCommand.quoted($0))" }
          ?? "git config --unset \(StoreMark.threadsKey)")
    }
  }
}
