internal import Foundation

/// `wc` is also the name of POSIX's word counter, and ours may come first in PATH. Called as `wc`, with
/// none of our commands, it becomes the system's: the same arguments, descriptors and exit status.
enum StepAside {
  /// Whether these arguments, the program's name first, are meant for the word counter. What is called
  /// by another name never is, nor what was called nobody knows how.
  static func isForWordCount(_ arguments: [String], inputIsTerminal: Bool) -> Bool {
    let program = arguments.first?.split(separator: "/").last
    guard program == "wc" else { return false }
    guard let first = arguments.dropFirst().first else { return !inputIsTerminal }
    let isOurs = ["--help", "--version", MergeDriver.name, CommandLineCompletion.name]
      .contains(first)
    if isOurs || CommandDescription.named(first) != nil { return false }
    // A misspelt command, typed by hand, where no such file could be counted.
    let isWord = first.utf8.allSatisfy { $0.isLetter || $0 == UInt8(ascii: "-") }
    let isMisspelt =
      inputIsTerminal && isWord && !first.hasPrefix("-")
      && !FileManager.default.fileExists(atPath: first)
      && !Nearest.matches(for: first, in: CommandDescription.all.map(\.name)).isEmpty
    return !isMisspelt
  }

  /// Becomes the next `wc` in PATH that is not this program. Returns only if there is none.
  /// - Parameter arguments: Those of this process, as bytes: not every file's name is UTF-8.
  static func becomeWordCount(
    _ arguments: ProgramArguments.Vector, path: String?
  ) -> SystemError {
    let directories = (path ?? "").split(separator: ":").map(String.init) + ["/usr/bin", "/bin"]
    // Not known, it could become itself, again and again.
    guard let own = ownIdentity else { return SystemError("look at", "this program's file") }
    for directory in directories {
      let candidate = directory + "/wc"
      guard access(candidate, X_OK) == 0, let found = identity(of: candidate), found != own else {
        continue
      }
      if arguments[0] != nil { arguments[0] = strdup("wc") }
      execv(candidate, arguments)
      return SystemError("run", candidate)
    }
    return SystemError("find", "another wc in PATH", code: ENOENT)
  }

  private struct FileIdentity: Equatable {
    let device: dev_t
    let inode: ino_t
  }

  private static func identity(of path: String) -> FileIdentity? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return FileIdentity(device: status.st_dev, inode: status.st_ino)
  }

  private static var ownIdentity: FileIdentity? {
    #if os(Linux)
      // Of the very file, even when another has its path by now.
      if let own = identity(of: "/proc/self/exe") { return own }
    #endif
    return ProgramFile.path.flatMap(identity(of:))
  }
}
