internal import Platform

/// A small file of ours, outside the tracked tree, that is written over and over.
///
/// A note that cannot be read is none of a clone where nothing is noted: that is an error. It stays when it
/// is cleared: on ext4 each file that is removed makes every new one dearer for five
/// seconds, which under load was a third of the time that a write took.
struct NoteFile: Sendable {
  let path: String

  /// Writes it anew, in place. Whoever is killed meanwhile leaves a mixture of both.
  func write(_ bytes: [UInt8]) throws(SystemError) {
    let file = try FileDescriptor(opening: path, for: .writing)
    try file.write(bytes)
    try file.cut(to: bytes.count)
  }

  /// Appends to what is looked at soon or never: beyond 64 KiB it begins anew.
  func log(_ bytes: [UInt8]) throws {
    if try count < 1 << 16 { try append(bytes) } else { try write(bytes) }
  }

  func append(_ bytes: [UInt8]) throws(SystemError) {
    try FileDescriptor(opening: path, for: .appending).write(bytes)
  }

  /// The bytes in it; none where it was cleared or never written.
  var bytes: [UInt8] { get throws { try AtomicFile.readIfPresent(path) ?? [] } }

  /// How many bytes it holds.
  private var count: Int { get throws { try FileStatus.of(path)?.size ?? 0 } }

  var isEmpty: Bool { get throws { try count == 0 } }

  /// Empties it.
  func clear() throws(SystemError) {
    do { try File.cut(path, to: 0) } catch {
      if !error.isAbsence { throw error }
    }
  }
}
