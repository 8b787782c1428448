import Foundation
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

/// A program that a test talks to, or kills, while it runs.
final class RunningProgram {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var unread: [UInt8] = []

  init(_ name: String, _ arguments: [String] = [], in sandbox: Sandbox) throws {
    BrokenPipes.ignore()
    process.executableURL = URL(fileURLWithPath: sandbox.path("bin/" + name))
    process.arguments = arguments
    process.environment = sandbox.environment()
    process.currentDirectoryURL = URL(fileURLWithPath: sandbox.path("work"))
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var pid: pid_t { process.processIdentifier }

  var isRunning: Bool { process.isRunning }

  func send(_ line: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
  }

  /// The next line that it prints; nil at the end.
  func line() -> String? {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread.removeFirst(end + 1) }
        return String(decoding: unread[..<end], as: UTF8.self)
      }
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { return nil }
      unread += data
    }
  }

  /// Closes its input and waits until it ends.
  func end() throws -> Int32 {
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Ends it as a power cut would.
  func killAndWait() {
    kill(pid, SIGKILL)
    process.waitUntilExit()
  }
}
