import Foundation
import TestSupport
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

/// A home, a project in it and a threads directory, all of one test's own; git is the real one.
struct TestWorkspace {
  let home: TemporaryDirectory
  let environment: [String: String]

  init(_ more: [String: String] = [:]) throws {
    home = try TemporaryDirectory()
    for name in ["project", "threads"] { try home.makeDirectory(name) }
    let own = [
      "LOGNAME": "login", "WATERCOOLER_USER": "alice", "WATERCOOLER_AGENT": "Claude",
      "WATERCOOLER_DIR": home.path("threads"),
    ]
    environment = home.environment(own.merging(more) { $1 })
  }

  var project: String { home.path("project") }
  var threads: String { home.path("threads") }
  var store: ThreadStore { ThreadStore(directory: threads) }

  /// - Parameter changes: To the environment; an empty value is one that is not set.
  func configuration(
    flags: [Setting: String] = [:], _ changes: [String: String] = [:], in directory: String? = nil
  ) -> Configuration {
    Configuration(
      flags: flags, environment: environment.merging(changes) { $1 },
      workingDirectory: directory ?? project)
  }

  func workspace(_ changes: [String: String] = [:]) throws -> Workspace {
    try Workspace(configuration(changes), host: .terminal)
  }

  /// Says something, as `Claude (alice)` unless a change names another.
  @discardableResult
  func say(
    _ topic: String, _ body: String = "words", _ change: (inout EntryRequest) -> Void = { _ in }
  ) throws -> Receipt {
    var request = EntryRequest(topic: topic, body: body)
    change(&request)
    return try workspace().say(request, deadline: soon())
  }

  func thread(_ topic: String) throws -> Watercooler.Thread {
    try store.read(try Topic(topic)).thread
  }

  /// A thread file, as somebody's editor or the Python tool leaves it.
  @discardableResult
  func write(_ text: String, to file: String) throws -> String {
    try home.write(text, to: "threads/" + file)
  }

  func read(_ file: String) -> String? { home.read("threads/" + file) }
}
