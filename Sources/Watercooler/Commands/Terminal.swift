internal import Foundation

/// Where a command reads from and prints to.
///
/// Results go to standard output; everything else goes to standard error.
package struct Terminal: Sendable {
  package init() {}

  package var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }
  package var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  package var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether somebody can work with a full-screen program here.
  var isInteractive: Bool { isInputTerminal && isOutputTerminal }

  /// Whether whoever reads the results is gone. Only pipes and sockets tell.
  var isOutputClosed: Bool {
    var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&request, 1, 0) > 0
      && request.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
  }

  /// Prints a result. On a terminal, control codes from other people's words are made visible.
  func print(_ text: String) throws {
    try write(Bytes(isOutputTerminal ? text.harmless : text), to: STDOUT_FILENO)
  }

  /// Prints a result that has a look.
  func print(_ text: StyledText, inColor: Bool) throws {
    try write(Bytes(text.rendered(inColor: inColor)), to: STDOUT_FILENO)
  }

  /// How many columns the terminal has; nil where the output is none, or does not tell.
  var columns: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Prints bytes as they are.
  func print(raw bytes: [UInt8]) throws { try write(bytes[...], to: STDOUT_FILENO) }

  /// Says something that is no result.
  package func say(_ text: String) {
    try? write(Bytes(text.harmless + "\n"), to: STDERR_FILENO)
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
        throw OutputError(cause: SystemError("write", "standard output"))
      }
      rest = rest.dropFirst(count)
    }
  }
}

/// Whoever read the output is gone: no error, and nothing more to say.
struct OutputClosed: Error {}

/// A result that could not be printed: what was asked for is done by then.
struct OutputError: ExplainedError {
  let cause: SystemError
  /// What was done, where that is more than to show something.
  var done: String?

  var message: String {
    guard let done else { return cause.message }
    return "\(done); that could not be printed: \(cause.message)"
  }
  var hint: String? {
    done == nil ? cause.hint : "do not give the command again for that: what it says is done"
  }

  /// Prints what came of a change; where that fails the error says what was done.
  static func saying(_ done: @autoclosure () -> String, _ print: () throws -> Void) throws {
    do {
      try print()
    } catch var error as OutputError {
      error.done = done()
      throw error
    }
  }
}

extension Terminal {
  /// Has each standard descriptor be open. Of one that was closed the next file takes the number, and what
  /// is printed would go into that: a thread, say.
  static func openStandardDescriptors() {
    for number in 0...STDERR_FILENO where fcntl(number, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is the one that is missing. What it is opened for fails.
      _ = open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
