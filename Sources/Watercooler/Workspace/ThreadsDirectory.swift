internal import Platform

/// The directory in which the threads are, and why it is that one.
package struct ThreadsDirectory: Sendable, Equatable {
  /// An absolute path; nothing may be there yet.
  package let path: String
  /// The reason for that path, in words for people: `the nearest .watercooler directory`, say, or the setting that
  /// names it.
  package let reason: String
  /// The clone that the threads are shared through; nil in local mode.
  package var remote: Remote?

  /// The place of the threads or of their clone, and what was begun there.
  var place: StorePlace { StorePlace(remote?.root ?? path) }

  /// A clone that holds the threads, or that is to be made.
  package struct Remote: Sendable, Equatable {
    /// The root of the work tree.
    package let root: String
    /// The directory of the threads in the work tree, without slashes around it; empty for the root.
    package let path: String
    /// The configured URL of the repository; nil where only the clone knows it.
    package let url: String?
    /// The branch, where the work tree's mark names it.
    var branch: String?
    /// Whether the work tree has our mark; those of version 0.1.0 have not.
    var isMarked = true
    /// The work tree to connect first, where git does not find it.
    var lost: LostWorkTree?
    /// Whether a person has cloned it with git alone: it is made one of ours first.
    var isPlain = false
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
      let given = configuration.absolute(value.text).standardized
      _ = try isDirectory(given)
      let directory = try ofRepository(given, configuration)
      let found = try at(directory, "\(value.origin)", repo, configuration)
      if let remote = found.remote, given.hasPrefix(remote.root + "/"), given != found.path {
        throw UnsharedPlace.inside(given, threads: found.path)
      }
      return found
    }
    if let repo {
      return try at(clone(of: repo.text, configuration), "\(repo.origin)", repo, configuration)
    }
    if let found = try upward(configuration) { return found }
    let start = configuration.workingDirectory
    let project = try project(of: start)
    let root = project ?? start
    let isHome = root == configuration.home || root.isEmpty
    let isWritable = FileAccess.writing.isGranted(at: root)
    if isHome || host == .server && (project == nil || !isWritable) {
      let ours = configuration.home + "/" + name
      return try at(ours + "/threads", "no project to keep them in", nil, configuration)
    }
    let place = project == nil ? "the current directory" : "the root of the git work tree"
    return try at((root == "/" ? "" : root) + "/" + name, place, nil, configuration)
  }

  /// The nearest place upward from the working directory where there are threads, or were: beside the code
  /// of a repository they may be in another of its work trees.
  private static func upward(_ configuration: Configuration) throws -> ThreadsDirectory? {
    let ours = configuration.home + "/" + name
    for directory in configuration.workingDirectory.ancestors {
      let place = directory + "/" + name
      if place == ours { continue }
      if try isDirectory(place) {
        return try at(place, "the nearest \(name) directory", nil, configuration)
      }
      let isRepository = try FileStatus.exists(directory + "/.git")
      if try isRepository || FileStatus.exists(noteOfSharing(place, configuration)) {
        let found = try at(place, "the repository's threads", nil, configuration)
        if found.remote != nil { return found }
        try checkIsNotGone(directory, configuration)
      }
    }
    return nil
  }

  /// Whether a directory is there.
  /// - Throws: `UnsharedPlace.dangling` for a link to one that is not.
  private static func isDirectory(_ path: String) throws -> Bool {
    // The link first: a directory that somebody makes between two looks is none.
    guard let status = try FileStatus.of(path, followingLinks: false) else { return false }
    if !status.isLink { return status.isDirectory }
    guard let target = try FileStatus.of(path) else { throw UnsharedPlace.dangling(path) }
    return target.isDirectory
  }

  /// A directory that was named; where that is the root of a project, its threads are beside the code as ever,
  /// unless there are some in it.
  private static func ofRepository(
    _ directory: String, _ configuration: Configuration
  ) throws -> String {
    let place = directory + "/" + name
    guard try FileStatus.exists(directory + "/.git"), directory != configuration.home,
      case .plain = try StoreSearch(configuration: configuration).place(of: directory)
    else { return directory }
    let store = ThreadStore(directory: directory)
    if try store.topics().contains(where: { (try? store.read($0)) != nil }) { return directory }
    if try FileStatus.isDirectory(place) { return place }
    if try FileStatus.exists(noteOfSharing(place, configuration)) { return place }
    try checkIsNotGone(directory, configuration)
    return directory
  }

  /// Version 0.1.0 has noted in a repository that its threads are shared.
  private static func checkIsNotGone(_ root: String, _ configuration: Configuration) throws {
    guard let repository = try? GitDirectory.at(root),
      try StoreSearch.mayBeShared(repository) == true,
      let branch = try StoreSearch(configuration: configuration).config(of: root).sharedBranch
    else { return }
    throw UnsharedPlace.gone(root + "/" + name, StoreMark(branch: branch), note: nil)
  }

  /// The threads in a directory: those that are shared, because a repository is configured or as a work tree of
  /// ours says, or else threads of this machine.
  /// - Throws: `UnknownPlace` where neither can be told: what is written there would reach nobody.
  private static func at(
    _ directory: String, _ reason: String, _ repo: Configuration.Value?,
    _ configuration: Configuration
  ) throws -> ThreadsDirectory {
    let search = StoreSearch(configuration: configuration)
    guard case .store(let store) = try search.place(of: directory) else {
      return try plain(directory, reason, repo, configuration)
    }
    _ = try search.config(of: store.configurationPlace)
    let inside = path(configuration)
    return ThreadsDirectory(
      path: inside.isEmpty ? store.root : store.root + "/" + inside, reason: reason,
      remote: Remote(
        root: store.root, path: inside, url: repo?.text, branch: store.branch,
        isMarked: store.isMarked, lost: store.lost))
  }

  /// A directory that is no work tree of ours.
  private static func plain(
    _ directory: String, _ reason: String, _ repo: Configuration.Value?,
    _ configuration: Configuration
  ) throws -> ThreadsDirectory {
    let isRepository = try FileStatus.exists(directory + "/.git")
    if isRepository {
      configuration.readGitConfig(of: directory)
      // Nothing of ours was ever in a repository whose configuration has no word of it.
      if let problem = configuration.gitConfigProblem,
        try GitDirectory.at(directory).flatMap(StoreSearch.mayBeShared) ?? true
      {
        throw try UnknownPlace(directory, problem, configuration)
      }
    }
    let clone = isRepository ? try PlainClone(directory, configuration) : nil
    let url = try repo?.text ?? clone?.urlOfSharedThreads()
    if let url {
      if isRepository, clone?.isClone(of: url) != true { throw SharingError.notShared(directory) }
      let inside = path(configuration)
      return ThreadsDirectory(
        path: inside.isEmpty ? directory : directory + "/" + inside, reason: reason,
        remote: Remote(
          root: directory, path: inside, url: url, isMarked: !isRepository,
          isPlain: isRepository))
    }
    if let mark = try StoreMark(inFile: noteOfSharing(directory, configuration)) {
      throw UnsharedPlace.gone(
        directory, mark, note: noteOfSharing(directory, configuration))
    }
    return ThreadsDirectory(path: directory, reason: reason)
  }

  private static func path(_ configuration: Configuration) -> String {
    (configuration[.gitPath]?.text ?? "").normalizedInRepository
  }

  /// The clone that flags, environment and the working directory lead to, if it is there: known
  /// without asking git.
  static func existingClone(_ configuration: Configuration) throws -> String? {
    let given: String? =
      if let value = configuration.given(.directory) {
        configuration.absolute(value.text).standardized
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
    return try configuration.workingDirectory.ancestors.map { $0 + "/" + name }
      .first { try $0 != ours && FileStatus.isDirectory($0) }
  }

  /// The root of the git work tree that a directory is in.
  static func project(of start: String) throws -> String? {
    try start.ancestors.first { try FileStatus.of($0 + "/.git", followingLinks: false) != nil }
  }

  /// The place that a repository is cloned to unless a directory is configured.
  private static func clone(of url: String, _ configuration: Configuration) -> String {
    let parts = [url, configuration.given(.gitBranch)?.text, configuration.given(.gitPath)?.text]
    let last = url.split { "/:".contains($0) }.last.map(String.init) ?? "threads"
    let plain = last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    let name = plain.asFileName(of: parts.compactMap { $0 }.joined(separator: " "))
    return "\(configuration.home)/\(Self.name)/repos/\(name)"
  }

  /// The directory for what is derived from the threads at a path: marks, indexes, logs. Never among them.
  package static func state(for path: String, _ configuration: Configuration) -> String {
    let words = path.split(separator: "/").suffix(2).joined(separator: "-")
    return "\(configuration.home)/\(Self.name)/state/\(words.asFileName(of: path))"
  }

  /// The file that notes for a reader that the threads of a work tree are shared: whoever removes the work tree
  /// does not make them threads of this machine.
  static func noteOfSharing(_ root: String, _ configuration: Configuration) -> String {
    state(for: root.resolved, configuration) + "/" + StateFile.shared.name
  }
}

/// The system does not say in which directory the program was started.
package struct UnknownWorkingDirectory: ExplainedError {
  package let message =
    "the current directory cannot be looked up: it was removed, or may not be read"
  package let hint: String? =
    "go to another, or name the threads directory with --dir or WATERCOOLER_DIR"
}
