internal import Platform

extension Invocation {
  /// Goes on syncing until it is called off; prints a line when the state of things changes, and when
  /// something arrives.
  func watchSync(of workspace: Workspace) throws -> ExitCode {
    let interval = try watchInterval()
    if !workspace.isCloud { throw WorkspaceError.localMode }
    return try untilCalledOff { deadline in
      var threads = ThreadsWatch(workspace)
      var told = SyncState(isWell: true, words: "")
      try workspace.watch(
        &threads, pace: .steady(interval), for: .synchronizing, until: deadline
      ) { look in
        if look.isContactNew, let contact = look.contact {
          let state = SyncState(contact)
          let isChanged = state != told
          if isChanged || !contact.arrived.isEmpty {
            try print(contact, state, isRecovery: isChanged && !told.isWell)
          }
          told = state
        }
        return terminal.isOutputClosed
      }
    }
  }

  private func print(_ contact: Contact, _ state: SyncState, isRecovery: Bool) throws {
    if has("--json") {
      let delivery = contact.delivery.map { JSON.object(DeliveryView($0).members) } ?? .null
      let line: JSON = [
        "version": 1, "time": .string(Timestamp.now.description), "sync": delivery,
        "problem": JSON(contact.problem?.description),
      ]
      return try terminal.print(raw: line.serialized() + [.lineFeed])
    }
    let line = "\(Timestamp.now) \(state.words)"
    if has("--quiet") {
      // Whoever was told of trouble is told of its end.
      if !state.isWell || isRecovery { terminal.say(line) }
    } else if state.isWell {
      try terminal.print(
        ([line] + [DeliveryView.arrival(contact.arrived)].compactMap { $0 })
          .joined(separator: "; ").onOneLine + "\n")
    } else {
      terminal.say(line)
    }
  }

  private func watchInterval() throws -> Duration {
    let text = value("--watch") ?? ""
    guard let interval = Duration(text), interval > .zero else {
      throw UsageError.badValue(
        option: "--watch", value: text, expected: "a number of seconds from 1 on")
    }
    return interval
  }
}

/// The state of things after a sync, as far as it is worth a line.
private struct SyncState: Equatable {
  let isWell: Bool
  let words: String

  init(isWell: Bool, words: String) { (self.isWell, self.words) = (isWell, words) }

  init(_ contact: Contact) {
    let waiting = contact.delivery?.waiting ?? 0
    isWell = contact.problem == nil && waiting == 0
    if isWell {
      words = "In step with the remote"
    } else if let delivery = contact.delivery {
      words = DeliveryView(delivery).state.replacing("\n", with: "; ")
    } else {
      words = contact.problem?.description ?? ""
    }
  }
}
