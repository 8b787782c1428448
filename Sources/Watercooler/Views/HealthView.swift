package import Platform

/// The health of the threads and of what they are kept by, as text and as JSON.
package struct HealthView {
  private let health: Health

  package init(_ health: Health) { self.health = health }

  package var text: String {
    var lines = [
      "Watercooler \(watercoolerVersion), \(mode)",
      "threads: \(health.directory.path) (\(health.directory.reason))"
        + (health.isDirectoryThere ? "" : ", made at the first write"),
      "\(health.threadCount) threads, \(health.entryCount) entries",
      "git: \(health.gitVersion ?? "not found")",
    ]
    if let operations = health.remote?.statistics.operations, !operations.isEmpty {
      lines.append("p95: " + operations.map { "\($0.name) \($0.p95) ms" }.joined(separator: ", "))
    }
    if health.findings.isEmpty { lines.append("nothing needs a repair") }
    lines += health.findings.map { "needs a repair: " + FindingView($0).line }
    return lines.joined(separator: "\n") + "\n"
  }

  private var mode: String {
    guard health.directory.remote != nil else {
      return "local mode: threads are kept on this machine"
    }
    guard let remote = health.remote else { return "cloud mode: the remote cannot be asked" }
    let waiting = remote.waitingSince.map { "\(remote.waiting) waiting since \($0)" }
    return "cloud mode: \(remote.url), branch \(remote.branch), as of "
      + "\(remote.asOf?.description ?? "never"); \(waiting ?? "nothing waits to be sent")"
  }

  private var remote: JSON {
    guard let remote = health.remote else { return .null }
    return [
      "url": .string(remote.url), "branch": .string(remote.branch),
      "as_of": JSON(remote.asOf?.description), "waiting": JSON(remote.waiting),
      "waiting_since": JSON(remote.waitingSince?.description),
      "p95_ms": .object(
        remote.statistics.operations.map { JSON.Member($0.name, JSON($0.p95)) }),
    ]
  }

  package var json: JSON {
    [
      "version": .string(watercoolerVersion),
      "mode": health.directory.remote == nil ? "local" : "cloud", "remote": remote,
      "dir": .string(health.directory.path), "dir_reason": .string(health.directory.reason),
      "dir_exists": .bool(health.isDirectoryThere), "writable": .bool(health.isWritable),
      "threads": JSON(health.threadCount), "entries": JSON(health.entryCount),
      "git": JSON(health.gitVersion),
      "findings": .array(health.findings.map { FindingView($0).json }),
    ]
  }
}
