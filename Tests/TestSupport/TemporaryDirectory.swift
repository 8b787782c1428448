package import Foundation

/// An empty directory of one test's own, removed with its last reference.
package final class TemporaryDirectory: Sendable {
  package let path: String

  package init() throws {
    path = FileManager.default.temporaryDirectory.path + "/watercooler-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func path(_ name: String) -> String { "\(path)/\(name)" }

  @discardableResult
  package func write(_ text: String, to name: String, executable: Bool = false) throws -> String {
    let path = path(name)
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
