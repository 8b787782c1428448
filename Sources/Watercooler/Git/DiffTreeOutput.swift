/// One path that differs between two trees.
struct ChangedPath: Equatable {
  /// Whether it is a plain file wherever it is there, and can be named here: what is no UTF-8 is git's
  /// alone to write.
  let isFile: Bool
  /// The blob before; nil for a new file.
  let old: String?
  /// The blob after; nil for a removed one.
  let new: String?
  let path: String
}

/// The output of `git diff-tree --stdin -r -z --raw` for two trees.
///
/// An empty answer would say that nothing differs, and what was fetched would be taken for somebody's
/// edit. So git is asked a second question, whose answer is known and ends the first one.
struct DiffTreeOutput {
  let changes: [ChangedPath]

  /// The input of git: both trees, then one of them with itself.
  static func input(from: String, to target: String) -> [UInt8] {
    Array("\(from) \(target)\n\(target) \(target)\n".utf8)
  }

  init(_ output: [UInt8], from: String, to target: String) throws(GitError) {
    let doing = "comparing two commits"
    // The line that repeats the question has an end of line, the fields have NULs.
    let (head, tail) = (Array("\(from) \(target)\n".utf8), Array("\(target) \(target)\n".utf8))
    guard output.starts(with: head), output.count >= head.count + tail.count,
      output.suffix(tail.count).elementsEqual(tail)
    else { throw .unexpected(doing, "the list of changes is cut off") }
    let fields = try GitOutput.fields(
      Array(output.dropFirst(head.count).dropLast(tail.count)), doing)
    guard fields.count.isMultiple(of: 2) else {
      throw .unexpected(doing, "the list of changes is cut off")
    }
    var changes: [ChangedPath] = []
    for start in stride(from: 0, to: fields.count, by: 2) {
      guard let change = ChangedPath(fields[start], path: fields[start + 1]) else {
        throw .unexpected(doing, "'\(fields[start].prefix(60))' tells of no change")
      }
      changes.append(change)
    }
    self.changes = changes
  }
}

extension ChangedPath {
  /// - Parameter raw: `:OLDMODE NEWMODE OLD NEW STATUS`.
  fileprivate init?(_ raw: String, path: String) {
    let words = raw.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 5, words[0].hasPrefix(":"), words[2].isObjectName, words[3].isObjectName
    else { return nil }
    let modes = [String(words[0].dropFirst()), words[1]].filter { $0 != "000000" }
    self.init(
      // U+FFFD stands for bytes that are no UTF-8.
      isFile: modes.allSatisfy { $0.hasPrefix("100") } && !path.contains("\u{FFFD}"),
      old: words[0] == ":000000" ? nil : words[2], new: words[1] == "000000" ? nil : words[3],
      path: path)
  }
}
