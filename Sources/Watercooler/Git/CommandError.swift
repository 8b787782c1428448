package import Platform

/// Why a command has no result: it could not be started, or was ended before its time.
package enum CommandError: Error, Equatable, CustomStringConvertible {
  /// There is no file at the executable's path.
  case noExecutable(String)
  /// The file at the executable's path cannot be run.
  case notExecutable(String)
  /// The system refused; the second value says why.
  case couldNotStart(String, reason: String)
  /// The output could not be read to its end; the second value says why.
  case couldNotRead(String, reason: String)
  /// The child and its process group were ended; `stderr` is what it had complained about.
  case interrupted(String, Interruption, stderr: [UInt8])

  package var description: String {
    switch self {
    case .noExecutable(let path): "no program at \(path)"
    case .notExecutable(let path): "\(path) is not a program that can be run"
    case .couldNotStart(let path, let reason): "\(path) could not be started: \(reason)"
    case .couldNotRead(let path, let reason): "what \(path) printed could not be read: \(reason)"
    case .interrupted(let path, .deadlinePassed, _): "\(path) was stopped: it took too long"
    case .interrupted(let path, .cancelled, _): "\(path) was stopped: the operation was called off"
    }
  }

  /// The interruption that ended the child, or kept it from being started; nil for every other error.
  package var interruption: Interruption? {
    if case .interrupted(_, let interruption, _) = self { interruption } else { nil }
  }
}
