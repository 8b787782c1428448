internal import Platform

extension Invocation {
  /// Prints what a command reads of a thread, then the entries that arrive, until it is called off or
  /// its output is closed.
  func follow(_ workspace: Workspace, _ selection: EntrySelection) throws -> ExitCode {
    if has("--raw") { throw UsageError.unwantedTogether("--follow", "--raw") }
    let pace = Pace.watching(poll: try workspace.pollInterval())
    let screen = try screen()
    return try untilCalledOff { deadline in
      let topic = try workspace.read(arguments[0]).topic
      // Before it is read: what comes meanwhile is in both, and printed once.
      var threads = ThreadsWatch(workspace, only: topic)
      let reading = try workspace.read(topic.name, selection)
      var printed = Set(reading.thread.entries.map(\.identity))
      if !has("--json") { try printHeading(of: reading, on: screen) }
      try print(Array(reading.range), of: reading, on: screen)
      workspace.markSeen(reading)
      var problem: (any ExplainedError)?
      var missed: Set<Bytes> = []
      try workspace.watch(&threads, pace: pace, until: deadline) { look in
        if look.isContactNew { tell(look.contact?.problem, after: &problem) }
        for news in look.news {
          if news.isGone {
            terminal.say("the file of '\(topic)' is gone")
            continue
          }
          // Read anew: its numbers are those of after it was looked up what waits.
          let fresh = try workspace.asItIs(
            problem: nil, until: try workspace.configuration.deadline())
          let reading = try fresh.read(topic.name)
          let added = reading.range.filter {
            printed.insert(reading.thread.entries[$0].identity).inserted
          }
          let missing = printed.subtracting(reading.thread.entries.map(\.identity))
            .subtracting(missed)
          if !missing.isEmpty {
            terminal.say("removed from '\(topic)': \(ThreadView.entryCount(missing.count))")
            missed.formUnion(missing)
          }
          if added.isEmpty { continue }
          try print(added, of: reading, on: screen)
          let shown = Set(added)
          fresh.markSeen(reading, where: shown.contains)
        }
        return terminal.isOutputClosed
      }
    }
  }

  private func printHeading(of reading: ThreadReading, on screen: Screen) throws {
    if screen.isForPerson {
      let heading = ThreadScreen(reading, width: screen.width).heading
      return try terminal.print(heading, inColor: screen.inColor)
    }
    try terminal.print(ThreadView(reading).heading)
  }

  private func print(
    _ indices: [Int], of reading: ThreadReading, on screen: Screen
  ) throws {
    for index in indices {
      if has("--json") {
        try terminal.print(raw: reading.line(of: index))
      } else if screen.isForPerson {
        let entry = ThreadScreen(reading, width: screen.width).entry(index)
        try terminal.print(StyledText("\n") + entry, inColor: screen.inColor)
      } else {
        try terminal.print("\n" + ThreadView(reading).markdown(of: index))
      }
    }
  }

  /// Says that the remote does not answer, or does again.
  private func tell(_ problem: (any ExplainedError)?, after before: inout (any ExplainedError)?) {
    if before == nil, let problem { terminal.say("\(problem.message); still following") }
    if before != nil, problem == nil { terminal.say("the remote answers again") }
    before = problem
  }
}
