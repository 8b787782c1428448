package import Foundation

/// Where the built programs are: `WATERCOOLER_BIN`, else beside the bundle of these tests.
package enum Programs {
  private final class Marker {}

  package static let directory: URL = {
    if let path = ProcessInfo.processInfo.environment["WATERCOOLER_BIN"] {
      return URL(fileURLWithPath: path)
    }
    #if os(Linux)
      // Here the bundle is the program that runs.
      return URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()
    #else
      return Bundle(for: Marker.self).bundleURL.deletingLastPathComponent()
    #endif
  }()

  package static func path(_ name: String) -> String { directory.appendingPathComponent(name).path }
}

/// What a machine lets a test do.
package enum Machine {
  package static let isRoot = geteuid() == 0

  /// Where programs are looked for.
  package static var searchPath: String {
    ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
  }

  /// CI must not skip what cannot be run elsewhere.
  package static var isContinuousIntegration: Bool {
    ProcessInfo.processInfo.environment["CI"] != nil
  }
}
