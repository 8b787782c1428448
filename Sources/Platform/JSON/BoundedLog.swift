/// A file of JSON lines that begins anew at a size; the one before is kept beside it. Several processes
/// may write to it.
package struct BoundedLog: Sendable {
  /// With an extension.
  package let path: String
  /// In bytes.
  package var limit: Int

  package init(path: String, limit: Int = 1 << 20) { (self.path, self.limit) = (path, limit) }

  /// The path of the file that has the lines before the present ones: `calls.1.jsonl` beside `calls.jsonl`.
  package var previous: String {
    let dot = path.lastIndex(of: ".") ?? path.endIndex
    return path[..<dot] + ".1" + path[dot...]
  }

  /// The lines that are kept, the oldest first; one that a full disk cut off is left out.
  package func lines() -> [JSON] {
    [previous, path].flatMap { file -> [JSON] in
      let bytes = (try? FileDescriptor(opening: file, for: .reading).readAll()) ?? []
      return bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSON(parsing: Array($0)) }
    }
  }

  /// Adds a line. A log that cannot be written is no reason to fail.
  package func append(_ line: JSON) {
    guard let file = try? FileDescriptor(opening: path, for: .appending) else { return }
    // One write: lines of several processes do not mix.
    try? file.write(line.serialized() + [UInt8(ascii: "\n")])
    if let size = try? file.status().size, size > limit { try? File.move(path, to: previous) }
  }
}
