#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A string as a path. One that does not begin at the root begins in the working directory.
extension String {
  private static let slash = UInt8(ascii: "/")

  /// The names in it.
  private var names: [Substring] {
    utf8.split(separator: Self.slash).map { Substring($0) }
  }

  private var isFromRoot: Bool { utf8.first == Self.slash }

  private var fromRoot: String { isFromRoot ? self : ThisProcess.workingDirectory + "/" + self }

  /// The directory that it is in; of the root, the root.
  package var parentPath: String {
    let path = fromRoot.utf8
    guard let last = path.lastIndex(where: { $0 != Self.slash }),
      let slash = path[...last].lastIndex(of: Self.slash),
      let end = path[..<slash].lastIndex(where: { $0 != Self.slash })
    else { return "/" }
    return String(decoding: path[...end], as: UTF8.self)
  }

  /// The last of its names; `/` for the root.
  package var lastName: String { names.last.map(String.init) ?? (isFromRoot ? "/" : "") }

  /// This directory and those above it, the nearest first; not the root of all.
  package var ancestors: [String] {
    var parents: [String] = []
    var rest = self[...]
    while rest.hasSuffix("/") { rest = rest.dropLast() }
    while !rest.isEmpty {
      parents.append(String(rest))
      rest = rest[..<(rest.lastIndex(of: "/") ?? rest.startIndex)]
    }
    return parents
  }

  // MARK: - One path for one place

  /// This path without links in it; nil where nothing is there.
  package var realPath: String? {
    guard let real = realpath(self, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// Whether both paths lead to one place, which may not be there.
  package func isSamePath(as other: String) -> Bool { self == other || resolved == other.resolved }

  /// This path without links in it, or, where nothing is there, with the directories above it resolved.
  package var resolved: String {
    if let realPath { return realPath }
    let path = standardized
    let parent = path.parentPath
    return (parent.realPath ?? parent) + "/" + path.lastName
  }

  /// This path from the root on, with each name once: no `.`, `..` or empty one. Links stay, but where it has
  /// a `..` and something is there: that is above where a link leads.
  package var standardized: String {
    let names = fromRoot.names.filter { $0 != "." }
    // Of a file with a slash after it the system says that it is no directory.
    let path = "/" + names.joined(separator: "/")
    let isUpward = names.contains("..")
    return ((isUpward ? path.realPath : nil) ?? path.withoutDots).asPeopleCallIt
  }

  /// This path from the root on, with its `.` and `..` taken out as if there were no links.
  package var withoutDots: String {
    var kept: [Substring] = []
    for name in fromRoot.names where name != "." {
      if name == ".." { _ = kept.popLast() } else { kept.append(name) }
    }
    return "/" + kept.joined(separator: "/")
  }

  /// On macOS `/tmp`, `/var` and `/etc` are links into `/private`, and nobody calls them so.
  private var asPeopleCallIt: String {
    #if canImport(Darwin)
      for place in ["/tmp", "/var", "/etc"] where (self + "/").hasPrefix("/private\(place)/") {
        let short = String(dropFirst("/private".count))
        return FileStatus.ifKnown(short) == nil ? self : short
      }
    #endif
    return self
  }
}
