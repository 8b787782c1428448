internal import Platform

/// Whether people's own `git pull` in a clone would merge threads as ours does.
struct MergeDriverCheck: OnClone {
  let open: OpenClone

  func findings(until deadline: Deadline) throws -> [Finding] {
    let registered = try repository.run(.setting("merge.watercooler.driver"))
    let command = String(decoding: registered.stdout, as: UTF8.self).filter { !$0.isNewline }
    if try !command.isEmpty && merges(command, until: deadline) { return [] }
    let expected = MergeDriver.command(program: settings.program)
    var finding = Finding(
      command.isEmpty ? "the merge driver is not registered" : "the merge driver does not work",
      meaning: "a plain 'git pull' here could leave conflict markers; our own commands do not",
      mend: "\(programName) doctor --fix registers this program")
    finding.fix = {
      try doctor.registerMergeDriver()
      guard try merges(expected, until: deadline) else {
        throw StoreError.notAFile(settings.program)
      }
      return "registered \(settings.program)"
    }
    return [finding]
  }

  /// Has the command merge two small threads, as git would, in a directory of its own.
  private func merges(_ command: String, until deadline: Deadline) throws -> Bool {
    let directory = clone.path(of: .scratch)
    try? Directory.removeAll(directory)
    try Directory.make(directory)
    defer { try? Directory.removeAll(directory) }
    let topic = try Topic("probe")
    let base = Thread(
      topic: topic, title: try SingleLine("probe", field: "title"),
      status: try SingleLine("OPEN", field: "status"), ball: try Agent("Team"), created: .now)
    func adding(_ text: String) throws -> Thread {
      var thread = base
      let agent = try Agent("Team")
      thread.add(
        Entry(EntryDraft(agent: agent, time: .now, body: Bytes(text), id: .make())), topic: topic)
      return thread
    }
    let (ours, theirs) = (try adding("ours"), try adding("theirs"))
    for (name, thread) in [("base", base), ("ours", ours), ("theirs", theirs)] {
      try AtomicFile.replace(name, in: directory, with: thread.bytes)
    }
    // As git does: the placeholders, then a shell.
    var line = command
    for (placeholder, word) in [
      ("%O", "base"), ("%A", "ours"), ("%B", "theirs"), ("%P", "probe.md"),
    ] {
      let value = word == "probe.md" ? word : SSHCommand.quoted("\(directory)/\(word)")
      line = line.replacing(placeholder, with: value)
    }
    let shell = Command(
      "/bin/sh", ["-c", line], environment: repository.git.environment.variables)
    let result = try shell.run(until: deadline.limited(to: .seconds(10)))
    let merged = ThreadParser.parse(try AtomicFile.read(directory + "/ours")[...])
    return result.succeeded && merged?.entries.count == 2
  }
}

extension CloneDoctor {
  /// Has git merge threads by this program, also where another one was registered.
  func registerMergeDriver() throws(GitError) {
    for (key, value) in MergeDriver.configuration(program: settings.program) {
      try repository.output(.set(key, to: value), doing: "registering the merge driver")
    }
  }
}
