package import Platform

/// A request to share threads: what `wc init` is told beyond a plain directory. Its texts are as they were given.
package struct SharingRequest: Sendable {
  /// The repository to clone; nil for a branch of the code repository here.
  package var url: String?
  /// The branch for the threads, which is begun where the remote does not have it. For a clone nil takes the
  /// configured one, else the remote's default.
  package var branch: String?
  /// The directory of the threads in the repository; for a clone nil takes the configured one, else the root.
  package var path: String?
  /// Whether threads that are there already are taken along.
  package var imports = false

  package init() {}
}

/// The result of a request to share threads.
package struct SharingResult: Sendable {
  /// The threads directory.
  package let path: String
  /// Whether the clone or the linked work tree was made now, rather than found.
  package let isNew: Bool
  /// The number of threads of this machine that were taken along, those that cannot be read among them.
  package let imported: Int
  /// The delivery of the imported threads; nil where there was nothing to send.
  package let delivery: Delivery?
}

extension Workspace {
  /// Shares the threads of this directory through a remote: a clone in its place, or a branch of its
  /// own in the code repository around it. What an earlier run began and did not finish is finished.
  package func share(_ request: SharingRequest, deadline: Deadline) throws -> SharingResult {
    let place = directory.place
    if try place.isUnsettled { _ = try place.settle(until: deadline) }
    let local = try localThreads()
    let isHere = local?.isSamePath(as: place.root) == true
    if let local, isHere, !request.imports {
      throw SharingError.localThreads(local, try ThreadStore(directory: local).topics().count)
    }
    if let local, request.imports { try refuseSecrets(inThreadsOf: local) }
    let isNew = try makeShared(request, place.root, deadline)
    var shared = try workspace(of: place.root)
    shared.allowsSecrets = allowsSecrets
    guard let sync = try shared.openClone(deadline: deadline) else {
      throw SharingError.notShared(place.root)
    }
    if let branch = request.branch, branch != sync.clone.branch {
      throw SharingError.otherBranch(place.root, sync.clone.branch, asked: branch)
    }
    if !isNew {
      try shared.check(sync, isAsIn: request)
      if let branch = request.branch { try sync.remote.ask(for: branch, until: deadline) }
      try? sync.doctor.registerMergeDriver()
      shared.finishSharing(sync)
    }
    if !sync.clone.isLinked { shared.keepAccess() }
    let (count, delivery) =
      try shared.imported(
        from: request.imports && !isHere ? local : nil, sync, until: deadline)
    // Threads that an earlier run took along, and could not send.
    let isLeft = delivery == nil && request.imports && !isNew
    return SharingResult(
      path: shared.directory.path, isNew: isNew, imported: count,
      delivery: isLeft ? sync.sender.deliver(until: deadline) : delivery)
  }

  /// Keeps in the clone's own configuration what only this environment says of the way to the remote: cron has another
  /// one. A clone works without, where it is started as it was now.
  private func keepAccess() {
    for setting in [Setting.sshKey, .knownHosts, .tokenFile] {
      guard let given = configuration.given(setting) else { continue }
      let path = configuration.absolute(given.text)
      if configuration.gitConfig.setting(normalized: setting.gitKey)?.value == path { continue }
      try? configuration.set(setting, to: path)
    }
  }

  /// The threads in a directory, as it is now.
  /// - Parameter url: The repository that a person has cloned there with git alone.
  private func workspace(of root: String, cloned url: String? = nil) throws -> Workspace {
    var flags = [Setting.directory: root]
    flags[.gitRepo] = url
    let configuration = Configuration(
      flags: flags, environment: configuration.environment,
      workingDirectory: configuration.workingDirectory)
    return try Workspace(configuration, host: .terminal, settles: false)
  }

  /// The note and the exclude that belong to shared threads, outside their work tree: without them all works, until
  /// somebody removes it, or commits it.
  func finishSharing(_ sync: GitProcessSync) {
    excludeFromProject(sync.clone.root)
    try? noteSharing(sync)
  }

