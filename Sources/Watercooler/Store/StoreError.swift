internal import Platform

/// Why a thread's file could not be found or used.
package enum StoreError: ExplainedError, Equatable {
  /// No such thread; the topics that may have been meant.
  case notFound(Topic, nearest: [String])
  /// Files whose names differ only in case: on another machine they would be one.
  case sameButForCase([String])
  /// A Markdown file that is none of ours.
  case notAThread(String)
  case notAFile(String)
  /// A file that is there, and could not be read.
  case unreadable(String, reason: String)
  /// A symbolic link to somewhere else.
  case outside(path: String, target: String)
  /// A symbolic link in a clone; the topic that it leads to, if it is to one.
  case link(path: String, target: String, topic: Topic?)
  case noDirectory(String)
  /// A threads directory that somebody moved, or began to share, after it was found.
  case moved(String)

  package var message: String {
    switch self {
    case .notFound(let topic, _): "thread '\(topic)' not found"
    case .sameButForCase(let names):
      "\(names.joined(separator: " and ")) differ only in case, and would be one thread elsewhere"
    case .notAThread(let path): "\(path) is not a thread, and left as it is"
    case .notAFile(let path): "\(path) is not a regular file"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .outside(let path, let target):
      "\(path) is a link to \(target), outside the threads directory"
    case .link(let path, let target, _):
      "\(path) is a link to \(target), and git would have only the link"
    case .noDirectory(let path): "there is no directory \(path)"
    case .moved(let path): "\(path) was moved or shared this moment; nothing was written"
    }
  }

  package var hint: String? {
    switch self {
    case .notFound(_, let nearest) where nearest.isEmpty:
      "'\(programName) list --all' shows every thread"
    case .notFound(_, let nearest):
      "did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    case .sameButForCase: "rename one of them"
    case .notAThread: "choose another topic, or move that file away"
    case .notAFile: "move it away"
    case .unreadable, .moved: "try again"
    case .link(_, _, let topic?): "write to topic '\(topic)'"
    case .outside, .link: "replace the link by the file itself"
    case .noDirectory: "make it with '\(programName) init', or name another one with --dir"
    }
  }
}
