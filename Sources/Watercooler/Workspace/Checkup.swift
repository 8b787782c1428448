internal import Foundation

extension Workspace {
  /// Everything that can be wrong: with the threads, and in cloud mode with clone and remote.
  package func checkup(deadline: Deadline) throws -> [Finding] {
    var findings: [Finding] = []
    do {
      if let sync = try sync(deadline: deadline) { findings += sync.checkup(until: deadline) }
      try Git(inheriting: configuration.environment).checkVersion(until: deadline)
    } catch let error as any ExplainedError {
      findings.append(Finding(error, meaning: "threads cannot be shared like this"))
    }
    return try findings + directoryFindings() + Self.findings(of: try list())
  }

  /// What is wrong with the place of the threads.
  func directoryFindings() throws -> [Finding] {
    var findings: [Finding] = []
    if try FileStatus.exists(directory.path), access(directory.path, W_OK) != 0 {
      findings.append(
        Finding(
          "\(directory.path) cannot be written to", meaning: "every write is refused",
          mend: "give yourself permission to it, or choose another place with --dir"))
    }
    if isCloud, let local = try localThreads() {
      findings.append(
        Finding(
          "the threads in \(local) are not shared", meaning: "only this machine can read them",
          mend: "wc init URL --import takes them along"))
    }
    return findings
  }

  /// What is wrong with single threads. None of it hides the others.
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