  /// Makes sure that what is here already is a clone of what was asked for.
  private func check(_ sync: GitProcessSync, isAsIn request: SharingRequest) throws {
    if let path = request.path, path.normalizedInRepository != sync.clone.path {
      throw SharingError.otherPath(sync.clone.root, sync.clone.path, asked: path)
    }
    guard let asked = request.url else { return }
    let url = configuration.gitConfig.get("remote.\(Clone.remote).url") ?? ""
    if !sync.clone.isLinked, configuration.comparable(url) == configuration.comparable(asked) {
      return
    }
    throw SharingError.otherRepository(
      sync.clone.root, Redaction.url(url), asked: Redaction.url(asked))
  }

  /// Imports what waits for it in the place of the clone, else the threads of another directory.
  /// - Returns: How many threads that were, and how far they have got; nil for none.
  private func imported(
    from directory: String?, _ sync: GitProcessSync, until deadline: Deadline
  ) throws -> (count: Int, delivery: Delivery?) {
    let place = StorePlace(sync.clone.root)
    if let directory { try place.takeAside(directory, until: deadline) }
    if let finished = try finishImport(sync, patience: deadline, until: deadline) {
      return finished
    }
    // Threads on another disk are where they were; of others that are gone somebody else has seen to the import.
    guard let directory, try FileStatus.exists(directory) else { return (0, nil) }
    return try sync.importThreads(from: directory, until: deadline)
  }

  /// Notes for the reader how the threads are shared, in case somebody removes the clone.
  private func noteSharing(_ sync: GitProcessSync) throws {
    let mark = StoreMark(
      url: sync.clone.isLinked ? nil : sync.settings.url.map(Redaction.url),
      branch: sync.clone.branch, path: sync.clone.path.isEmpty ? nil : sync.clone.path)
    for directory in Set([sync.clone.root, sync.clone.threads]) {
      let note = ThreadsDirectory.noteOfSharing(directory, configuration)
      try mark.write(fileName: note.lastName, in: note.parentPath)
    }
  }

  /// A directory with threads of this machine: in the place of the threads, or the nearest upward.
  func localThreads() throws -> String? {
    let places = [
      directory.remote?.root ?? directory.path, try ThreadsDirectory.nearest(configuration),
    ]
    return try places.compactMap { $0 }.first { place in
      // An odd place is none of ours that could be used.
      if case .store? = try? StoreSearch(configuration: configuration).place(of: place) {
        return false
      }
      if try FileStatus.exists(place + "/.git") { return false }
      return try !ThreadStore(directory: place).topics().isEmpty
    }
  }

  /// - Returns: Whether it was made now.
  private func makeShared(
    _ request: SharingRequest, _ root: String, _ deadline: Deadline
  ) throws -> Bool {
    let isAnother = request.branch != nil && request.branch != directory.remote?.branch
    if directory.remote?.lost != nil, !isAnother { return false }
    let (git, settings) = try gitForSync(url: request.url)
    let until = try cloneDeadline(deadline)
    func finish() throws {
      let shared = try workspace(of: root)
      if let sync = try shared.openClone(deadline: until) { shared.finishSharing(sync) }
    }
    if let url = request.url {
      let branch = request.branch ?? configuration[.gitBranch]?.text
      let path = (request.path ?? configuration[.gitPath]?.text ?? "").normalizedInRepository
      if directory.remote == nil, let plain = try PlainClone(root, configuration),
        plain.isClone(of: url), try plain.hasOnlyThreads
      {
        let count = try ThreadStore(directory: root).topics().count
        if count > 0, !request.imports, try plain.urlOfSharedThreads() == nil {
          throw SharingError.localThreads(root, count)
        }
        _ = try workspace(of: root, cloned: url).openClone(deadline: until)
        return false
      }
      return try ClonePlan(
        url: url, root: root, path: path, branch: branch, makesBranch: request.branch != nil
      ).make(
        git, program: settings.program, takesLocal: request.imports, until: until, finish: finish)
    }
    guard let branch = request.branch else { return false }
    if directory.remote?.root == root, try FileStatus.exists(root + "/.git") { return false }
    // Around the place first: that is where the threads will be looked for.
    guard
      let project = try ThreadsDirectory.project(of: root.parentPath)
        ?? ThreadsDirectory.project(of: configuration.workingDirectory)
    else { throw SharingError.noProject }
    let isKnown = try FileStatus.exists(ThreadsDirectory.noteOfSharing(root, configuration))
    return try OwnBranch(
      project: project, root: root, branch: branch, isKnown: isKnown, settings: settings
    )
    .make(
      git, program: settings.program, takesLocal: request.imports, until: until, finish: finish)
  }

