internal import Platform

/// The check of git's own files for damage that a loss of power, or a disk, has done.
struct DamageCheck: OnClone {
  let open: OpenClone

  /// The first damage of HEAD, the refs, the index and the objects, in this order: the rest follows from it.
  func findings(_ deadline: Deadline) throws -> [Finding] {
    if let finding = try headFinding(deadline) { return [finding] }
    let refs = try [clone.branchRef, clone.trackingRef].compactMap { try refFinding($0, deadline) }
    if !refs.isEmpty { return refs }
    let index = try indexFindings(deadline)
    return try index.isEmpty ? objectFindings(deadline) : index
  }

  /// Keeps a file of git's as it was found, where it is in nobody's way; one that is gone is no file.
  /// - Returns: The end of a sentence, which says where it is now.
  private func moveAside(_ path: String) throws -> String {
    let directory = clone.path(of: .found)
    try Directory.make(directory)
    let copy = "\(directory)/\(path.lastName)-\(EntryID.make())"
    do {
      try File.move(path, to: copy, called: "move aside")
    } catch {
      if error.isNotFound { return "" }
      throw error
    }
    return "; as found: \(copy)"
  }

  // MARK: - Where the branch is

  private func headFinding(_ deadline: Deadline) throws -> Finding? {
    guard try recovery.isHeadDamaged() else { return nil }
    return Finding(
      CloneTrouble.damagedHead(clone.gitDirectory + "/HEAD", branch: clone.branch),
      meaning: "git takes \(clone.root) for no repository: nothing is sent and nothing comes"
    ).fixed { [self] in
      try clone.withLock(WriteLock.self, deadline: deadline) { _ in
        let copy = try moveAside(clone.gitDirectory + "/HEAD")
        let isFile = try repository.refs.areInFiles
        let line = "ref: \(isFile ? clone.branchRef : GitDirectory.unreadableHead)\n"
        try AtomicFile.replace("HEAD", in: clone.gitDirectory, with: Array(line.utf8))
        return "it names the branch \(clone.branch) again\(copy)"
      }
    }
  }

  private func refFinding(_ ref: String, _ deadline: Deadline) throws -> Finding? {
    guard try repository.refs.areInFiles,
      let file = try AtomicFile.readIfPresent("\(clone.commonDirectory)/\(ref)"),
      !file[...].trimmed.isObjectName, !file.starts(with: "ref: ".utf8)
    else {
      return nil
    }
    let commit = try lastReadable(ref)
    let finding = Finding(
      GitError.unreadableRef(ref, clone.root).message,
      meaning: "git does not know where the branch is; the thread files are as they were",
      mend: commit.map { "\(programName) doctor --fix puts it back to \($0), where it was last" }
        ?? renewal)
    guard let commit else { return finding }
    return finding.fixed { [self] in
      try clone.withLock(WriteLock.self, deadline: deadline) { lock in
        let copy = try moveAside("\(clone.commonDirectory)/\(ref)")
        try repository.refs.move(ref, to: commit, doing: "putting \(ref) back", holding: lock.held)
        try workTree.forget()
        return "it is at \(commit) again, and what the files have beyond it is taken in as an edit"
          + copy
      }
    }
  }

  /// The last commit in git's log of a ref that is there. What was written after it is in the files.
  private func lastReadable(_ ref: String) throws -> String? {
    let log = try AtomicFile.readIfPresent("\(clone.commonDirectory)/logs/\(ref)") ?? []
    let lines = log.split(separator: .lineFeed).suffix(20).reversed()
    let names = lines.compactMap { line -> String? in
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
      return words.count == 3 && words[1].isObjectName ? words[1].string : nil
    }
    return try names.first { name in
      try repository.run(.trees(name)).succeeded
    }
  }

  // MARK: - The index

  private func indexFindings(_ deadline: Deadline) throws -> [Finding] {
    let result = try repository.run(.readIndex)
    let index = clone.gitDirectory + "/index"
    guard !result.succeeded, try FileStatus.exists(index) else { return [] }
    if result.isRefused { throw GitError.failed("reading \(index)", result) }
    let finding = Finding(
      "git cannot read \(index): \(result.complaint)",
      meaning: "nothing can be written here; the commits and the thread files are as they were",
      mend: "\(programName) doctor --fix makes it anew from the last commit")
    return [
      finding.fixed { [self] in
        try clone.withLock(WriteLock.self, deadline: deadline) { lock in
          let copy = try moveAside(index)
          try repository.files.resetIndex(doing: "making the index anew", holding: lock.held)
          try workTree.forget()
          return "it is made anew from the last commit\(copy)"
        }
      }
    ]
  }

  // MARK: - Objects

  private func objectFindings(_ deadline: Deadline) throws -> [Finding] {
    let refs = try repository.output(.present(clone.refs), doing: "looking for the branch")
    if try refs.isEmpty || check(deadline).succeeded { return [] }
    // Objects that others write while git looks are missing to it, or half there: it looks again with nobody beside.
    let checked = try clone.withLock(FetchLock.self, deadline: deadline) { _ in
      try clone.withLock(WriteLock.self, deadline: deadline) { _ in try check(deadline) }
    }
    if checked.succeeded { return [] }
    if checked.isRefused { throw GitError.failed("looking at all objects", checked) }
    return [
      Finding(
        "git's objects are damaged: \(checked.complaint)",
        meaning: "commands may fail; what is pushed is safe in the remote, "
          + "what waits here is in the thread files",
        mend: renewal)
    ]
  }

  private func check(_ deadline: Deadline) throws -> CommandResult {
    // In full: a file's contents are not looked at otherwise.
    try repository.run(.check, until: deadline.limited(to: .seconds(20)))
  }

  private var renewal: String {
    "make a new clone, and give it the thread files: \(remote.newClone())"
  }
}

extension CommandResult {
  /// Git's first words of what is wrong, in one line.
  fileprivate var complaint: String {
    Redaction.redact(
      String(decoding: stderr + stdout, as: UTF8.self)
        .split(whereSeparator: \.isNewline).prefix(3).joined(separator: "; "))
  }
}
