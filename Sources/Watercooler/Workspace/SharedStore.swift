internal import Platform

/// A work tree of ours, found from a directory: by the mark in it or above it, or in the repository around.
///
/// Only files are looked at, but for what version 0.1.0 has made, of which git's configuration tells.
struct SharedStore: Sendable {
  let root: String
  /// Of a linked work tree: the branch that its mark names. Else the clone's own configuration says it.
  let branch: String?
  let isMarked: Bool
  /// The work tree to connect first, where its repository does not find it.
  var lost: LostWorkTree?
  /// The directory in which git can be asked for the configuration that holds in the work tree.
  let configurationPlace: String
}

/// The search for a work tree of ours.
struct StoreSearch {
  let configuration: Configuration

  /// A directory, as far as its threads are shared.
  enum Place {
    /// No work tree of ours: threads in it are of this machine alone.
    case plain
    case store(SharedStore)
  }

  /// A directory's kind, by what lies there and by the repository around it.
  /// - Throws: `UnknownPlace` for what looks odd, `UnsharedPlace` for what is no place to write to.
  func place(of directory: String) throws -> Place {
    if case .store(let store) = try place(at: directory) { return .store(store) }
    // A link to where threads are is not where they are.
    let resolved = directory.realPath ?? directory
    return resolved == directory ? .plain : try place(at: resolved)
  }

  private func place(at directory: String) throws -> Place {
    guard let root = try ThreadsDirectory.project(of: directory) else { return .plain }
    let repository: GitDirectory?
    do {
      repository = try GitDirectory.at(root)
    } catch let link as BrokenLink {
      if let store = try abandoned(link) { return .store(store) }
      // A work tree of the person's, which is not for us to judge: but nothing is begun in it.
      if try root != directory && FileStatus.exists(directory) { return .plain }
      throw try UnknownPlace(root, link, configuration)
    }
    guard let repository else { return .plain }
    if let store = try ownStore(repository) { return .store(store) }
    let isOfRepository = [root, root + "/" + ThreadsDirectory.name].contains(directory)
    if isOfRepository, let store = try self.store(of: repository) { return .store(store) }
    return .plain
  }

  // MARK: - A work tree that is there

  /// The work tree itself, if it is ours.
  private func ownStore(_ directory: GitDirectory) throws -> SharedStore? {
    if !directory.isLinked {
      let isMarked = try StoreMark.of(gitDirectory: directory.own) != nil
      guard try isMarked || isCloneOfFirstVersion(directory) else { return nil }
      return SharedStore(
        root: directory.root, branch: nil, isMarked: isMarked, configurationPlace: directory.root)
    }
    guard let entry = try Entry(directory.own, directory.root, self) else { return nil }
    var store = try store(entry, at: directory.root, in: directory)
    let noted = try GitDirectory.notedRoot(of: directory.own)
    if noted?.isSamePath(as: directory.root) == true { return store }
    if let noted, GitDirectory.isRoot(noted, of: directory.own) {
      // Both are work trees of one git directory: this one was copied, alone or with its project.
      if let other = try abandoned(directory.own.lastName, around: directory.root) { return other }
      throw UnsharedPlace.copy(directory.root, of: noted)
    }
    store.lost = LostWorkTree(root: directory.root, own: directory.own)
    return store
  }

  /// Whether version 0.1.0 has made a clone, which it left without a mark.
  private func isCloneOfFirstVersion(_ directory: GitDirectory) throws -> Bool {
    let attributes = try AtomicFile.readIfPresent(directory.own + "/info/attributes") ?? []
    guard attributes[...].string.contains("merge=watercooler") else { return false }
    let config = try config(of: directory.root)
    // Nobody else writes one that leaves out the "+".
    let isFetchedSo = config.settings.contains {
      $0.key == "remote.\(Clone.remote).fetch" && $0.value?.hasPrefix("+") == false
    }
    guard let branch = config.sharedBranch else { return false }
    if isFetchedSo { return true }
    // The remote may have been set anew. A code repository has the branch in another work tree.
    return try directory.head == "refs/heads/" + branch
      && !directory.linked.contains { $0.root.hasSuffix("/" + ThreadsDirectory.name) }
  }

  func config(of root: String) throws -> GitConfig {
    configuration.readGitConfig(of: root)
    if let problem = configuration.gitConfigProblem {
      throw try UnknownPlace(root, problem, configuration)
    }
    return configuration.gitConfig
  }

  /// Whether the configuration of a repository may say that it is a clone of threads, or has some: a look
  /// without git, for when that cannot be asked. Nil where there is none.
  static func mayBeShared(_ repository: GitDirectory) throws -> Bool? {
    let config = try AtomicFile.readIfPresent(repository.common + "/config")
    return config.map { $0[...].string.lowercased().contains("[watercooler") }
  }

  // MARK: - Work trees that a repository knows

  /// A linked work tree of ours, as its repository's files tell of it.
  private struct Entry {
    let own: String
    /// The root that it had when git last knew.
    let noted: String
    let branch: String?
    /// Its path in the main work tree, if it is in there.
    let place: String?
    let isMarked: Bool

