package import Platform

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
  /// - Returns: How the new file looks, from before it was in its place: what looks otherwise there was saved by
  ///   somebody since.
  /// - Throws: `UnflushedFile` if the new content is in place, and only the directory could not be
  ///   flushed. After any other error the old content is untouched, and no file is left behind.
  @discardableResult
  static func replace(
    _ name: String, in directory: String, with bytes: [UInt8],
    by temporaryName: String = temporaryName, isFlushed: Bool = true
  ) throws -> FileStatus {
    let path = directory + "/" + name
    let temporary = directory + "/" + temporaryName
    let permissions = try FileStatus.of(path)?.permissions
    let status: FileStatus
    do throws(SystemError) {
      try? File.remove(temporary)
      status = try make(temporary, holding: bytes, permissions, isFlushed: isFlushed)
      try File.move(temporary, to: path)
    } catch {
      try? File.remove(temporary)
      throw SystemError("write", path, code: error.code, isUnchanged: true)
    }
    do {
      if isFlushed { try FileDescriptor(opening: directory, for: .reading).flush() }
    } catch {
      throw UnflushedFile(path: path, cause: error)
    }
    return status
  }

  private static func make(
    _ path: String, holding bytes: [UInt8], _ permissions: FilePermissions?, isFlushed: Bool
  ) throws(SystemError) -> FileStatus {
    let file = try FileDescriptor(opening: path, for: .making)
    if let permissions { file.setPermissions(permissions) }
    try file.write(bytes)
    if isFlushed { try file.flush() }
    return try file.status()
  }

  /// All of a regular file.
  static func read(_ path: String) throws -> [UInt8] {
    // Opening a pipe would wait for its other end.
    let file = try FileDescriptor(opening: path, for: .readingAtOnce)
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
  /// The file that was replaced, no link to it.
  package let path: String
  /// The failure to flush the directory, or to open it for that.
  package let cause: SystemError

  package var message: String {
    "it was written to \(path), but the disk did not confirm that it keeps it: \(cause.message)"
  }
  package var hint: String? { "look at the disk; a power cut may take it back" }
  package var isUnknown: Bool { true }
}
