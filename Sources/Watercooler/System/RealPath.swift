internal import Foundation

extension String {
  /// This path without links in it; nil where nothing is there.
  var realPath: String? {
    guard let real = realpath(self, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// Whether both paths lead to one place, which may not be there.
  func isSamePath(as other: String) -> Bool { self == other || resolved == other.resolved }

  /// This path without links in it, or, where nothing is there, with the directories above it resolved.
  var resolved: String {
    if let realPath { return realPath }
    let url = URL(fileURLWithPath: self).standardizedFileURL
    let parent = url.deletingLastPathComponent().path
    return (parent.realPath ?? parent) + "/" + url.lastPathComponent
  }
}
