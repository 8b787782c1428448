package import Platform

extension Workspace {
  /// Whether the threads are shared through a remote.
  package var isCloud: Bool { directory.remote != nil }

  /// Sync with the remote; nil in local mode. A configured repository is cloned at first use, and an import
  /// that was cut off is finished.
  func sync(deadline: Deadline) throws -> GitProcessSync? {
    guard let remote = directory.remote else { return nil }
    if remote.lost == nil, try !FileStatus.exists(remote.root + "/.git") {
      let (git, settings) = try gitForSync(url: remote.url)
      guard let url = remote.url else { throw GitError.notARepository(remote.root) }
      let plan = ClonePlan(
        url: url, root: remote.root, path: remote.path, branch: configuration[.gitBranch]?.text,
        makesBranch: false)
      tell("cloning \(Redaction.redact(url))")
      try plan.make(git, program: settings.program, until: try cloneDeadline(deadline)) {
        configuration.readGitConfig(of: remote.root)
        if let made = try openClone(deadline: deadline) { finishSharing(made) }
      }
      configuration.readGitConfig(of: remote.root)
    }
    guard let sync = try openClone(deadline: deadline) else { return nil }
    guard let imported = try finishImport(sync, until: deadline) else { return sync }
    return sync.noting(imported.delivery.notes)
  }

  /// Imports the threads of this machine that wait for it beside the clone.
  /// - Parameter patience: Until when somebody who is at it is waited for; by default so short that reads go on.
  /// - Returns: How many that were, and how far they have got; nil where none wait.
  func finishImport(
    _ sync: GitProcessSync, patience: Deadline? = nil, until deadline: Deadline
  ) throws -> (count: Int, delivery: Delivery)? {
    let place = StorePlace(sync.clone.root)
    guard try place.isImporting else { return nil }
    let turn = patience ?? sync.shortTurn
    let imported: (count: Int, notes: [String])?
    do {
      imported = try place.withLock(until: turn) {
        // Somebody else may have done it meanwhile.
        try place.isImporting ? sync.takeIn(place.importing) : nil
      }
    } catch let error where patience == nil && error.isNoTurn {
      var delivery = Delivery(.queued)
      delivery.notes = ["the threads in \(place.importing) are not imported yet: \(error)"]
      return (0, delivery)
    }
    return imported.map { sync.sent($0, until: deadline) }
  }

  /// The clone for an operation that only looks; nil in local mode, and where nothing is cloned yet. No contact with
  /// the remote.
  func openClone(deadline: Deadline) throws -> GitProcessSync? {
    guard let remote = directory.remote else { return nil }
    if remote.lost == nil, try !FileStatus.exists(remote.root + "/.git") { return nil }
    let (git, settings) = try gitForSync(url: remote.url)
    let note = try remote.lost?.reconnect(git, until: deadline)
    if remote.isPlain { try adopt(remote, git, settings, until: deadline) }
    let clone = try Clone.open(remote.root, path: remote.path, branch: try branch(of: remote))
    let sync = GitProcessSync(
      clone, git: git, settings: settings, deadline: deadline,
      notes: notes + [note].compactMap { $0 })
    if !remote.isMarked || remote.lost != nil || wasCutOff { mark(remote, sync) }
    return sync
  }

  /// Makes a clone that a person has made with git alone one of ours: from its next use on it is found by its mark.
  private func adopt(
    _ remote: ThreadsDirectory.Remote, _ git: Git, _ settings: SyncSettings,
    until deadline: Deadline
  ) throws {
    guard let directory = try GitDirectory.at(remote.root) else { return }
    let own = try Repository(directory, git: git, deadline: deadline).refs.branch()
    guard let branch = configuration[.gitBranch]?.text ?? own else { return }
    let kept = [
      (StoreMark.threadsKey, "true"), (Setting.gitBranch.gitKey, branch),
      (Setting.gitPath.gitKey, remote.path),
    ]
    for (key, value) in kept + MergeDriver.configuration(program: settings.program)
    where !value.isEmpty {
      try git.setConfig(key, to: value, in: remote.root, until: deadline)
    }
    try ThreadAttributes.add(gitDirectory: directory.common, path: remote.path)
    configuration.forgetGitConfig()
    configuration.readGitConfig(of: remote.root)
  }

