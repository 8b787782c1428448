internal import Platform

/// A commit that is to be made: the bytes of some files on a parent.
struct CommitDraft: Sendable {
  /// The commit that it goes on; nil for a branch's first one.
  var parent: String?
  /// The tree that all else is as in; nil for the parent's.
  var tree: String?
  /// By their paths from the root; nil for one that is not to be there.
  var files: [String: [UInt8]?] = [:]
  /// Those of them that are programs, for all that is known: a file keeps the mode that it has.
  var executables: Set<String> = []
  var message: String
  /// The author, where somebody else commits: a commit that is made anew keeps its own.
  var author: Authorship?
}

/// The author of a commit, and the moment.
struct Authorship: Sendable, Equatable {
  let name: String
  let email: String
  /// As git writes it raw: seconds since 1970, and a time zone.
  let date: String
}

/// In whose name commits are made here.
struct Committer: Sendable, Equatable {
  let name: String
  let email: String
  let isSigning: Bool

  /// A signature that asks for a passphrase would wait for ever.
  private static let patience = Duration.seconds(5)

  fileprivate func end(_ deadline: Deadline) -> Deadline {
    isSigning ? deadline.limited(to: Self.patience) : deadline
  }
}

/// A commit that may be sent, and what it was made on: the remote has to be there, or it is not taken.
struct Candidate: Sendable, Equatable {
  let commit: String
  /// Nil where the remote must not have the branch yet.
  let parent: String?
}

extension Repository {
  /// Makes a commit from bytes; nothing is read back from the work tree, and no blob of the parent's is needed.
  func commit(_ draft: CommitDraft, by committer: Committer) throws(GitError) -> Candidate {
    let made = try make(draft, by: committer, moving: nil)
    return Candidate(commit: made, parent: draft.parent)
  }

  /// Makes a commit from bytes, and moves a branch to it, if the commit contains what the branch names then. A
  /// signed one moves it from its parent alone.
  /// - Returns: Nil where the branch is elsewhere; then it stays there.
  func commit(
    _ draft: CommitDraft, by committer: Committer, moving branch: String
  ) throws(GitError) -> Candidate? {
    do {
      let made = try make(draft, by: committer, moving: branch)
      return Candidate(commit: made, parent: draft.parent)
    } catch {
      // Git ended by itself, and what the branch names tells whether it was for that.
      guard case .failed = error, try refs.commit(at: branch) != draft.parent else { throw error }
      return nil
    }
  }

  private func make(
    _ draft: CommitDraft, by committer: Committer, moving branch: String?
  ) throws(GitError) -> String {
    let isSigned = committer.isSigning
    var imported = FastImport(branch: isSigned ? nil : branch)
    for path in draft.executables { imported.modes[path] = FastImport.executable }
    var made = try run(imported, draft, committer)
    if !made.others.isEmpty {
      // The modes that the parent has are known only now, where the file system does not tell them.
      imported.modes.merge(made.others) { _, known in known }
      let first = made.commit
      imported.branch = nil
      made = try run(imported, draft, committer)
      if let branch, !isSigned {
        try refs.move(branch, to: made.commit, from: first, doing: "moving \(branch)")
      }
    }
    if !isSigned { return made.commit }
    let signed = try sign(try objects.tree(of: made.commit), draft, by: committer)
    if let branch {
      try refs.move(branch, to: signed, from: draft.parent ?? "", doing: "moving \(branch)")
    }
    return signed
  }

  private func run(
    _ imported: FastImport, _ draft: CommitDraft, _ committer: Committer
  ) throws(GitError) -> FastImport.Made {
    let doing = "git commit"
    let result = try run(
      .makeCommit(dates: draft.author == nil ? .now : .raw),
      input: .bytes(imported.stream(draft, by: committer)))
    guard result.succeeded, result.stdoutDiscarded == 0 else {
      removeReports()
      throw failure(doing, result)
    }
    return try FastImport.Made(result.stdout, draft, assuming: imported.modes, doing)
  }

  /// Removes what an import that failed has written into the git directory for whoever looks for its reason: it
  /// is in its words, too, and has everybody's in it.
  private func removeReports() {
    let names = try? Directory.names(in: own) { $0.hasPrefix("fast_import_crash_") }
    for path in (names ?? []).map({ "\(own)/\($0)" }) {
      // An older one is somebody's.
      if let age = FileStatus.ifKnown(path)?.age, age < .seconds(60) { try? File.remove(path) }
    }
  }

  /// Makes a signed commit of a tree, which an import cannot.
  private func sign(
    _ tree: String, _ draft: CommitDraft, by committer: Committer
  ) throws(GitError) -> String {
    var variables: [String: String] = [:]
    if let author = draft.author {
      variables = [
        "GIT_AUTHOR_NAME": author.name, "GIT_AUTHOR_EMAIL": author.email,
        "GIT_AUTHOR_DATE": author.date,
      ]
    }
    let doing = "git commit"
    let made = try output(
      .sign(tree, parent: draft.parent), doing: doing,
      input: .bytes(Array(draft.message.utf8)), adding: variables, until: committer.end(deadline))
    return try GitOutput.objectName(made, doing)
  }
}
