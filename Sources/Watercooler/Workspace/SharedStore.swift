internal import Foundation

/// A work tree of ours, found from a directory: by the mark in it or above it, or in the repository around.
///
/// Only files are looked at, but for clones of version 0.1.0, which their own configuration tells of.
struct SharedStore: Sendable {
  let root: String
  /// Of a linked work tree: the branch that its mark names. Else the clone's own configuration says it.
  let branch: String?
  let isMarked: Bool
  /// Whether its repository has to be told first where it is.
  let lost: LostWorkTree?

  /// Where git can be asked for the configuration that holds in it.
  var configurationPlace: String { lost?.project ?? root }
}

/// How one looks for a work tree of ours.
struct StoreSearch {
  let configuration: Configuration

  /// What a directory is.
  enum Place {
    /// No work tree of ours: threads in it are of this machine alone.
    case plain
    case store(SharedStore)
  }

  /// What a directory is by what lies there, and by the repository around it.
  /// - Throws: `UnknownPlace` for what looks odd, or for a directory inside a work tree of ours where no threads are.
  func place(of directory: String) throws -> Place {
    guard let root = try Self.repositoryRoot(around: directory) else { return .plain }
    let repository: GitDirectory?
    do {
      repository = try GitDirectory.at(root)
    } catch let link as BrokenLink {
      if let lost = try lost(link) { return .store(try store(lost)) }
      // A work tree of the person's, which is not for us to judge: but nothing is begun in it.
      if try root != directory && FileStatus.exists(directory) { return .plain }
      throw try UnknownPlace(root, link, configuration)
    }
    guard let repository else { return .plain }
    if let store = try ownStore(repository) { return .store(store) }
    let beside = root + "/" + ThreadsDirectory.name
    if directory == root, try FileStatus.exists(beside + "/.git"),
      case .store(let store) = try place(of: beside)
    {
      return .store(store)
    }
    let isOfRepository = directory == root || directory == beside
    if isOfRepository, let store = try self.store(of: repository) { return .store(store) }
    return .plain
  }

  /// The nearest directory upward with a `.git`.
  static func repositoryRoot(around directory: String) throws -> String? {
    try ThreadsDirectory.ancestors(of: directory).first {
      try FileStatus.of($0 + "/.git", followingLinks: false) != nil
    }
  }

  // MARK: - Whether a work tree is ours

  /// The work tree itself, if it is ours.
  private func ownStore(_ directory: GitDirectory) throws -> SharedStore? {
    let mark = try StoreMark.of(gitDirectory: directory.own)
    guard try mark != nil || isOfFirstVersion(directory) else { return nil }
    return SharedStore(
      root: directory.root,
      branch: try directory.isLinked ? mark?.branch ?? branch(of: directory.own) : nil,
      isMarked: mark != nil, lost: try lost(directory))
  }

  /// Whether version 0.1.0 has made a work tree: it left no mark, and in a code repository its settings are
  /// those of all work trees.
  private func isOfFirstVersion(_ directory: GitDirectory) throws -> Bool {
    if !directory.isLinked {
      let attributes = try AtomicFile.readIfPresent(directory.own + "/info/attributes") ?? []
      guard attributes[...].string.contains("merge=watercooler") else { return false }
      let config = try config(of: directory.root)
      // Nobody else writes one that leaves out the "+".
      let refspec = config.get("remote.\(Clone.remote).fetch") ?? "+"
      return config.get(StoreMark.threadsKey) == "true" && !refspec.hasPrefix("+")
    }
    return try isOfFirstVersion(own: directory.own, root: directory.root, asking: directory.root)
  }

  /// The same for a linked work tree, which may be lost.
  private func isOfFirstVersion(own: String, root: String, asking place: String) throws -> Bool {
    let isCandidate =
      try root.hasSuffix("/" + ThreadsDirectory.name)
      || FileStatus.exists("\(own)/\(Clone.stateName)")
    guard isCandidate else { return false }
    guard let branch = try config(of: place).sharedBranch else { return false }
    return try self.branch(of: own) == branch
  }

  private func branch(of own: String) throws -> String? {
    let head = try GitDirectory.head(in: own) ?? ""
    return head.hasPrefix("refs/heads/") ? String(head.dropFirst("refs/heads/".count)) : nil
  }

  private func config(of root: String) throws -> GitConfig {
    configuration.readGitConfig(of: root)
    if let problem = configuration.gitConfigProblem {
      throw try UnknownPlace(root, problem, configuration)
    }
    return configuration.gitConfig
  }

