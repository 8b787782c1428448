internal import Foundation

/// A file that mirrors both directions of a conversation, a line for a line, to find out what a
/// client really sends.
package struct Trace: Sendable {
  enum Direction: String {
    case received = "<-"
    case sent = "->"
  }

  private let file: ClientStream

  /// Appends to the file at `path`, readable by its owner alone, since it has every body in it.
  package init(appendingTo path: String) throws(SystemError) {
    let number = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw SystemError("open", path) }
    file = ClientStream(number: number)
  }

  /// Each line goes out in one write, so that the two directions do not mix. A trace that cannot be
  /// written is no reason to stop serving.
  func record(_ direction: Direction, lines: [UInt8]) {
    let time = Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      try? file.write(Array("\(time) \(direction.rawValue) ".utf8) + line + [UInt8(ascii: "\n")])
    }
  }
}
