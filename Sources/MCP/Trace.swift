package import Platform

/// A file that mirrors both directions of a conversation, a line for a line, to find out what a
/// client really sends.
package final class Trace: Sendable {
  enum Direction: String {
    case received = "<-"
    case sent = "->"
  }

  private let file: FileDescriptor

  /// Appends to the file at `path`, readable by its owner alone, since it has every body in it.
  package init(appendingTo path: String) throws(SystemError) {
    file = try FileDescriptor(opening: path, for: .appending, permissions: 0o600)
  }

  /// Each line goes out in one write, so that the two directions do not mix. A trace that cannot be
  /// written is no reason to stop serving.
  func record(_ direction: Direction, lines: [UInt8]) {
    let time = WallTime.now.timeOfDay
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      try? file.write(Array("\(time) \(direction.rawValue) ".utf8) + line + [UInt8(ascii: "\n")])
    }
  }
}
