/// How things stand: what an agent or a person looks at when something seems wrong.
package struct Health: Sendable {
  package let directory: ThreadsDirectory
  package let isDirectoryThere: Bool
  package let isWritable: Bool
  package let threadCount: Int
  package let entryCount: Int
  /// As git says it; nil where there is none. Local mode works without.
  package let gitVersion: String?
  /// Where the threads are shared; nil in local mode.
  package let remote: RemoteHealth?
  package let findings: [Finding]

  /// How the clone and its remote stand.
  package struct RemoteHealth: Sendable {
    /// Without secrets.
    package let url: String
    package let branch: String
    /// When the remote last answered; nil if it never did.
    package let asOf: Timestamp?
    /// What waits to be sent, and since when.
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
        Finding($0, meaning: "found while reading", mend: "wc doctor says more")
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
