package import Platform

/// A program to run as a child, with all it is given; nothing reaches it by inheritance.
package struct Command: Sendable {
  /// The standard input of the child.
  package enum Input: Sendable {
    /// Nothing: `/dev/null`. Never ours, which may be the stream of an MCP client.
    case nothing
    case bytes([UInt8])
    /// An open descriptor of the caller's. A lock held through it lives as long as the child.
    case descriptor(Int32)
  }

  /// The program's path.
  package var executable: String
  /// The arguments after the program's name.
  package var arguments: [String]
  /// The whole environment.
  package var environment: [String: String]
  /// The directory in which it starts; nil for this process's own.
  package var workingDirectory: String?
  package var input: Input
  /// How many bytes are kept of standard output and of standard error, each.
  package var outputLimit: Int

  /// - Parameter environment: All of it: by default the child has no variables.
  package init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
    input: Input = .nothing, outputLimit: Int = 64 << 20
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.input = input
    self.outputLimit = outputLimit
  }

  /// Runs the child and blocks this thread until it ends; what it leaves behind is not waited for.
  ///
  /// At the deadline, or when called off, the child's process group gets SIGTERM, and SIGKILL
  /// 500 ms later if anything of it is left.
  package func run(until deadline: Deadline) throws(CommandError) -> CommandResult {
    BrokenPipes.ignore()
    if let interruption = deadline.interruption {
      throw .interrupted(executable, interruption, stderr: [])
    }
    try check()
    var run = try CommandRun(self)
    return try run.result(until: deadline)
  }

  /// Refuses what could not be started, or not as it is meant.
  func check() throws(CommandError) {
    try checkExecutable()
    try checkStrings()
    guard let workingDirectory else { return }
    guard FileStatus.ifKnown(workingDirectory)?.isDirectory == true else {
      throw .couldNotStart(executable, reason: "there is no directory \(workingDirectory)")
    }
  }

  /// Tells the ways apart in which there is nothing to run.
  private func checkExecutable() throws(CommandError) {
    guard let status = FileStatus.ifKnown(executable) else { throw .noExecutable(executable) }
    guard status.isRegularFile, FileAccess.running.isGranted(at: executable) else {
      throw .notExecutable(executable)
    }
  }

  /// Refuses what the system would cut short at a NUL, or not take at all.
  private func checkStrings() throws(CommandError) {
    let strings = arguments + environment.map { "\($0.key)=\($0.value)" }
    for string in strings {
      if string.utf8.contains(0) {
        throw .couldNotStart(executable, reason: "an argument contains a NUL character")
      }
      // MAX_ARG_STRLEN on Linux, the terminating NUL included.
      if string.utf8.count >= 128 << 10 {
        throw .couldNotStart(executable, reason: "an argument is longer than 128 KiB")
      }
    }
  }
}
