internal import Platform

/// The check that keeps secrets out of threads, which nobody can take back from everywhere: before anything is written.
extension Workspace {
  /// A part of what is to be written, as people call it.
  struct Part {
    let name: String
    let bytes: Bytes

    init(_ name: String, _ bytes: Bytes) { (self.name, self.bytes) = (name, bytes) }

    /// Nil for what is not there.
    init?(_ name: String, _ text: String?) {
      guard let text else { return nil }
      self.init(name, Bytes(text))
    }
  }

  /// Refuses what has the shape of a secret, and what a scanner of the user's own calls one.
  /// - Throws: `SecretFound`, `ScannerFailed`.
  func refuseSecrets(in parts: [Part?]) throws {
    if allowsSecrets { return }
    let parts = parts.compactMap { $0 }
    for part in parts {
      if let found = SecretScan.first(in: Array(part.bytes)) {
        throw SecretFound(part: part.name, kind: found.name, line: found.line, column: found.column)
      }
    }
    guard let scanner = configuration[.secretScan]?.text else { return }
    let text = parts.map(\.bytes).joined(separator: [.lineFeed])
    try ask(scanner, about: Array(text), until: try configuration.deadline())
  }

  /// The same of the threads in a directory, which are to be imported.
  func refuseSecrets(inThreadsOf directory: String) throws {
    let store = ThreadStore(directory: directory)
    try refuseSecrets(
      in: try store.topics().map { topic in
        // What cannot be read cannot be imported either.
        let bytes = try? AtomicFile.readIfPresent(store.path(of: topic))
        return bytes.map { Part("thread '\(topic)'", $0[...]) }
      })
  }

  /// Gives a text to a scanner: 0 says that it may go.
  private func ask(_ scanner: String, about text: [UInt8], until deadline: Deadline) throws {
    let result: CommandResult
    do {
      result = try Command(
        "/bin/sh", ["-c", scanner], environment: configuration.environment, input: .bytes(text),
        outputLimit: 1 << 16
      ).run(until: deadline)
    } catch {
      throw ScannerFailed(scanner: scanner, reason: "\(error)")
    }
    switch result.status {
    case .exited(0): return
    // The shell's own words for a command that cannot be run.
    case .exited(126), .exited(127), .signalled:
      throw ScannerFailed(scanner: scanner, reason: "\(result.status)")
    // Its words may have the secret in them.
    case .exited: throw SecretFound(part: "text", kind: "a secret to \(Setting.secretScan.gitKey)")
    }
  }
}

/// What was to be written has the shape of a secret. The error does not have it.
package struct SecretFound: ExplainedError, Equatable {
  /// The part that it is in: `body`, `title`, `topic`.
  let part: String
  /// The kind: `a GitHub token`.
  let kind: String
  /// From 1; nil where only a scanner of the user's own knows.
  var line: Int?
  var column: Int?

  package var message: String {
    let place = line.flatMap { line in column.map { " (line \(line), character \($0))" } } ?? ""
    return "the \(part) has what looks like \(kind)\(place); nothing was written"
  }

  package var hint: String? {
    "take it out: nothing that was pushed can be taken back from everywhere; a person who knows that it is none "
      + "says --allow-secret"
  }

  package var code: String? { "secret" }
}

/// A scanner that is configured, and did not do its work: then nothing is written.
package struct ScannerFailed: ExplainedError, Equatable {
  let scanner: String
  let reason: String

  package var message: String {
    "the scanner for secrets could not be asked (\(reason)); nothing was written"
  }

  package var hint: String? { "mend \(Setting.secretScan.gitKey), which is: \(scanner)" }
}
