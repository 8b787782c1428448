package import Foundation

/// An empty directory of one test's own, removed with its last reference.
package final class TemporaryDirectory: Sendable {
  /// Without links, as the programs print it.
  package let path: String

  package init() throws {
    let path = FileManager.default.temporaryDirectory.path + "/watercooler-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard let real = realpath(path, nil) else { throw CocoaError(.fileReadUnknown) }
    defer { free(real) }
    self.path = String(cString: real)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func path(_ name: String) -> String { "\(path)/\(name)" }

  /// What a program sees that is at home here: nothing of whoever runs the tests.
  package func environment(_ more: [String: String] = [:]) -> [String: String] {
    let own = [
      "PATH": Machine.searchPath, "HOME": path, "GIT_CONFIG_GLOBAL": path("gitconfig"),
      "GIT_CONFIG_SYSTEM": path("system"),
      // Whatever is above the temporary directory is no repository of ours.
      "GIT_CEILING_DIRECTORIES": path,
    ]
    return own.merging(more) { $1 }
  }

  package func makeDirectory(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path(name), withIntermediateDirectories: true)
  }

  package func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
  }

  /// The names of what is in a directory, in order.
  package func names(in directory: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(directory)).sorted()
  }

  /// A file's permissions; nil where there is none.
  package func mode(_ name: String) -> mode_t? {
    var status = stat()
    return stat(path(name), &status) == 0 ? status.st_mode & 0o7777 : nil
  }

  /// Writes a file, and the directories above it.
  @discardableResult
  package func write(_ text: String, to name: String, executable: Bool = false) throws -> String {
    let path = path(name)
    if let slash = name.lastIndex(of: "/") { try makeDirectory(String(name[..<slash])) }
    let written = executable ? path + ".text" : path
    try Data(text.utf8).write(to: URL(fileURLWithPath: written))
    if executable { try install(written, as: path) }
    return path
  }

  /// Makes a program of a file. By a child: a file that this process has written cannot be run ("Text
  /// file busy") while a child that another test starts has, for a moment, all our descriptors.
  private func install(_ file: String, as program: String) throws {
    let install = Process()
    install.executableURL = URL(fileURLWithPath: "/usr/bin/install")
    install.arguments = ["-m", "755", file, program]
    try install.run()
    install.waitUntilExit()
    if install.terminationStatus != 0 { throw CocoaError(.fileWriteUnknown) }
    try FileManager.default.removeItem(atPath: file)
  }

  /// What a file holds; nil while there is none.
  package func read(_ name: String) -> String? {
    FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The process number that a script has written to a file, with a line's end; nil before.
  package func pid(_ name: String) -> pid_t? {
    guard let text = read(name), text.hasSuffix("\n") else { return nil }
    return pid_t(text.dropLast())
  }
}
