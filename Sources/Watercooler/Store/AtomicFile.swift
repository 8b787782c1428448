internal import Foundation

/// A file that readers see whole: as it was, or as it is, never in between.
enum AtomicFile {
  /// The temporary file of a directory. One name is enough, as writers hold a lock; a crash leaves at
  /// most this, and the next write takes it over.
  static let temporaryName = ".watercooler.tmp"

  /// Puts `bytes` in place of what `name` in `directory` holds: a temporary file, flushed, renamed,
  /// and the directory flushed.
  ///
  /// The caller holds the directory's lock.
  /// - Parameters:
  ///   - temporaryName: One of the caller's own, where it holds no lock.
  ///   - isFlushed: False for what a power cut may take back to what it was.
  /// - Throws: `UnflushedFile` if the new content is in place, and only the directory could not be
  ///   flushed. After any other error the old content is untouched, and no file is left behind.
  static func replace(
    _ name: String, in directory: String, with bytes: [UInt8],
    by temporaryName: String = temporaryName, isFlushed: Bool = true
  ) throws {
    let path = directory + "/" + name
    let temporary = directory + "/" + temporaryName
    let mode = try FileStatus.of(path).map { $0.st_mode & 0o7777 }
    do {
      unlink(temporary)
      let file = try FileDescriptor(opening: temporary, flags: O_WRONLY | O_CREAT | O_EXCL)
      if let mode { fchmod(file.number, mode) }
      try file.write(bytes)
      if isFlushed { try file.flush() }
    } catch {
      unlink(temporary)
      throw SystemError("write", path, code: error.code, isUnchanged: true)
    }
    if rename(temporary, path) != 0 {
      let error = SystemError("write", path, isUnchanged: true)
      unlink(temporary)
      throw error
    }
    do {
      if isFlushed { try FileDescriptor(opening: directory, flags: O_RDONLY).flush() }
    } catch {
      throw UnflushedFile(path: path, cause: error)
    }
  }

  /// All of a regular file.
  static func read(_ path: String) throws -> [UInt8] {
    // Opening a pipe would wait for its other end.
    let file = try FileDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
    guard try file.status().isRegularFile else { throw StoreError.notAFile(path) }
    return try file.readAll()
  }

  /// The same; nil where nothing is there.
  static func readIfPresent(_ path: String) throws -> [UInt8]? {
    do {
      return try read(path)
    } catch let error as SystemError where error.isAbsence {
      return nil
    }
  }
}

/// A file that has its new content, but not for certain after a power cut: its directory could not be
/// flushed.
package struct UnflushedFile: ExplainedError, Equatable {
  package let path: String
  package let cause: SystemError

  package var message: String {
    "it was written to \(path), but the disk did not confirm that it keeps it: \(cause.message)"
  }
  package var hint: String? { "look at the disk; a power cut may take it back" }
  package var isUnknown: Bool { true }
}