    /// Nil for a work tree of somebody's.
    init?(_ own: String, _ noted: String, _ search: StoreSearch, asking place: String? = nil) throws
    {
      (self.own, self.noted) = (own, noted)
      if let mark = try StoreMark.of(gitDirectory: own) {
        guard let branch = mark.branch else { throw UnsharedPlace.damagedMark(own) }
        (self.branch, self.place, isMarked) = (branch, mark.place, true)
        return
      }
      // Version 0.1.0 left no mark, and in the repository's configuration the settings of all work trees.
      let isNamed = noted.hasSuffix("/" + ThreadsDirectory.name)
      guard try isNamed || FileStatus.exists("\(own)/\(Clone.stateName)"),
        let branch = try search.config(of: place ?? noted).sharedBranch,
        try isNamed || GitDirectory.head(in: own) == "refs/heads/" + branch
      else { return nil }
      (self.branch, self.place, isMarked) = (branch, isNamed ? ThreadsDirectory.name : nil, false)
    }
  }

  private func entries(of repository: GitDirectory) throws -> [Entry] {
    try repository.linked.filter { try !StorePlace.isDraft($0.root) }.compactMap { linked in
      try Entry(linked.own, linked.root, self, asking: repository.root)
    }
  }

  /// The work tree with the threads of a repository, wherever it is.
  /// - Throws: `UnsharedPlace` where there are several, and none beside the code, and where there should be
  ///   one and something else is, or nothing can be.
  private func store(of repository: GitDirectory) throws -> SharedStore? {
    let entries = try entries(of: repository)
    let homes = entries.map { home(of: $0, in: repository) }
    let present = zip(entries, homes).compactMap { entry, home in
      [entry.noted, home].first { GitDirectory.isRoot($0, of: entry.own) }.map { (entry, $0) }
    }
    let beside = [repository.root, repository.mainRoot].compactMap { $0 }
      .map { $0 + "/" + ThreadsDirectory.name }
    let preferred = beside.lazy.compactMap { place in
      present.first { $0.1.isSamePath(as: place) }
    }.first
    if let (entry, root) = preferred ?? (present.count == 1 ? present[0] : nil) {
      var store = try store(entry, at: root, in: repository)
      if !entry.noted.isSamePath(as: root) { store.lost = LostWorkTree(root: root, own: entry.own) }
      return store
    }
    if present.count > 1 { throw UnsharedPlace.several(present.map(\.1)) }
    guard let entry = entries.first, let home = homes.first else { return nil }
    return try missing(entry, home, repository)
  }

  /// The place where a work tree belongs: in the main one of its repository, wherever that was moved or copied to, or
  /// where it was noted.
  private func home(of entry: Entry, in repository: GitDirectory) -> String {
    guard let place = entry.place, let main = repository.mainRoot else { return entry.noted }
    return main + "/" + place
  }

  /// One that is to be put back where it belongs, if nothing is in its place.
  private func missing(
    _ entry: Entry, _ home: String, _ repository: GitDirectory
  ) throws -> SharedStore {
    let isTaken =
      try FileStatus.exists(home)
      && !Directory.names(in: home, where: { $0 != AtomicFile.temporaryName }).isEmpty
    if isTaken {
      // Somebody has put it back since it was looked for.
      if GitDirectory.isRoot(home, of: entry.own) {
        return try store(entry, at: home, in: repository)
      }
      do {
        _ = try GitDirectory.at(home)
      } catch let link as BrokenLink {
        if let store = try abandoned(link) { return store }
      }
      throw UnsharedPlace.gone(home, StoreMark(branch: entry.branch), note: nil)
    }
    if try !FileStatus.exists(home.parentPath) {
      throw UnsharedPlace.away(home, repository: repository.root)
    }
    var store = try store(entry, at: home, in: repository)
    store.lost = LostWorkTree(root: home, own: entry.own)
    return store
  }

  private func store(
    _ entry: Entry, at root: String, in repository: GitDirectory
  ) throws -> SharedStore {
    // A mark that names another place is written anew: git may have moved the work tree.
    let isMarked = entry.isMarked && home(of: entry, in: repository).isSamePath(as: root)
    return SharedStore(
      root: root, branch: entry.branch, isMarked: isMarked, configurationPlace: repository.root)
  }

  private func abandoned(_ link: BrokenLink) throws -> SharedStore? {
    try link.target.flatMap { try abandoned($0.lastName, around: link.root) }
  }

  /// A work tree of ours whose link does not lead to the repository around it, which has one of that name,
  /// and nowhere else: it was moved or copied with it.
  private func abandoned(_ name: String, around root: String) throws -> SharedStore? {
    guard let project = try ThreadsDirectory.project(of: root.parentPath),
      let repository = try? GitDirectory.at(project),
      let linked = try repository.linked.first(where: { $0.name == name }),
      let entry = try Entry(linked.own, linked.root, self, asking: project),
      !GitDirectory.isRoot(linked.root, of: linked.own),
      // A work tree for which the repository has another place is not this one.
      entry.place == nil || home(of: entry, in: repository).isSamePath(as: root)
    else { return nil }
    var store = try store(entry, at: root, in: repository)
    store.lost = LostWorkTree(root: root, own: linked.own)
    return store
  }
}

extension GitConfig {
  /// The branch of the threads that version 0.1.0 has noted a repository to share; nil for none.
  var sharedBranch: String? {
    let isShared = get(StoreMark.threadsKey) == "true"
    return isShared ? get("watercooler.git.branch") : nil
  }
}
