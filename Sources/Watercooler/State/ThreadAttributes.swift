internal import Platform

/// The attributes of thread files, as git is told them in a clone of ours, outside the tracked tree.
enum ThreadAttributes {
  /// Bytes, merged by us.
  static let line = "merge=watercooler -text -filter -ident -working-tree-encoding"

  /// A pattern as git reads it from a file of attributes: a space would end it.
  private static func quoted(_ pattern: String) -> String {
    let escaped =
      pattern.dropLast(4).map { "[]?*\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "*.md"
    if !escaped.contains(where: { $0.isWhitespace || $0 == "\"" || $0 == "\\" }) { return escaped }
    let inside = escaped.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(inside)\""
  }

  /// The line of a file of attributes.
  static func text(path: String) -> [UInt8] {
    Array("\(quoted(path.isEmpty ? "/*.md" : "/\(path)/*.md")) \(line)\n".utf8)
  }

  /// Adds the line to what somebody's clone has, unless it is there.
  static func add(gitDirectory: String, path: String) throws {
    let info = gitDirectory + "/info"
    let found = try AtomicFile.readIfPresent(info + "/attributes") ?? []
    if found[...].string.contains("merge=watercooler") { return }
    try Directory.make(info)
    let end: [UInt8] = found.isEmpty || found.last == .lineFeed ? [] : [.lineFeed]
    try AtomicFile.replace("attributes", in: info, with: found + end + text(path: path))
  }

  static func write(gitDirectory: String, path: String) throws {
    let info = gitDirectory + "/info"
    try ThreadStore(directory: info).makeDirectory()
    try AtomicFile.replace("attributes", in: info, with: text(path: path))
    try AtomicFile.replace(
      "exclude", in: info, with: Array("\(AtomicFile.temporaryName)\n".utf8))
  }
}
