internal import Foundation

/// Where the threads are, and why there.
package struct ThreadsDirectory: Sendable, Equatable {
  /// An absolute path; nothing may be there yet.
  package let path: String
  package let reason: String
  /// What the threads are shared through; nil in local mode.
  package var remote: Remote?

  /// A clone that holds the threads, or that is to be made.
  package struct Remote: Sendable, Equatable {
    /// The root of the work tree.
    package let root: String
    /// Where the threads are in it; empty for the root.
    package let path: String
    /// Nil where only the clone knows it.
    package let url: String?
  }

  /// The name that is looked for upward from the working directory.
  package static let name = ".watercooler"

  /// Whose project the working directory is.
  package enum Host: Sendable {
    /// Somebody in a shell: threads may be made right here.
    case terminal
    /// A client of the server, which may have started it anywhere.
    case server
  }

  /// Finds the directory: configured, else the configured repository's clone, else the nearest
  /// `.watercooler/` upward, else where the first write makes one.
  package static func find(_ configuration: Configuration, host: Host) throws -> ThreadsDirectory {
    if configuration.workingDirectory.isEmpty {
      // Not where there would be none: what lies there may be a clone.
      let isGiven =
        configuration.given(.directory).map { $0.text.hasPrefix("/") || $0.text.hasPrefix("~") }
        ?? (configuration.given(.gitRepo) != nil)
      if !isGiven { throw UnknownWorkingDirectory() }
    }
    let value = configuration[.directory]
    let repo = configuration[.gitRepo]
    if let value {
      let url = URL(fileURLWithPath: configuration.absolute(value.text))
      return try at(url.standardizedFileURL.path, "\(value.origin)", repo, configuration)
    }
    if let repo {
      return try at(clone(of: repo.text, configuration), "\(repo.origin)", repo, configuration)
    }
    if let found = try nearest(configuration) {
      return try at(found, "the nearest \(name) directory", nil, configuration)
    }
    let ours = configuration.home + "/" + name
    let start = configuration.workingDirectory
    let project = try project(of: start)
    let root = project ?? start
    let isHome = root == configuration.home || root.isEmpty
    let isWritable = access(root, W_OK) == 0
    if isHome || host == .server && (project == nil || !isWritable) {
      return ThreadsDirectory(path: ours + "/threads", reason: "no project to keep them in")
    }
    let place = project == nil ? "the current directory" : "the root of the git work tree"
    return ThreadsDirectory(path: root + "/" + name, reason: place)
  }

  /// A directory that may be a clone of ours: because a repository is configured, or as its own
  /// configuration says. Where that cannot be read it is not taken for a plain directory: what is written
  /// there would reach nobody.
  private static func at(
    _ root: String, _ reason: String, _ repo: Configuration.Value?, _ configuration: Configuration
  ) throws -> ThreadsDirectory {
    let isRepository = try FileStatus.exists(root + "/.git")
    if isRepository {
      configuration.readGitConfig(of: root)
      if let problem = configuration.gitConfigProblem { throw UnknownPlace(root, problem) }
    }
    let isMarked = isRepository && configuration.gitConfig.get("watercooler.threads") == "true"
    guard repo != nil || isMarked else { return ThreadsDirectory(path: root, reason: reason) }
    let inside = configuration[.gitPath]?.text.split(separator: "/").joined(separator: "/") ?? ""
    return ThreadsDirectory(
      path: inside.isEmpty ? root : root + "/" + inside, reason: reason,
      remote: Remote(root: root, path: inside, url: repo?.text))
  }

  /// The clone that flags, environment and the working directory lead to, if it is there: known
  /// without asking git.
  static func existingClone(_ configuration: Configuration) throws -> String? {
    let given: String? =
      if let value = configuration.given(.directory) {
        URL(fileURLWithPath: configuration.absolute(value.text)).standardizedFileURL.path
      } else if let repo = configuration.given(.gitRepo) {
        clone(of: repo.text, configuration)
      } else {
        try nearest(configuration)
      }
    return try given.flatMap { try FileStatus.exists($0 + "/.git") ? $0 : nil }
  }

  /// The nearest `.watercooler/` upward from the working directory.
  static func nearest(_ configuration: Configuration) throws -> String? {
    // Our own directory in HOME holds other things beside threads.
    let ours = configuration.home + "/" + name
    return try ancestors(of: configuration.workingDirectory).map { $0 + "/" + name }
      .first { try $0 != ours && FileStatus.isDirectory($0) }
  }

  /// The root of the git work tree that a directory is in.
  static func project(of start: String) throws -> String? {
    try ancestors(of: start).first { try FileStatus.exists($0 + "/.git") }
  }

  /// Where a repository is cloned to unless a directory is configured.
  private static func clone(of url: String, _ configuration: Configuration) -> String {
    let parts = [url, configuration.given(.gitBranch)?.text, configuration.given(.gitPath)?.text]
    let last = url.split { "/:".contains($0) }.last.map(String.init) ?? "threads"
    let plain = last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    let name = plain.asFileName(of: parts.compactMap { $0 }.joined(separator: " "))
    return "\(configuration.home)/\(Self.name)/repos/\(name)"
  }

  /// Where what is derived from these threads is kept: indexes, cursors, logs. Never among them.
  package static func state(for path: String, _ configuration: Configuration) -> String {
    let words = path.split(separator: "/").suffix(2).joined(separator: "-")
    return "\(configuration.home)/\(Self.name)/state/\(words.asFileName(of: path))"
  }

  private static func ancestors(of path: String) -> [String] {
    var parents: [String] = []
    var rest = path[...]
    while rest.hasSuffix("/") { rest = rest.dropLast() }
    while !rest.isEmpty {
      parents.append(String(rest))
      rest = rest[..<(rest.lastIndex(of: "/") ?? rest.startIndex)]
    }
    return parents
  }
}

/// A directory of which nobody can tell whether its threads are shared, as git could not be asked.
package struct UnknownPlace: ExplainedError {
  package let root: String
  package let cause: any ExplainedError

  init(_ root: String, _ cause: any ExplainedError) { (self.root, self.cause) = (root, cause) }

  package var message: String {
    "nothing can be said about the threads in \(root), a git work tree: \(cause.message)"
  }
  package var hint: String? { cause.hint }
}

/// The system does not say in which directory the program was started.
package struct UnknownWorkingDirectory: ExplainedError {
  package let message =
    "the current directory cannot be looked up: it was removed, or may not be read"
  package let hint: String? =
    "go to one that is there, or name the threads directory with --dir or WATERCOOLER_DIR"
}
