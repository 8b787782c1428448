#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A symbolic link.
package enum FileLink {
  /// The path that stands in a link, byte by byte and as it was written. What is no link is an error.
  package static func words(of path: String) throws(SystemError) -> [UInt8] {
    var length = 0
    let words = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      length = readlink(path, start, buffer.count)
      initialized = max(0, length)
    }
    if length < 0 { throw SystemError("read the link", path) }
    return words
  }

  /// The path that a link leads to: a relative one goes on from the link's directory. Nil for what is no link.
  package static func target(of path: String) -> String? {
    guard let words = try? words(of: path) else { return nil }
    let target = String(decoding: words, as: UTF8.self)
    return target.hasPrefix("/") ? target : path.parentPath + "/" + target
  }

  /// The path at which the links end that begin with this one, after 40 at the latest; nothing may be there.
  package static func end(of path: String) -> String {
    var path = path
    for _ in 0..<40 {
      guard let target = target(of: path) else { break }
      path = target
    }
    return path
  }

  /// Whether both paths lead to the same file.
  package static func leads(_ path: String, to other: String) -> Bool {
    guard let file = FileStatus.ifKnown(path) else { return false }
    return file.identity == FileStatus.ifKnown(other)?.identity
  }
}
