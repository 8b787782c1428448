import Foundation
import TestSupport

/// Material beside the checkout that a user's clone has not: `WATERCOOLER_TEST_DATA`, else `../shared`.
enum SharedData {
  static let directory: URL = {
    if let path = ProcessInfo.processInfo.environment["WATERCOOLER_TEST_DATA"] {
      return URL(fileURLWithPath: path)
    }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return root.deletingLastPathComponent().appendingPathComponent("shared")
  }()

  /// CI has it, and must not skip what needs it.
  static var isExpected: Bool {
    Machine.isContinuousIntegration
      || FileManager.default.fileExists(atPath: directory.path)
  }

  static func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: directory.appendingPathComponent(path)))
  }
}
