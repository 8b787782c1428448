internal import Foundation

/// A symbolic link.
enum FileLink {
  /// What a link says, from the root on; nil for what is no link.
  static func target(of path: String) -> String? {
    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    guard let target, !target.hasPrefix("/") else { return target }
    return URL(fileURLWithPath: path).deletingLastPathComponent().path + "/" + target
  }

  /// Where the links end that begin here; nothing may be there.
  static func end(of path: String) -> String {
    var path = path
    for _ in 0..<40 {
      guard let target = target(of: path) else { break }
      path = target
    }
    return path
  }

  /// Whether both are the same file.
  static func leads(_ path: String, to other: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(path, &first) == 0 && stat(other, &second) == 0
      && first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }
}
