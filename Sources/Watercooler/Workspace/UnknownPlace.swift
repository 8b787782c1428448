package import Platform

/// A directory of which nobody can tell whether its threads are shared, as git could not be asked, or as
/// what lies there looks odd.
package struct UnknownPlace: ExplainedError {
  /// The work tree's root, an absolute path.
  package let root: String
  /// Why git could not be asked, or what is odd there.
  package let cause: any ExplainedError
  /// The reader's note of how the threads were shared; nil for none.
  private let mark: StoreMark?

  /// Whether it can have been nothing but a work tree of ours.
  var isOurs: Bool { mark != nil || root.hasSuffix("/" + ThreadsDirectory.name) }

  init(_ root: String, _ cause: any ExplainedError, _ configuration: Configuration) throws {
    (self.root, self.cause) = (root, cause)
    mark = try StoreMark(inFile: ThreadsDirectory.noteOfSharing(root, configuration))
  }

  package var message: String {
    "nothing can be said about the threads in \(root), a git work tree: \(cause.message)"
  }

  package var hint: String? {
    if cause is BrokenLink, !isOurs {
      return [cause.hint, "or name another place for threads with --dir"].compactMap { $0 }
        .joined(separator: "; ")
    }
    if cause is BrokenLink {
      let command = (mark ?? StoreMark(branch: "NAME")).command(at: root)
      return
        "to make a work tree for threads anew here: \(command); for threads of this machine, name "
        + "another place with --dir"
    }
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

/// A directory whose threads would be of this machine alone, or others than those that are meant, where
/// they were to be shared.
package enum UnsharedPlace: ExplainedError, Equatable {
  /// It is in a work tree of ours, and not where the threads are.
  case inside(String, threads: String)
  /// They were shared, and the work tree is not there any more. The file notes that; nil where the
  /// repository does.
  case gone(String, StoreMark, note: String?)
  /// The repository has its threads in a place that cannot be seen now.
  case away(String, repository: String)
  /// It is a copy of a work tree that is there, too: both would be one to git.
  case copy(String, of: String)
  /// The repository has several, and none beside the code.
  case several([String])
  /// The mark in this git directory does not say which branch the threads are on.
  case damagedMark(String)
  /// The work tree is of one branch, and another one is configured.
  case otherBranch(String, branch: String, configured: String)
  /// A link to a directory that is not there.
  case dangling(String)

  package var message: String {
    switch self {
    case .inside(let directory, _):
      "\(directory) is inside a clone of threads, and not where they are"
    case .gone(let directory, let mark, _):
      "the threads in \(directory) were shared" + (mark.url.map { " through \($0)" } ?? "")
        + ", and their clone is gone"
    case .away(let place, let repository):
      "the threads of \(repository) are in \(place), which is not there: was it moved, or not mounted?"
    case .copy(let root, let original):
      "\(root) is a copy of \(original), and git takes both for one work tree"
    case .several(let roots):
      "the repository has threads in several places: \(roots.joined(separator: ", "))"
    case .damagedMark(let own):
      "the mark \(own)/watercooler/store is damaged: it names no branch of threads"
    case .otherBranch(let root, let branch, let configured):
      "the threads in \(root) are on the branch '\(branch)', and '\(configured)' is configured"
    case .dangling(let path): "\(path) is a link, and what it leads to is not there"
    }
  }

  package var hint: String? {
    switch self {
    case .inside(let directory, let threads):
      "name \(SSHCommand.quoted(threads)) with --dir or WATERCOOLER_DIR, not \(directory)"
    case .gone(let directory, let mark, let note?):
      "to make it again: \(mark.command(at: directory)); "
        + "to keep threads on this machine alone from now on: rm \(SSHCommand.quoted(note))"
    case .gone(let directory, let mark, nil):
      "to make it again: \(mark.command(at: directory)) --import"
    case .away(let place, let repository):
      "bring it back; or, if it is gone for good: git -C \(SSHCommand.quoted(repository)) "
        + "worktree remove --force --force \(SSHCommand.quoted(place)), and \(programName) init --branch NAME again"
    case .copy(_, let original):
      "name \(SSHCommand.quoted(original)) with --dir or WATERCOOLER_DIR, or move the copy away"
    case .several: "name one of them with --dir or WATERCOOLER_DIR"
    case .damagedMark(let own):
      #"write it again: echo '{"version":1,"branch":"NAME"}' >"#
        + SSHCommand.quoted(own + "/watercooler/store")
    case .dangling: "bring it back (is a disk not mounted?), or remove the link"
    case .otherBranch:
      "unset WATERCOOLER_GIT_BRANCH, or name another place with --dir or WATERCOOLER_DIR"
    }
  }
}
