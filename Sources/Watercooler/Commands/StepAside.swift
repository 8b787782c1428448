internal import Foundation

/// `wc` is also the name of POSIX's word counter, and ours may come first in PATH. Unless it is called
/// with one of our commands, it becomes the system's: the same arguments, descriptors and exit status.
enum StepAside {
  /// Whether these arguments are meant for the word counter.
  /// - Parameter hasTerminals: Whether standard input is a terminal.
  static func isForWordCount(_ arguments: [String], inputIsTerminal: Bool) -> Bool {
    let program = arguments.first.map { URL(fileURLWithPath: $0).lastPathComponent }
    if program == "watercooler" { return false }
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
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, path: String?
  ) -> SystemError {
    let directories = (path ?? "").split(separator: ":").map(String.init) + ["/usr/bin", "/bin"]
    let own = identity(of: ownPath)
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

  private static var ownPath: String {
    #if os(Linux)
      "/proc/self/exe"
    #else
      Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
  }
}