  /// A work tree inside a project is nothing that the project should offer to commit.
  private func excludeFromProject(_ root: String) {
    guard let project = try? ThreadsDirectory.project(of: root.parentPath),
      let git = try? Git(inheriting: configuration.environment),
      let repository = try? Repository.at(project, git: git, deadline: .after(.seconds(10))),
      let file = try? repository.files.path(of: "info/exclude")
    else { return }
    let line = root.dropFirst(project.count) + "/"
    // A file that cannot be read is somebody's all the same: it is left alone.
    guard let bytes = try? AtomicFile.readIfPresent(file) ?? [] else { return }
    var text = bytes[...].string
    if text.split(separator: "\n").contains(line) { return }
    if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
    try? Directory.make(file.parentPath)
    _ = try? AtomicFile.replace(
      file.lastName, in: file.parentPath, with: Array("\(text)\(line)\n".utf8))
  }
}

/// Why threads cannot be shared as asked.
package enum SharingError: ExplainedError, Equatable {
  case localThreads(String, Int)
  case noProject
  case notShared(String)
  case otherBranch(String, String, asked: String)
  case otherRepository(String, String, asked: String)
  case otherPath(String, String, asked: String)

  package var message: String {
    switch self {
    case .localThreads(let root, let count): "\(root) has \(count) threads of this machine"
    case .noProject: "there is no git work tree here whose branch could hold the threads"
    case .notShared(let root): "\(root) is a git work tree, but no clone of threads"
    case .otherBranch(let root, let branch, let asked):
      "the threads in \(root) are on the branch '\(branch)' already, not on '\(asked)'"
    case .otherRepository(let root, let url, let asked):
      "the threads in \(root) are shared through \(url) already, not through \(asked)"
    case .otherPath(let root, let path, let asked):
      "the threads in \(root) are in '\(path.isEmpty ? "/" : path)' of their repository already, not in '\(asked)'"
    }
  }

  package var hint: String? {
    switch self {
    case .localThreads: "add --import to take them along"
    case .noProject: "run this in a project, or name a repository: \(programName) init URL"
    case .notShared, .otherBranch, .otherRepository, .otherPath: "choose another place with --dir"
    }
  }
}

extension String {
  /// The URL of a repository without what git adds to one that it does not find: `.git`, `/.git`, slashes.
  var withoutRepositorySuffix: String {
    var url = hasPrefix("file://") ? dropFirst("file://".count) : self[...]
    while url.hasSuffix("/") { url.removeLast() }
    if url.hasSuffix(".git") { url.removeLast(4) }
    while url.hasSuffix("/") { url.removeLast() }
    return String(url)
  }
}

extension Configuration {
  /// A URL, or the path of a repository, in the one form that several ways to write it have.
  func comparable(_ url: String) -> String {
    let url = (url.hasPrefix("file:///") ? String(url.dropFirst(7)) : url).withoutRepositorySuffix
    return url.contains(":") ? url : absolute(url).resolved
  }
}