  /// Marks a work tree that version 0.1.0 has made, and notes for the reader where one is now. It can be used
  /// without either, and the next command tries again.
  private func mark(_ remote: ThreadsDirectory.Remote, _ sync: GitProcessSync) {
    finishSharing(sync)
    guard let directory = try? GitDirectory.at(remote.root) else { return }
    let mark = remote.branch.map { StoreMark(branch: $0, at: remote.root, of: directory) }
    try? (mark ?? StoreMark()).write(gitDirectory: directory.own)
  }

  /// The branch that the threads are on. In a person's repository it is the mark's alone: every other one is
  /// the person's.
  private func branch(of remote: ThreadsDirectory.Remote) throws -> String {
    let given = configuration.given(.gitBranch)?.text
    if let branch = remote.branch {
      if let given, given != branch {
        throw UnsharedPlace.otherBranch(remote.root, branch: branch, configured: given)
      }
      return branch
    }
    return given ?? configuration[.gitBranch]?.text
      ?? configuration.gitConfig.get("init.defaultbranch") ?? "main"
  }

  /// A clone takes as long as the repository is large.
  func cloneDeadline(_ deadline: Deadline) throws -> Deadline {
    .after(
      .seconds(try configuration.number(.cloneTimeout)), cancellation: deadline.cancellation)
  }

  /// The settings, and git with the environment that they ask for.
  func gitForSync(url: String?) throws -> (Git, SyncSettings) {
    let config = configuration.gitConfig
    var settings = SyncSettings()
    settings.freshness = .milliseconds(Int(try configuration.number(.freshness) * 1000))
    if let (name, email) = commitAuthor { (settings.author, settings.email) = (name, email) }
    settings.isAuthorConfigured = [Setting.gitAuthor, .gitEmail].contains { isGiven($0) }
    settings.subject = configuration[.gitSubject]?.text ?? settings.subject
    settings.isSigning = config.isTrue("commit.gpgsign")
    // Without one, git's own merge marks a conflict.
    settings.program = ProgramFile.path ?? ProgramArguments.all?.first ?? ""
    settings.url = url ?? config.get("remote.\(Clone.remote).url")
    settings.token = try token()
    settings.ssh.key = try readable(.sshKey)
    settings.ssh.knownHosts = configuration[.knownHosts].map { configuration.absolute($0.text) }
    settings.ssh.isShared = try configuration.isOn(.sshShare)
    settings.ssh.coreCommand = config.get("core.sshcommand")
    let git = try Git(inheriting: configuration.environment)
    return (settings.git(git, inherited: configuration.environment), settings)
  }

  private func isGiven(_ setting: Setting) -> Bool {
    configuration[setting].map { $0.origin != .builtIn } ?? false
  }

  /// The author of commits: as it is configured here, else the person that git knows. Nil for neither.
  private var commitAuthor: (name: String, email: String)? {
    let defaults = SyncSettings()
    let given = [Setting.gitAuthor, .gitEmail].map { isGiven($0) ? configuration[$0]?.text : nil }
    // One of them alone goes with what the other was before: a person's address under another name is nobody's.
    if given != [nil, nil] { return (given[0] ?? defaults.author, given[1] ?? defaults.email) }
    // Not GIT_AUTHOR_NAME: in a hook of git it is the author of the commit that is made there.
    func known(_ keys: String...) -> String? {
      let words = keys.compactMap { configuration.gitConfig.get($0)?.onOneLine }
      return words.map { Bytes($0).trimmed.string }.first { !$0.allSatisfy { "<>".contains($0) } }
    }
    guard let name = known("author.name", "user.name") else { return nil }
    return (name, known("author.email", "user.email") ?? defaults.email)
  }

  private func token() throws -> String? {
    guard let path = try readable(.tokenFile) else { return nil }
    if FileStatus.ifKnown(path)?.isOpenToOthers == true {
      throw ConfigurationError.badSecret(.tokenFile, path: path, reason: "others may read it")
    }
    return try AtomicFile.read(path)[...].trimmed.string
  }

