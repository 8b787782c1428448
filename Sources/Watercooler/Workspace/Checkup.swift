package import Platform

extension Workspace {
  /// Everything that can be wrong: with the place of the threads, with them, and in cloud mode with clone and
  /// remote.
  package static func checkup(
    _ configuration: Configuration, deadline: Deadline
  ) throws -> [Finding] {
    let workspace: Workspace
    do {
      workspace = try Workspace(configuration, host: .terminal, settles: false)
    } catch let error as any ExplainedError
      where error is UnknownPlace || error is UnsharedPlace
    {
      return [
        Finding(error, meaning: "nothing is read or written here: it would not be what is shared")
      ]
    }
    // Whatever else there is to see is otherwise when these are mended.
    let unsettled = try workspace.unsettledFindings()
    return try unsettled.isEmpty ? workspace.checkup(deadline: deadline) : unsettled
  }

  private func checkup(deadline: Deadline) throws -> [Finding] {
    var findings: [Finding] = []
    do {
      if let sync = try sync(deadline: deadline) {
        findings += sync.doctor.checkup(until: deadline)
      }
      try Git(inheriting: configuration.environment).checkVersion(until: deadline)
    } catch let error as any ExplainedError {
      findings.append(Finding(error, meaning: "threads cannot be shared like this"))
    }
    return try findings + directoryFindings() + secretFindings() + Self.findings(of: try list())
  }

  /// The threads that have the shape of a secret in them: what was written by others, or before it was looked for.
  private func secretFindings() throws -> [Finding] {
    try store.topics().compactMap { topic in
      guard let bytes = try? AtomicFile.readIfPresent(store.path(of: topic)),
        case let found = SecretScan.all(in: bytes), let first = found.first
      else { return nil }
      let more = found.count > 1 ? ", and \(found.count - 1) more" : ""
      return Finding(
        topic: topic, "line \(first.line) has \(first.words)\(more)",
        meaning: "whoever can read these threads can use it",
        mend: "revoke it where it was issued: what was shared cannot be taken back from everywhere")
    }
  }

  /// Findings about a place where somebody began to make a clone, and about work trees that git does not find.
  private func unsettledFindings() throws -> [Finding] {
    if let lost = directory.remote?.lost {
      return [
        Finding(
          lost.message, meaning: "git does not know it; no thread is lost: the branch has them",
          mend: "nothing to do: the next command connects them again",
          fix: {
            let deadline = try configuration.deadline()
            return try openClone(deadline: deadline)?.notes.joined(separator: "; ") ?? ""
          })
      ]
    }
    let place = directory.place
    guard try place.isUnsettled else { return [] }
    return [
      Finding(
        "a '\(programName) init' at \(place.root) was cut off, or is at work this moment",
        meaning: "the threads are not shared yet as it was asked for; none is lost",
        mend: "nothing to do: the next command takes back what was begun, or finishes it",
        fix: {
          let deadline = try configuration.deadline()
          var notes = try place.settle(until: deadline)
          let workspace = try Workspace(configuration, host: .terminal)
          notes += try workspace.sync(deadline: deadline)?.notes ?? []
          if try place.isUnsettled {
            throw SystemError("settle", place.root, code: SystemError.denied)
          }
          return notes.isEmpty ? "finished" : notes.joined(separator: "; ")
        })
    ]
  }

  /// The findings about the place of the threads.
  func directoryFindings() throws -> [Finding] {
    var findings: [Finding] = []
    if try FileStatus.exists(directory.path), !FileAccess.writing.isGranted(at: directory.path) {
      findings.append(
        Finding(
          "\(directory.path) cannot be written to", meaning: "every write is refused",
          mend: "give yourself permission to it, or choose another place with --dir"))
    }
    if isCloud, let local = try localThreads() {
      findings.append(
        Finding(
          "the threads in \(local) are not shared", meaning: "only this machine can read them",
          mend: "\(programName) init URL --import takes them along"))
    }
    return findings
  }

  /// The findings about single threads. None of them hides the others.
  static func findings(of threads: [ThreadSummary]) -> [Finding] {
    threads.flatMap { thread -> [Finding] in
      var findings: [Finding] = []
      if let error = thread.unreadable {
        findings.append(
          Finding(error, topic: thread.topic, meaning: "nobody here sees what is in it"))
      } else if let problem = thread.problem {
        findings.append(
          Finding(
            topic: thread.topic, problem,
            meaning: "it is shown as far as it can be read, and not written to",
            mend: "mend that line of \(thread.path) in an editor"))
      }
      if thread.entryCount > Health.manyEntries {
        findings.append(
          Finding(
            topic: thread.topic, "\(thread.entryCount) entries",
            meaning: "it takes long to read, for people and agents",
            mend: "close it, and go on in a new thread"))
      }
      return findings
    }
  }
}
