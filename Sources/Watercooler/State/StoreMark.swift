internal import Platform

/// The mark that tells that threads are shared, and how: in the git directory of each work tree of ours, and for a
/// reader beside what is noted of the threads.
///
/// A work tree without it is somebody's own, whatever its repository's configuration says: that is shared by
/// all work trees of a repository.
package struct StoreMark: Sendable, Equatable {
  /// The URL at which the threads are shared; nil where the clone knows it.
  package var url: String?
  /// The branch that they are on; nil where the clone's own configuration says it.
  package var branch: String?
  /// The threads' directory in the repository; nil for the root, or where the configuration says it.
  package var path: String?
  /// The path of a linked work tree from the root of the main one; nil where it is not below that.
  package var place: String?

  package init(
    url: String? = nil, branch: String? = nil, path: String? = nil, place: String? = nil
  ) {
    (self.url, self.branch, self.path, self.place) = (url, branch, path, place)
  }

  /// The mark of a linked work tree.
  init(branch: String, at root: String, of repository: GitDirectory) {
    let (root, main) = (root.resolved, repository.mainRoot.map { $0.resolved + "/" })
    let place = main.flatMap { root.hasPrefix($0) ? String(root.dropFirst($0.count)) : nil }
    self.init(branch: branch, place: place)
  }

  /// The key by which a clone's own configuration says that its threads are shared. Version 0.1.0 wrote it into
  /// code repositories, too, and left no other mark.
  package static let threadsKey = "watercooler.threads"
  /// The key of the branch that somebody has named with `--branch`, in a clone's own configuration.
  static let begunKey = "watercooler.begins"

  /// The mark of a work tree; nil where there is none. One that is damaged is one all the same: it says
  /// nothing but whose the work tree is.
  /// - Parameter gitDirectory: The work tree's own.
  static func of(gitDirectory: String) throws -> StoreMark? {
    try StoreMark(inFile: "\(gitDirectory)/\(Clone.stateName)/\(StateFile.store.name)")
  }

  func write(gitDirectory: String) throws {
    try write(fileName: StateFile.store.name, in: "\(gitDirectory)/\(Clone.stateName)")
  }

  /// - Parameter path: A file that may not be there: then there is no mark.
  package init?(inFile path: String) throws {
    guard let bytes = try AtomicFile.readIfPresent(path) else { return nil }
    let json = try? JSON(parsing: bytes)
    url = json?["url"]?.string
    branch = json?["branch"]?.string
    self.path = json?["path"]?.string
    place = json?["place"]?.string
  }

  /// Writes the mark to a file, which is replaced whole, in a directory that is made where it is not there.
  package func write(fileName: String, in directory: String) throws {
    try Directory.make(directory)
    let members = [("url", url), ("branch", branch), ("path", path), ("place", place)]
      .compactMap { name, value in value.map { JSON.Member(name, .string($0)) } }
    let json = JSON.object([JSON.Member("version", 1)] + members)
    // Several may write it at once, and hold no lock.
    try AtomicFile.replace(
      fileName, in: directory, with: Array("\(json)\n".utf8), by: "\(fileName).\(EntryID.make())")
  }
}

// MARK: - What to type

extension StoreMark {
  /// The command that makes such a work tree.
  package func command(at root: String) -> String {
    let words: [String?] = [
      "\(programName) init", url.map { SSHCommand.quoted($0) },
      branch.map { "--branch \(SSHCommand.quoted($0))" },
      path.map { "--path \(SSHCommand.quoted($0))" }, "--dir \(SSHCommand.quoted(root))",
    ]
    return words.compactMap { $0 }.joined(separator: " ")
  }

  /// The commands that make it anew, with what only the old one's files have: entries that are missing in
  /// the new one are taken in as an edit.
  package func renewal(of root: String) -> String {
    // Into a directory that is there 'mv' would move it.
    let names = ["\(root).damaged"] + (2...).prefix(999).map { "\(root).damaged-\($0)" }
    let free = names.first { (try? FileStatus.exists($0)) == false }
    let old = SSHCommand.quoted(free ?? names[0])
    let new = SSHCommand.quoted(root)
    let inside = path.map { "/" + SSHCommand.quoted($0) } ?? ""
    return "mv \(new) \(old) && \(command(at: root)) "
      + "&& cp -p \(old)\(inside)/*.md \(new)\(inside)/ && \(programName) sync --dir \(new)"
  }
}
