import Foundation
import TestSupport

@testable import Watercooler

extension Git {
  /// The system's git, with a home and configuration files in a directory of the test's own.
  init(home: TemporaryDirectory, _ more: [String: String] = [:]) throws {
    let inherited = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": home.path,
      "GIT_CONFIG_GLOBAL": home.path("global"),
      "GIT_CONFIG_SYSTEM": home.path("system"),
      // Whatever is above the temporary directory is no repository of ours.
      "GIT_CEILING_DIRECTORIES": home.path,
    ]
    try self.init(inheriting: inherited.merging(more) { _, new in new })
  }
}
