#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A command for a shell that has this process's terminal, environment and signals: an editor, a pager.
package struct ShellCommand: Sendable {
  private let text: String

  /// - Parameter text: In the words of `sh`: a path that is put into it has to be quoted.
  package init(_ text: String) { self.text = text }

  /// Runs it to its end. Ctrl-C is for it alone meanwhile.
  package func run() -> ExitStatus {
    ExitStatus(waitStatus: BrokenPipes.heeded { system(text) })
  }

  /// Runs it to its end, with these bytes as its input. Ctrl-C is for it alone meanwhile.
  /// - Returns: How it ended, and whether it took all of the input: one that ends early has not.
  /// - Throws: `SystemError` where it could not be started.
  package func run(
    reading bytes: [UInt8]
  ) throws(SystemError) -> (status: ExitStatus, isTaken: Bool) {
    guard let pipe = BrokenPipes.heeded({ popen(text, "w") }) else {
      throw SystemError("run", text)
    }
    let before = signal(SIGINT, SIG_IGN)
    defer { signal(SIGINT, before) }
    // One that is left early has closed the pipe: that is no error.
    let count = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, pipe) }
    let isTaken = fflush(pipe) == 0 && count == bytes.count
    return (ExitStatus(waitStatus: pclose(pipe)), isTaken)
  }
}
