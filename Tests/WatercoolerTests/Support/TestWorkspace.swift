import Foundation
import TestSupport
import Testing

@testable import Watercooler

/// A home, a project in it and a threads directory, all of one test's own; git is the real one.
struct TestWorkspace {
  let home: TemporaryDirectory
  let environment: [String: String]

  init(_ more: [String: String] = [:]) throws {
    home = try TemporaryDirectory()
    for name in ["project", "threads"] { try home.makeDirectory(name) }
    let own = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": home.path,
      "LOGNAME": "login",
      "GIT_CONFIG_GLOBAL": home.path("gitconfig"),
      "GIT_CONFIG_SYSTEM": home.path("system"),
      "GIT_CEILING_DIRECTORIES": home.path,
      "WATERCOOLER_USER": "alice",
      "WATERCOOLER_AGENT": "Claude",
      "WATERCOOLER_DIR": home.path("threads"),
    ]
    environment = own.merging(more) { $1 }
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

extension TemporaryDirectory {
  func makeDirectory(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path(name), withIntermediateDirectories: true)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path(name), withDestinationPath: target)
  }

  /// The names of what is in a directory, sorted.
  func names(in directory: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(directory)).sorted()
  }

  /// A file's permissions; nil where there is none.
  func mode(_ name: String) -> mode_t? {
    var status = stat()
    return stat(path(name), &status) == 0 ? status.st_mode & 0o7777 : nil
  }
}
