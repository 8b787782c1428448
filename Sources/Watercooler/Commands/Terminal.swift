internal import Platform

/// The standard streams, which a command reads from and prints to.
///
/// Results go to standard output; everything else goes to standard error.
package struct Terminal: Sendable {
  package init() {}

  package var isInputTerminal: Bool { OpenFile.standardInput.isTerminal }
  package var isOutputTerminal: Bool { OpenFile.standardOutput.isTerminal }
  package var isErrorTerminal: Bool { OpenFile.standardError.isTerminal }

  /// Whether somebody can work with a full-screen program here.
  var isInteractive: Bool { isInputTerminal && isOutputTerminal }

  /// Whether whoever reads the results is gone. Only pipes and sockets tell.
  var isOutputClosed: Bool { OpenFile.standardOutput.isBroken }

  /// Prints a result. Control codes from other people's words are made visible, in a pipe too: what ends it may be a
  /// terminal.
  func print(_ text: String) throws { try write(Bytes(text.harmless)) }

  /// Prints a result that has a look.
  func print(_ text: StyledText, inColor: Bool) throws {
    try write(Bytes(text.rendered(inColor: inColor)))
  }

  /// How many columns the terminal has; nil where the output is none, or does not tell.
  var columns: Int? { OpenFile.standardOutput.columns }

  /// Prints bytes as they are.
  func print(raw bytes: [UInt8]) throws { try write(bytes[...]) }

  /// Says something that is no result.
  package func say(_ text: String) {
    try? OpenFile.standardError.write(Bytes(text.harmless + "\n"))
  }

  func readInput() throws -> [UInt8] {
    try OpenFile.standardInput.readAll()
  }

  private func write(_ bytes: Bytes) throws {
    do throws(SystemError) {
      try OpenFile.standardOutput.write(bytes)
    } catch {
      // A reader such as `head` has seen enough.
      if error.isBrokenPipe { throw OutputClosed() }
      throw OutputError(cause: error)
    }
  }
}

/// The end of a command whose output nobody reads any more: no error, and nothing more to say.
struct OutputClosed: Error {}

/// A result that could not be printed: what was asked for is done by then.
struct OutputError: ExplainedError {
  let cause: SystemError
  /// The change that was made, in words; nil where something was only to be shown.
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
