import TestSupport

@testable import MCP
@testable import Platform
@testable import Watercooler

extension Git {
  /// The system's git, with a home and configuration files in a directory of the test's own.
  init(home: TemporaryDirectory, _ more: [String: String] = [:]) throws {
    try self.init(inheriting: home.environment(more))
  }
}

extension TemporaryDirectory {
  /// A search path whose git does something else for some commands.
  /// - Parameter cases: Of a shell's `case`, which is given the arguments between spaces; `$git` is the real
  ///   one, which goes on where they do not exit.
  func searchPath(withGitDoing cases: String) throws -> String {
    let name = "git-\(EntryID.make())"
    try write(
      """
      #!/bin/sh
      git=\(try Git(home: self).executable)
      case " $* " in
      \(cases)
      esac
      exec $git "$@"
      """, to: name + "/git", executable: true)
    return path(name) + ":" + Machine.searchPath
  }
}
