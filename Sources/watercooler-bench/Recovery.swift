import Platform
import Watercooler

/// The look for what was left behind in a clone, in which nothing is wrong.
enum Recovery {
  private static let turns = 1000

  /// Prints the median, and what 95 in 100 stay under, in microseconds.
  ///
  /// It needs no git, and is not given one that works: a look that asks it fails.
  static func measure(_ root: String) throws {
    let git = try Git(inheriting: ThisProcess.environment)
    let deadline = Deadline.after(.seconds(60))
    let clone = try Clone.open(root, path: "", branch: "main")
    let sync = GitProcessSync(
      clone, git: git, settings: SyncSettings(), deadline: .after(.seconds(60)))
    let clock = ContinuousClock()
    let times = try (0..<turns).map { _ in
      let began = clock.now
      let notes = try sync.recover(until: deadline)
      let time = clock.now - began
      precondition(notes.isEmpty, "something is wrong with the clone: \(notes)")
      return time / .microseconds(1)
    }.sorted()
    print(times[turns / 2], times[turns * 95 / 100])
  }
}
