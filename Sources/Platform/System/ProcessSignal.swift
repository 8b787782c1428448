#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A signal that is sent to other processes.
package struct ProcessSignal: Sendable, Equatable {
  /// As the system counts signals.
  package let number: Int32

  /// Asks it to end, and to tidy up before.
  package static let terminate = ProcessSignal(number: SIGTERM)
  /// Ends it, whatever it does.
  package static let kill = ProcessSignal(number: SIGKILL)
  /// Has one that was stopped go on.
  package static let goOn = ProcessSignal(number: SIGCONT)

  /// Sends it to all processes of a group that are left.
  package func send(toGroup group: Int32) { sendSignal(-group, number) }

  /// Whether this machine has no process of a number.
  package static func isGone(process: Int32) -> Bool {
    process > 0 && sendSignal(process, 0) != 0 && errno == ESRCH
  }

  /// Whether there is any process in a group, if only one that has ended and that nobody took note of. Nil
  /// where there is, and this user may not send it anything.
  package static func reaches(group: Int32) -> Bool? {
    if sendSignal(-group, 0) == 0 { return true }
    return errno == ESRCH ? false : nil
  }
}

/// `kill(2)`, under a name that no constant hides.
@discardableResult
private func sendSignal(_ process: Int32, _ number: Int32) -> Int32 { kill(process, number) }
