package import Platform

/// The result of a child: how it ended, and what it printed.
package struct CommandResult: Sendable, Equatable {
  package typealias Status = ExitStatus

  /// The end of the child itself; what it left behind may still run.
  package let status: Status
  /// The bytes that it printed until it ended, up to the command's limit.
  package let stdout: [UInt8]
  /// The complaints that it printed until it ended, up to the command's limit.
  package let stderr: [UInt8]
  /// How many bytes of `stdout` were beyond the limit and are gone.
  package let stdoutDiscarded: Int
  /// How many bytes of `stderr` were beyond the limit and are gone.
  package let stderrDiscarded: Int

  /// How many bytes of its standard input it did not take.
  package var inputLeft = 0

  /// Whether it ended by itself with exit code 0.
  package var succeeded: Bool { status == .exited(0) }

  /// Whether output is missing because there was more than the limit.
}
