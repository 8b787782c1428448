internal import Foundation

/// A small file of ours, outside the tracked tree, that is written over and over.
///
/// It stays when it is cleared: on ext4 each file that is removed makes every new one dearer for five
/// seconds, which under load was a third of the time that a write took.
struct NoteFile: Sendable {
  let path: String

  /// Writes it anew, in place. Whoever is killed meanwhile leaves a mixture of both.
  func write(_ bytes: [UInt8]) throws(SystemError) {
    let file = try FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT)
    try file.write(bytes)
    if ftruncate(file.number, off_t(bytes.count)) != 0 { throw SystemError("write", path) }
  }

  /// Appends to what is looked at soon or never: beyond 64 KiB it begins anew.
  func log(_ bytes: [UInt8]) throws(SystemError) {
    if count < 1 << 16 { try append(bytes) } else { try write(bytes) }
  }

  func append(_ bytes: [UInt8]) throws(SystemError) {
    try FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_APPEND).write(bytes)
  }

  /// What it holds; empty where it was cleared or never written.
  var bytes: [UInt8] { (try? AtomicFile.read(path)) ?? [] }

  /// How many bytes it holds.
  var count: Int {
    var info = stat()
    return stat(path, &info) == 0 ? Int(info.st_size) : 0
  }

  var isEmpty: Bool { count == 0 }

  func clear() { truncate(path, 0) }
}
