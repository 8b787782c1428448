import Foundation
import TestSupport
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

/// A machine of one test's own: a home, a working directory, a threads directory, the programs under
/// all their names, and an environment with nothing else in it.
final class Sandbox: Sendable {
  let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    for name in ["home", "work", "bin"] { try makeDirectory(name) }
    for (name, program) in [
      ("wc", "wc"), ("watercooler", "wc"), ("watercooler-mcp", "watercooler-mcp"),
    ] {
      try directory.link("bin/" + name, to: Programs.path(program))
    }
  }

  var path: String { directory.path }

  func path(_ name: String) -> String { directory.path(name) }

  /// The threads directory that `environment` names.
  var threads: String { path("threads") }

  var home: String { path("home") }

  /// What a program sees; a variable of `variables` that is empty is not set at all.
  func environment(with variables: [String: String] = [:]) -> [String: String] {
    let own = [
      "HOME": home, "PATH": path("bin") + ":" + Machine.searchPath, "USER": "alice",
      "LOGNAME": "alice", "WATERCOOLER_DIR": threads, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
      "GIT_CONFIG_GLOBAL": path("home/.gitconfig"),
      // A toolchain that is not installed where its programs look for it.
      "LD_LIBRARY_PATH": ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "",
    ]
    return directory.environment(own.merging(variables) { $1 }).filter { !$0.value.isEmpty }
  }

  // MARK: - Running

  /// Runs `wc` in the directory `work`.
  func wc(
    _ arguments: String..., input: String? = nil, in place: String = "work",
    with variables: [String: String] = [:]
  ) throws -> Outcome {
    try run(path("bin/wc"), arguments, input: input, in: place, with: variables)
  }

  /// Runs `name`, a path or a program in `bin`; without `input` its standard input is empty.
  func run(
    _ name: String, _ arguments: [String], input: String? = nil, in place: String = "work",
    with variables: [String: String] = [:]
  ) throws -> Outcome {
    let program = name.contains("/") ? name : path("bin/" + name)
    let start = ["-c", #"cd "$0" && exec "$@""#, path(place), program]
    let command = Command(
      "/bin/sh", start + arguments, environment: environment(with: variables),
      input: input.map { .bytes(Array($0.utf8)) } ?? .nothing)
    return Outcome(try command.run(until: .after(.seconds(120))))
  }

  /// Runs a shell script, with the programs first in its PATH.
  func shell(
    _ script: String, input: String? = nil, in place: String = "work",
    with variables: [String: String] = [:]
  ) throws -> Outcome {
    try run("/bin/sh", ["-c", script], input: input, in: place, with: variables)
  }

  // MARK: - Files

  func makeDirectory(_ name: String) throws { try directory.makeDirectory(name) }

  func link(_ name: String, to target: String) throws { try directory.link(name, to: target) }

  /// Writes a file, and the directories above it.
  @discardableResult
  func write(_ text: String, to name: String, executable: Bool = false) throws -> String {
    try directory.write(text, to: name, executable: executable)
  }

  /// What a file holds.
  func read(_ name: String) throws -> String {
    try #require(directory.read(name), "there is no \(name)")
  }

  /// The names in a directory, in order.
  func names(in name: String) throws -> [String] { try directory.names(in: name) }

  /// The entries of a thread, as its file has them.
  func entries(of topic: String) throws -> [Entry] {
    let file = Array(try read("threads/\(topic).md").utf8)
    let thread = try #require(ThreadParser.parse(file[...]))
    #expect(thread.problems.isEmpty)
    return thread.entries
  }
}

/// Says that a test cannot be run here. In CI that is a failure.
func cannotRun(_ reason: String) {
  print("not run: \(reason)")
  if Machine.isContinuousIntegration { Issue.record("CI has to run this: \(reason)") }
}
