internal import Platform

private let indexOptions = [
  CommandOption("--out", value: "FILE", help: "where to write it; by default outside the threads"),
  CommandOption("--open", "--open-only", help: "only threads that are not closed"),
  CommandOption("--closed", help: "only threads that are closed"),
  CommandOption("--all", help: "open and closed ones, as by default"),
]

extension CommandDescription {
  static let reindex = CommandDescription(
    "reindex", "write a Markdown table of all threads", options: indexOptions,
    examples: ["\(programName) reindex", "\(programName) reindex --out threads.txt --open"]
  ) { try $0.writeIndex(named: StateFile.index.name) { $0.index } }

  static let webExport = CommandDescription(
    "web-export", "write an HTML table of all threads", options: indexOptions,
    examples: ["\(programName) web-export", "\(programName) web-export --out threads.html"]
  ) { try $0.writeIndex(named: "index.html") { $0.html } }

  static let unlock = CommandDescription(
    "unlock", "remove the lock that the Python tool has left on a thread",
    details: ["Locks of ours end with their process."], arguments: [.required("TOPIC")],
    options: [CommandOption("--force", help: "also if somebody may hold it still")],
    examples: ["\(programName) unlock release-plan", "\(programName) unlock release-plan --force"]
  ) { invocation in
    let workspace = try invocation.workspace()
    let lock = try workspace.legacyLock(of: invocation.arguments[0])
    let path = lock?.path ?? workspace.store.directory
    let holder = try lock?.holder
    let words: String
    if let lock, let holder {
      if !holder.isGone, !invocation.has("--force") {
        throw LegacyLockError(path: lock.path, process: holder.process)
      }
      try lock.remove()
      words = "The lock was removed."
    } else {
      words = "No lock file present."
    }
    try invocation.print(
      "Lock path: \(path)\n\(words)\n",
      json: [
        JSON.Member("lock_path", .string(path)), JSON.Member("locked", false),
        JSON.Member("removed", .bool(holder != nil)),
      ])
    return .done
  }
}

extension Invocation {
  fileprivate func writeIndex(
    named name: String, _ text: (ListView) -> String
  ) throws -> ExitCode {
    let content = Array(text(ListView(try listedThreads(in: try freshWorkspace()))).utf8)
    let target =
      try value("--out").map {
        configuration.absolute($0).standardized
      } ?? "\(workspace().readerDirectory)/\(name)"
    let directory = target.parentPath
    try Directory.make(directory)
    // It may be the threads directory, where somebody writes.
    try AtomicFile.replace(
      target.lastName, in: directory, with: content, by: "\(target.lastName).\(EntryID.make())")
    try print(target + "\n", json: [JSON.Member("path", .string(target))])
    return .done
  }
}
