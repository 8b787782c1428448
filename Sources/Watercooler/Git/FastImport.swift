/// The stream from which `git fast-import` makes one commit, and its answer: one child makes blobs, trees and
/// commit, and reads no blob of the parent's.
struct FastImport {
  /// The modes of the files that are no ordinary ones, by path.
  var modes: [String: String] = [:]
  /// The branch that is moved to the commit, by its full name: git does so only if the commit contains what it
  /// names then. Nil for a commit that nothing names.
  var branch: String?

  static let ordinary = "100644"
  static let executable = "100755"

  /// How dates are written: as seconds and a time zone, or the word for this moment in this machine's zone.
  enum Dates: String {
    case raw = "raw-permissive"
    case now
  }

  /// A ref that never comes to be: the commit is made on it, and it is forgotten before the import ends.
  private static let nowhere = "refs/watercooler/candidate"

  /// The stream. It ends with `done`: of one that is cut off nothing is made.
  func stream(_ draft: CommitDraft, by committer: Committer, at time: Timestamp = .now) -> [UInt8] {
    var stream: [UInt8] = []
    func line(_ text: String) { stream += Array(text.utf8) + [.lineFeed] }
    func data(_ bytes: [UInt8]) {
      line("data \(bytes.count)")
      stream += bytes + [.lineFeed]
    }
    line("commit \(branch ?? Self.nowhere)")
    line("mark :1")
    if let author = draft.author {
      line("author \(Self.person(author.name, author.email)) \(author.date)")
    }
    let date = draft.author == nil ? Dates.now.rawValue : "\(time.seconds) +0000"
    line("committer \(Self.person(committer.name, committer.email)) \(date)")
    data(Array(draft.message.utf8))
    if let parent = draft.parent { line("from \(parent)") }
    if let tree = draft.tree { line("M 040000 \(tree) \"\"") }
    for (path, bytes) in draft.files.sorted(by: { $0.key < $1.key }) {
      // The answer tells the mode that it has so far.
      line("ls \(Self.quoted(path))")
      if let bytes {
        line("M \(modes[path] ?? Self.ordinary) inline \(Self.quoted(path))")
        data(bytes)
      } else {
        line("D \(Self.quoted(path))")
      }
    }
    if branch == nil { line("reset \(Self.nowhere)\n") }
    line("get-mark :1")
    line("done")
    return stream
  }

  /// A name and an address without what ends them in a commit.
  private static func person(_ name: String, _ email: String) -> String {
    func harmless(_ text: String) -> String {
      String(
        String.UnicodeScalarView(
          text.unicodeScalars.filter { !"<>\n\0".unicodeScalars.contains($0) }))
    }
    return "\(harmless(name)) <\(harmless(email))>"
  }

  /// A path in quotes, as any byte may be in it.
  private static func quoted(_ path: String) -> String {
    let escaped = path.unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\\", "\"": "\\\(scalar)"
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}

extension FastImport {
  /// The answer of an import.
  struct Made: Equatable {
    let commit: String
    /// The modes of the files that had another one before than they were made with, by path.
    let others: [String: String]

    /// - Throws: `GitError.unexpected` where an answer is missing, or one too many.
    init(
      _ output: [UInt8], _ draft: CommitDraft, assuming modes: [String: String], _ doing: String
    ) throws(GitError) {
      // `MODE TYPE OBJECT<tab>PATH`, or `missing PATH`, for each file; then the commit.
      let lines = output.split(separator: .lineFeed, omittingEmptySubsequences: false)
      let paths = draft.files.keys.sorted()
      guard lines.count == paths.count + 2, let last = lines.last, last.isEmpty else {
        throw .unexpected(doing, "there is not one answer for each file")
      }
      commit = try GitOutput.objectName(text: lines[paths.count].string, doing)
      var others: [String: String] = [:]
      for (path, answer) in zip(paths, lines) where draft.files[path] != .some(nil) {
        let before = answer.prefix { $0 != UInt8(ascii: " ") }.string
        let isFile = [ordinary, executable].contains(before)
        if isFile, before != modes[path] ?? ordinary { others[path] = before }
        // A new one is no program.
        if !isFile, modes[path] == executable { others[path] = ordinary }
      }
      self.others = others
    }
  }
}
