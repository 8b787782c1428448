internal import Foundation

/// A string as an absolute path.
extension String {
  /// The directory that it is in.
  var parentPath: String { URL(fileURLWithPath: self).deletingLastPathComponent().path }

  /// The last of its names.
  var lastName: String { URL(fileURLWithPath: self).lastPathComponent }

  /// This directory and those above it, the nearest first; not the root of all.
  var ancestors: [String] {
    var parents: [String] = []
    var rest = self[...]
    while rest.hasSuffix("/") { rest = rest.dropLast() }
    while !rest.isEmpty {
      parents.append(String(rest))
      rest = rest[..<(rest.lastIndex(of: "/") ?? rest.startIndex)]
    }
    return parents
  }

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
    let parent = url.path.parentPath
    return (parent.realPath ?? parent) + "/" + url.lastPathComponent
  }
}
