package import Platform

/// The state of the threads and of what they are kept with, for an agent or a person to whom something seems wrong.
package struct Health: Sendable {
  package let directory: ThreadsDirectory
  /// Whether the directory is there; else the first write makes it.
  package let isDirectoryThere: Bool
  /// Whether the directory can be written to; false also where it is not there.
  package let isWritable: Bool
  /// The threads and entries of the files here. A thread that cannot be read counts as one without entries.
  package let threadCount: Int
  package let entryCount: Int
  /// As git says it; nil where there is none. Local mode works without.
  package let gitVersion: String?
  /// The state of the clone and its remote; nil in local mode, and where it could not be told, which is a finding.
  package let remote: RemoteHealth?
  package let findings: [Finding]

  /// The state of a clone and its remote.
  package struct RemoteHealth: Sendable {
    /// The remote's URL without secrets; `unknown` where nothing says it.
    package let url: String
    /// The name of the branch that the threads are on.
    package let branch: String
    /// When the remote last answered; nil if it never did.
    package let asOf: Timestamp?
    /// The number of entries and changes that wait to be sent, and the time of the first; nil where none wait.
    package let waiting: Int
    package let waitingSince: Timestamp?
    package let statistics: SyncStatistics
  }

  /// A thread of more entries than this should go on in a new one.
  package static let manyEntries = 500
}

extension Workspace {
  /// Looks at every thread, and at what they are kept with.
  package func health(deadline: Deadline) throws -> Health {
    var findings: [Finding] = []
    // First, as it may bring threads.
    let remote = try remoteHealth(deadline: deadline, &findings)
    let threads = try list()
    findings += try directoryFindings() + Self.findings(of: threads)
    let version = try? Git(inheriting: configuration.environment).version(until: deadline)
    return Health(
      directory: directory,
      isDirectoryThere: try FileStatus.exists(directory.path),
      isWritable: FileAccess.writing.isGranted(at: directory.path),
      threadCount: threads.count, entryCount: threads.reduce(0) { $0 + $1.entryCount },
      gitVersion: version.map { "\($0)" }, remote: remote, findings: findings)
  }

  /// Asks the remote, as a read does; what is wrong with it is a finding.
  private func remoteHealth(
    deadline: Deadline, _ findings: inout [Finding]
  ) throws -> Health.RemoteHealth? {
    guard isCloud else { return nil }
    do {
      guard let sync = try sync(deadline: deadline) else { return nil }
      let freshness = try sync.refresh(sharing: .zero, until: deadline)
      // The others are among the notes.
      if let problem = freshness.remoteProblem {
        findings.append(Finding(problem, meaning: "what is shown may be old"))
      }
      findings += freshness.notes.map {
        Finding($0, meaning: "found while reading", mend: "\(programName) doctor says more")
      }
      return Health.RemoteHealth(
        url: Redaction.redact(sync.settings.url ?? "unknown"), branch: sync.clone.branch,
        asOf: freshness.asOf, waiting: freshness.outbox.changeCount,
        waitingSince: freshness.outbox.first?.time, statistics: sync.statistics)
    } catch let error as any ExplainedError {
      findings.append(Finding(error, meaning: "what is shown may be old"))
      return nil
    }
  }
}
