internal import Platform

/// Git's configuration as it was read in one place, and what tells that it is so no more.
struct GitConfigReading: Sendable {
  let config: GitConfig
  let place: String
  let modified: WallTime?
  /// Why it could not be read.
  let problem: (any ExplainedError)?
  private let moment: ContinuousClock.Instant

  /// - Parameter read: Asks git.
  init(of place: String, _ read: () throws -> GitConfig) {
    self.place = place
    // Before it is read: what is written meanwhile is to be read again.
    modified = Self.modification(of: place)
    do {
      (config, problem) = (try read(), nil)
    } catch {
      (config, problem) = (GitConfig(settings: []), explained(error))
    }
    moment = .now
  }

  /// Whether it need not be read again. One that could not be read is read again the next time; after a second where
  /// git did not answer in time, as one call asks often.
  var isFresh: Bool {
    if let problem {
      let isLate = (problem as? GitError)?.interruption != nil
      return isLate && ContinuousClock.now - moment < .seconds(1)
    }
    return modified == Self.modification(of: place)
  }

  private static func modification(of place: String) -> WallTime? {
    FileStatus.ifKnown(place + "/.git/config")?.modified
  }
}

/// Git's configuration as all calls of a process have read it, by place. A reading that failed is for the one call
/// that made it.
final class GitConfigCache: Sendable {
  private struct State {
    var readings: [String: GitConfigReading] = [:]
    /// The places of which somebody asks git this moment.
    var asked: Set<String> = []
  }

  private enum Turn {
    case known(GitConfigReading)
    case mine
  }

  private let state = Monitor(State())

  /// The time that a call waits for another one that asks git, and is mostly done in milliseconds: a git that hangs is
  /// not for all calls to bear, each with a deadline of its own.
  private static let patience = Duration.milliseconds(250)

  /// The known reading of a place, else the one that `read` gives, for which one call at a time is asked, unless it
  /// hangs.
  func reading(
    of place: String, until limit: ContinuousClock.Instant, _ read: () -> GitConfigReading
  ) -> GitConfigReading {
    // Looked at outside the lock: a server asks from many threads at once.
    if let known = state.read({ $0.readings[place] }), known.isFresh { return known }
    let turn = state.wait(until: min(limit, .now + Self.patience)) { state -> Turn? in
      if let known = state.readings[place], known.isFresh { return .known(known) }
      return state.asked.insert(place).inserted ? .mine : nil
    }
    if case .known(let reading)? = turn { return reading }
    let reading = read()
    state.withLock { state in
      if case .mine? = turn { state.asked.remove(place) }
      if reading.problem == nil { state.readings[place] = reading }
    }
    return reading
  }

  func forget() { state.withLock { $0.readings = [:] } }
}
