#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// What is in a directory, without a look at each file: a tenth of what `FileManager` takes for it.
enum Directory {
  /// The names of its entries, in no order; not those of itself and of the one above.
  /// - Parameter isWanted: Called with each; the others are left out.
  /// - Throws: `SystemError`, also where only a part of it could be listed.
  static func names(
    in path: String, where isWanted: (String) -> Bool = { _ in true }
  ) throws -> [String] {
    guard let stream = opendir(path) else { throw SystemError("list", path) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      // The end of the list and an error look alike: only the second sets this.
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != "..", isWanted(name) { names.append(name) }
    }
    if errno != 0 { throw SystemError("list", path) }
    return names
  }
}