  /// The path of a secret, which must be there: git would ask, or say something else entirely.
  private func readable(_ setting: Setting) throws -> String? {
    guard let value = configuration[setting] else { return nil }
    let path = configuration.absolute(value.text)
    guard let refusal = FileAccess.reading.refusal(at: path) else { return path }
    throw ConfigurationError.badSecret(setting, path: path, reason: refusal.reason)
  }
}

extension Workspace {
  /// This workspace with what the remote has, for a read; itself in local mode.
  /// - Parameter age: How old a contact of any process may be that does for this one too; by default
  ///   as it is configured.
  package func refreshed(sharing age: Duration? = nil, deadline: Deadline) throws -> Workspace {
    guard let sync = try sync(deadline: deadline) else { return self }
    var workspace = self
    workspace.readingDeadline = deadline
    tell("asking the remote")
    workspace.freshness = try sync.refresh(
      sharing: age ?? sync.settings.freshness, until: deadline)
    return workspace
  }

  /// This workspace as its files are now, without a contact.
  /// - Parameter problem: Why the latest one brought nothing.
  func asItIs(
    problem: (any ExplainedError)?, until deadline: Deadline
  ) throws -> Workspace {
    guard let sync = try openClone(deadline: deadline) else { return self }
    var workspace = self
    workspace.readingDeadline = deadline
    workspace.freshness = sync.freshness(problem: problem)
    return workspace
  }

  /// The time since the remote last answered any process of the clone; nil where that is not known.
  func contactAge(deadline: Deadline) -> Duration? {
    let age = try? openClone(deadline: deadline)?.clone.contact.age
    return age.flatMap { $0 >= .zero ? $0 : nil }
  }

  /// Sends what waits, and takes in what others sent.
  /// - Throws: `WorkspaceError.localMode` where there is no remote.
  package func synchronize(deadline: Deadline) throws -> Delivery {
    guard let sync = try sync(deadline: deadline) else { throw WorkspaceError.localMode }
    return try sync.synchronize(until: deadline)
  }

  /// Sends what waits here, if the clone is made already and something does.
  package func sendOutbox(deadline: Deadline) throws {
    guard let sync = try openClone(deadline: deadline), try !sync.outbox.waiting().isEmpty else {
      return
    }
    _ = try sync.synchronize(until: deadline)
  }

  /// The summary of the log of the clone's contacts. No contact with the remote.
  package func statistics(deadline: Deadline) throws -> SyncStatistics {
    if !isCloud { throw WorkspaceError.localMode }
    return try openClone(deadline: deadline)?.statistics ?? SyncStatistics([])
  }

  /// The writes that are not pushed yet, the oldest first. No contact with the remote.
  package func outbox(deadline: Deadline) throws -> [CloneCommit] {
    if !isCloud { throw WorkspaceError.localMode }
    return try openClone(deadline: deadline)?.outbox.listed() ?? []
  }

  /// How much waits here, and the time of the first; when the remote last answered. No contact with it.
  package func syncStatus(
    deadline: Deadline
  ) throws -> (waiting: Int, waitingSince: Timestamp?, asOf: Timestamp?) {
    guard let sync = try openClone(deadline: deadline) else { return (0, nil, nil) }
    let (waiting, since) = try sync.outbox.count()
    return (waiting, since, sync.clone.contact.time)
  }

  /// Takes back what is not pushed yet, by its Entry-ID.
  /// - Returns: What it was, and sentences for people about it.
  package func dropFromOutbox(
    _ text: String, deadline: Deadline
  ) throws -> (change: CloneCommit, notes: [String]) {
    guard let sync = try sync(deadline: deadline) else { throw WorkspaceError.localMode }
    guard let id = EntryID(text) else { throw WorkspaceError.invalidEntryID(text) }
    guard let dropped = try sync.outbox.drop(id, until: deadline) else {
      throw WorkspaceError.notInOutbox(id)
    }
    return dropped
  }

  /// The commits of a thread, or of all, the newest first.
  package func history(
    of name: String?, limit: Int, deadline: Deadline
  ) throws -> [CloneCommit] {
    guard let sync = try sync(deadline: deadline) else { throw WorkspaceError.localMode }
    let topic = try name.map { try store.read(try self.topic($0)).topic }
    return try sync.past.commits(of: topic, limit: limit, isShown: true)
  }
}
