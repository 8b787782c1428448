package import Platform

/// The lock of one topic that the Python tool holds while it rewrites a thread's file: `.TOPIC.lock`, created
/// exclusively, with the number of its process in it. A write of ours to threads of this machine holds it, too.
package struct LegacyLock: Sendable {
  /// An absolute path.
  package let path: String

  package init(of topic: Topic, in directory: String) { path = "\(directory)/.\(topic).lock" }

  /// The time after which the Python tool takes one for forgotten.
  private static let lifetime = Duration.seconds(10)
  /// How long somebody else's is waited for.
  private static let patience = Duration.seconds(2)

  /// The holder of a lock that is there.
  package struct Holder: Sendable {
    /// Nil where the file does not say it.
    package let process: Int32?
    package let age: Duration

    /// Whether nobody holds it any more: it is old, or of a process of this machine that has ended.
    package var isGone: Bool {
      age > LegacyLock.lifetime || process.map(ProcessSignal.isGone) ?? false
    }
  }

  /// Nil where nobody holds it.
  package var holder: Holder? {
    get throws {
      guard let status = try FileStatus.of(path, followingLinks: false) else { return nil }
      // Python writes the number alone.
      let text = (try? AtomicFile.readIfPresent(path))?.flatMap { $0[...].trimmed.string } ?? ""
      let number = text.hasPrefix("pid=") ? text.dropFirst(4).prefix { $0.isNumber } : text[...]
      return Holder(process: Int32(number), age: max(.zero, status.age))
    }
  }

  /// Removes it, whoever holds it.
  package func remove() throws(SystemError) { try File.remove(path) }

  /// - Throws: `LegacyLockError` while somebody else holds it, and what `body` throws.
  func withLock<T>(until deadline: Deadline, _ body: () throws -> T) throws -> T {
    let end = deadline.limited(to: Self.patience)
    while try !take() {
      guard let holder = try holder else { continue }
      if holder.isGone {
        try? File.remove(path)
      } else if end.hasPassed {
        throw LegacyLockError(path: path, process: holder.process)
      } else {
        pauseThread(for: .milliseconds(20))
      }
    }
    defer { try? File.remove(path) }
    return try body()
  }

  /// Whether it is ours then. Where the directory cannot be written to, the thread cannot either, and says so.
  ///
  /// The number is in it from its first moment: one without would be waited for, whoever was killed there. The
  /// temporary file is that of the directory, whose lock the caller holds.
  private func take() throws -> Bool {
    let temporary = "\(path.parentPath)/\(AtomicFile.temporaryName)"
    do throws(SystemError) {
      try? File.remove(temporary)
      defer { try? File.remove(temporary) }
      try write(to: temporary)
      do {
        try File.makeHardLink(path, to: temporary)
      } catch  where !error.isTaken {
        // Some file systems have no hard links.
        try write(to: path)
      }
    } catch {
      return !error.isTaken
    }
    return true
  }

  private func write(to path: String) throws(SystemError) {
    try FileDescriptor(opening: path, for: .making).write(Array("pid=\(ThisProcess.id)\n".utf8))
  }
}

/// Another program rewrites a thread's file, and did not finish in time.
package struct LegacyLockError: ExplainedError, Equatable {
  let path: String
  let process: Int32?

  package var message: String {
    "another program\(process.map { " (process \($0))" } ?? "") holds \(path); nothing was written"
  }
  package var hint: String? {
    "try again; if nothing runs that could hold it, '\(programName) unlock TOPIC --force' removes it"
  }
}
