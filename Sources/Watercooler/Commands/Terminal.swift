internal import Foundation

/// Where a command reads from and prints to.
///
/// Results go to standard output; everything else goes to standard error.
package struct Terminal: Sendable {
  package init() {}

  package var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }
  package var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  package var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether whoever reads the results is gone. Only pipes and sockets tell.
  var isOutputClosed: Bool {
    var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&request, 1, 0) > 0
      && request.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
  }

  /// Prints a result. On a terminal, control codes from other people's words are made visible.
  func print(_ text: String) throws {
    try write(Bytes(isOutputTerminal ? Self.harmless(text) : text), to: STDOUT_FILENO)
  }

  /// Prints bytes as they are.
  func print(raw bytes: [UInt8]) throws { try write(bytes[...], to: STDOUT_FILENO) }

  /// Says something that is no result.
  package func say(_ text: String) {
    try? write(Bytes(Self.harmless(text) + "\n"), to: STDERR_FILENO)
  }

  func readInput() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = retryingInterrupts { read(STDIN_FILENO, &buffer, buffer.count) }
      if count < 0 { throw SystemError("read", "standard input") }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  private func write(_ bytes: Bytes, to descriptor: Int32) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { buffer in
        retryingInterrupts { Foundation.write(descriptor, buffer.baseAddress, buffer.count) }
      }
      if count < 0 {
        // A reader such as `head` has seen enough.
        if errno == EPIPE { throw OutputClosed() }
        throw SystemError("write", "standard output")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Control characters as pictures, but for line feed and tab: an escape sequence in somebody's body
  /// must not move the cursor or set the title.
  static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let picture = scalar.value < 0x20 ? Unicode.Scalar(0x2400 + scalar.value) : "\u{2421}"
      result.append(isControl(scalar) ? picture ?? "?" : scalar)
    }
    return String(result)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case ..<0x20, 0x7F...0x9F: true
    default: false
    }
  }
}

/// Whoever read the output is gone: no error, and nothing more to say.
struct OutputClosed: Error {}
