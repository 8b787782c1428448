internal import Platform

/// The `.git` of a work tree, as gitrepository-layout(5) has it: read without git, for whoever has to know
/// whose a place is when git cannot be asked.
struct GitDirectory: Sendable, Equatable {
  /// The root of the work tree.
  let root: String
  /// The work tree's own: index, HEAD, and our notes.
  let own: String
  /// The one that all work trees of the repository share; the same as `own` in the main one.
  let common: String

  var isLinked: Bool { own != common }

  /// The repository's directory at the root of a work tree; nil where there is no `.git`.
  /// - Throws: `BrokenLink` for a `.git` that leads nowhere, `SystemError`.
  static func at(_ root: String) throws -> GitDirectory? {
    let path = root + "/.git"
    guard let status = try FileStatus.of(path, followingLinks: false) else { return nil }
    if try status.isDirectory || FileStatus.isDirectory(path) {
      return GitDirectory(root: root, own: path, common: path)
    }
    let target = try link(path)
    guard let target, try FileStatus.isDirectory(target) else {
      throw BrokenLink(root: root, target: target)
    }
    // A submodule's directory is shared by nobody, and has no such file.
    let shared = try AtomicFile.readIfPresent(target + "/commondir")?[...].trimmed.string
    let common = shared.map { absolute($0, from: target) } ?? target
    return GitDirectory(root: root, own: target, common: common)
  }

  /// The path to which a `.git` leads that is a file; nil where it says none.
  private static func link(_ path: String) throws -> String? {
    let words = "gitdir: "
    let text = try AtomicFile.readIfPresent(path)?[...].trimmed.string ?? ""
    guard text.hasPrefix(words), text.count > words.count else { return nil }
    return absolute(String(text.dropFirst(words.count)), from: path.parentPath)
  }

  /// The root of the work tree that a linked one's git directory was noted to belong to; nil where it does
  /// not say.
  static func notedRoot(of own: String) throws -> String? {
    guard let text = try AtomicFile.readIfPresent(own + "/gitdir")?[...].trimmed.string,
      text.hasSuffix("/.git")
    else { return nil }
    return absolute(String(text.dropLast("/.git".count)), from: own)
  }

  /// Whether a work tree is there whose git directory is this one.
  static func isRoot(_ root: String, of own: String) -> Bool {
    (try? at(root))?.own.isSamePath(as: own) ?? false
  }

  private static func absolute(_ path: String, from directory: String) -> String {
    let whole = path.hasPrefix("/") ? path : directory + "/" + path
    return whole.standardized
  }

  /// A work tree that is linked to the repository, as the repository knows it.
  struct Linked: Sendable, Equatable {
    /// Its name among the repository's files.
    let name: String
    let own: String
    /// Its root; it may have been moved, or removed.
    let root: String
  }

  /// All of them, by name. Without git: a look at a directory that most repositories do not have.
  var linked: [Linked] {
    get throws {
      let directory = common + "/worktrees"
      guard try FileStatus.isDirectory(directory) else { return [] }
      return try Directory.names(in: directory) { !$0.hasPrefix(".") }.sorted().compactMap { name in
        let own = directory + "/" + name
        return try Self.notedRoot(of: own).map { Linked(name: name, own: own, root: $0) }
      }
    }
  }

  /// The root of the main work tree; nil for a bare repository.
  var mainRoot: String? {
    common.hasSuffix("/.git") ? String(common.dropLast("/.git".count)) : nil
  }

  /// The placeholder in HEAD where refs are kept in tables (reftable), which git alone can read.
  static let unreadableHead = "refs/heads/.invalid"

  /// The full name of the branch that is checked out; nil for none. It is `unreadableHead` where git alone knows.
  var head: String? { get throws { try Self.head(in: own) } }

  /// The same of the work tree that a git directory belongs to.
  static func head(in own: String) throws -> String? {
    let line = try AtomicFile.readIfPresent(own + "/HEAD")?[...].trimmed.string ?? ""
    return line.hasPrefix("ref: ") ? String(line.dropFirst("ref: ".count)) : nil
  }
}

/// A `.git` file that leads to no repository: the work tree or its repository was moved or removed, or
/// cannot be seen from here.
package struct BrokenLink: ExplainedError, Equatable {
  /// The root of the work tree.
  package let root: String
  /// The git directory to which it should lead; nil where it does not say.
  package let target: String?

  package var message: String {
    target.map { "\(root)/.git leads to \($0), which is not there" }
      ?? "\(root)/.git does not say where its repository is"
  }
  package var hint: String? {
    "if the repository was moved: git -C REPOSITORY worktree repair \(SSHCommand.quoted(root))"
  }
}
