internal import Foundation

/// A file that readers see whole: as it was, or as it is, never in between.
enum AtomicFile {
  /// The temporary file of a directory. One name is enough, as writers hold a lock; a crash leaves at
  /// most this, and the next write takes it over.
  static let temporaryName = ".watercooler.tmp"

  /// Puts `bytes` in place of what `name` in `directory` holds: a temporary file, flushed, renamed,
  /// and the directory flushed.
  ///
  /// The caller holds the directory's lock. If this throws before the rename, the old content is
  /// untouched and no file is left behind.
  /// - Parameters:
  ///   - temporaryName: One of the caller's own, where it holds no lock.
  ///   - isFlushed: False for what a power cut may take back to what it was.
  static func replace(
    _ name: String, in directory: String, with bytes: [UInt8],
    by temporaryName: String = temporaryName, isFlushed: Bool = true
  ) throws {
    let path = directory + "/" + name
    let temporary = directory + "/" + temporaryName
    var old = stat()
    let mode = stat(path, &old) == 0 ? old.st_mode & 0o7777 : nil
    do {
      unlink(temporary)
      let file = try FileDescriptor(opening: temporary, flags: O_WRONLY | O_CREAT | O_EXCL)
      if let mode { fchmod(file.number, mode) }
      try file.write(bytes)
      if isFlushed { try file.flush() }
    } catch {
      unlink(temporary)
      throw SystemError("write", path, code: error.code)
    }
    if rename(temporary, path) != 0 {
      let error = SystemError("write", path)
      unlink(temporary)
      throw error
    }
    if isFlushed { try FileDescriptor(opening: directory, flags: O_RDONLY).flush() }
  }

  /// All of a regular file.
  static func read(_ path: String) throws -> [UInt8] {
    // Opening a pipe would wait for its other end.
    let file = try FileDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
    guard try file.status().st_mode & S_IFMT == S_IFREG else { throw StoreError.notAFile(path) }
    return try file.readAll()
  }
}
