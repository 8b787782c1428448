internal import Platform

/// A host's configuration file: read, and replaced as a whole, with a backup beside it.
struct HostFile: Sendable {
  let path: String
  /// The name by which `wc mcp` takes the host, for the hint of an error.
  let host: String

  /// The bytes of the file; nil where there is none.
  func read() throws -> [UInt8]? {
    do throws(SystemError) {
      if let refusal = FileAccess.presence.refusal(at: FileLink.end(of: path)) {
        if refusal.isNotFound { return nil }
        throw SystemError("open", path, code: refusal.code)
      }
    } catch {
      throw HostError.inaccessible(reason: error.message, host: host)
    }
    do {
      return try AtomicFile.read(path)
    } catch let error as SystemError {
      throw HostError.inaccessible(reason: error.message, host: host)
    }
  }

  /// Puts `new` in place of `old`, which is kept beside it; mode and links stay.
  /// - Returns: The backup's path, nil where nothing was replaced; or that nothing was written, since
  ///   somebody else has meanwhile.
  func replace(_ old: [UInt8]?, with new: [UInt8]) throws -> Replacement {
    do {
      let target = FileLink.end(of: path)
      let directory = target.parentPath
      try Directory.make(directory)
      let backup = try old.map { try keep($0) }
      // Some hosts write their file all the time.
      if try read() != old { return .overtaken }
      try AtomicFile.replace(
        target.lastName, in: directory, with: new, by: ".watercooler-\(ThisProcess.id).tmp")
      return .done(backup: backup)
    } catch let error as SystemError {
      throw HostError.inaccessible(reason: error.message, host: host)
    }
  }

  enum Replacement: Sendable {
    case done(backup: String?)
    case overtaken
  }

  /// Writes a backup, unless there is one with the same content; never over another.
  private func keep(_ content: [UInt8]) throws -> String {
    let permissions = FileStatus.ifKnown(path).map { $0.permissions & 0o777 } ?? 0o600
    var backup = path + ".before-watercooler"
    var number = 1
    while let there = try HostFile(path: backup, host: host).read() {
      if there == content { return backup }
      number += 1
      backup = path + ".before-watercooler-\(number)"
    }
    // A backup holds the same secrets: it has the file's permissions from the first byte on.
    let file = try FileDescriptor(opening: backup, for: .making, permissions: permissions)
    file.setPermissions(permissions)
    try file.write(content)
    try file.flush()
    return backup
  }
}
