internal import Foundation

/// A file of JSON lines that begins anew at a size; the one before is kept beside it. Several processes
/// may write to it.
struct BoundedLog: Sendable {
  let path: String
  /// In bytes.
  var limit = 1 << 20

  /// Where the lines before the present ones are: `calls.1.jsonl` beside `calls.jsonl`.
  var previous: String {
    let url = URL(fileURLWithPath: path)
    return url.deletingPathExtension().path + ".1." + url.pathExtension
  }

  /// The lines that are kept, the oldest first; one that a full disk cut off is left out.
  func lines() -> [JSON] {
    [previous, path].flatMap { file -> [JSON] in
      let bytes = FileManager.default.contents(atPath: file) ?? Data()
      return bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSON(parsing: Array($0)) }
    }
  }

  /// Adds a line. A log that cannot be written is no reason to fail.
  func append(_ line: JSON) {
    guard
      let file = try? FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_APPEND)
    else { return }
    // One write: lines of several processes do not mix.
    try? file.write(line.serialized() + [UInt8(ascii: "\n")])
    if let size = try? file.status().st_size, size > limit { rename(path, previous) }
  }
}