  // MARK: - Work trees that are linked to a repository

  /// The work tree with the threads of a repository, wherever in it one is: the one beside the code here,
  /// else the one beside the code of the main work tree.
  func store(of repository: GitDirectory) throws -> SharedStore? {
    let linked = try repository.linked.filter { try isOurs($0, of: repository) }
    if linked.isEmpty { return nil }
    let places = [repository.root, repository.mainRoot].compactMap { $0 }
      .map { $0 + "/" + ThreadsDirectory.name }
    func first(at place: String) -> GitDirectory.Linked? {
      linked.first { $0.root.isSamePath(as: place) }
    }
    if let found = places.lazy.compactMap(first).first {
      return try store(found, at: found.root, repository)
    }
    // The repository was moved, and they with it, to where nobody looks for them yet.
    let names = linked.filter { $0.root.hasSuffix("/" + ThreadsDirectory.name) }
    guard let found = names.first, let place = places.last,
      try names.count == 1 && !FileStatus.exists(found.root)
    else { return nil }
    return try store(found, at: place, repository)
  }

  private func isOurs(_ linked: GitDirectory.Linked, of repository: GitDirectory) throws -> Bool {
    if try StoreMark.of(gitDirectory: linked.own) != nil { return true }
    return try isOfFirstVersion(own: linked.own, root: linked.root, asking: repository.root)
  }

  private func store(
    _ linked: GitDirectory.Linked, at root: String, _ repository: GitDirectory
  ) throws -> SharedStore {
    let mark = try StoreMark.of(gitDirectory: linked.own)
    var isConnected = linked.root == root
    if isConnected {
      do {
        isConnected = try GitDirectory.at(root)?.own.isSamePath(as: linked.own) ?? false
      } catch is BrokenLink {
        isConnected = false
      }
    }
    let project = repository.mainRoot ?? repository.root
    return SharedStore(
      root: root, branch: try mark?.branch ?? branch(of: linked.own), isMarked: mark != nil,
      lost: isConnected ? nil : LostWorkTree(root: root, own: linked.own, project: project))
  }

  // MARK: - Lost ones

  private func store(_ lost: LostWorkTree) throws -> SharedStore {
    let mark = try StoreMark.of(gitDirectory: lost.own)
    return SharedStore(
      root: lost.root, branch: try mark?.branch ?? branch(of: lost.own), isMarked: mark != nil,
      lost: lost)
  }

  /// A work tree whose link leads nowhere, where the repository around it knows it by name.
  private func lost(_ link: BrokenLink) throws -> LostWorkTree? {
    try link.target.flatMap { try lost(root: link.root, target: $0) }
  }

  /// The same where the link leads to the repository that this one is a copy of, and where its repository
  /// looks for it at a place where it is not.
  private func lost(_ directory: GitDirectory) throws -> LostWorkTree? {
    if !directory.isLinked { return nil }
    if let lost = try lost(root: directory.root, target: directory.own) { return lost }
    let known = try GitDirectory.link(directory.own + "/gitdir", saying: "")
    guard let known, !known.isSamePath(as: directory.root + "/.git"),
      let project = directory.mainRoot
    else { return nil }
    let there = try? GitDirectory.at(String(known.dropLast("/.git".count)))
    if there?.own.isSamePath(as: directory.own) == true { return nil }
    return LostWorkTree(root: directory.root, own: directory.own, project: project)
  }

  private func lost(root: String, target: String) throws -> LostWorkTree? {
    let parent = URL(fileURLWithPath: root).deletingLastPathComponent().path
    guard let project = try Self.repositoryRoot(around: parent) else { return nil }
    let repository: GitDirectory?
    do {
      repository = try GitDirectory.at(project)
    } catch is BrokenLink {
      return nil
    }
    let name = URL(fileURLWithPath: target).lastPathComponent
    guard let repository, let linked = try repository.linked.first(where: { $0.name == name }),
      !linked.own.isSamePath(as: target), try isOurs(linked, of: repository)
    else { return nil }
    return LostWorkTree(
      root: root, own: linked.own, project: repository.mainRoot ?? repository.root)
  }
}

extension GitConfig {
  /// The branch of the threads that version 0.1.0 has noted a repository to share; nil for none.
  var sharedBranch: String? {
    let isShared = get(StoreMark.threadsKey) == "true"
    return isShared ? get("watercooler.git.branch") : nil
  }
}
