internal import Platform

/// `wc` is also the name of POSIX's word counter, and ours may come first in PATH. Called as `wc`, with
/// none of our commands, it becomes the system's: the same arguments, descriptors and exit status.
enum StepAside {
  /// Whether these arguments, the program's name first, are meant for the word counter. What is called
  /// by another name never is, nor what was called nobody knows how.
  static func isForWordCount(_ arguments: [String], inputIsTerminal: Bool) -> Bool {
    let program = arguments.first?.split(separator: "/").last
    guard program == "wc" else { return false }
    guard let first = arguments.dropFirst().first else { return !inputIsTerminal }
    // A file that somebody counted every day, before there was such a command.
    if arguments.count == 2, newCommands.contains(first), FileStatus.ifKnown(first)?.kind == .file {
      return true
    }
    let isOurs = ["--help", "--version", MergeDriver.name, CommandLineCompletion.name]
      .contains(first)
    if isOurs || CommandDescription.named(first) != nil { return false }
    // A misspelt command, typed by hand, where no such file could be counted.
    let isWord = first.utf8.allSatisfy { $0.isLetter || $0 == UInt8(ascii: "-") }
    let isMisspelt =
      inputIsTerminal && isWord && !first.hasPrefix("-")
      && FileStatus.ifKnown(first) == nil
      && !Nearest.matches(for: first, in: CommandDescription.all.map(\.name)).isEmpty
    return !isMisspelt
  }

  /// The commands that version 0.1.0 had not.
  private static let newCommands: Set<String> = ["debug"]

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
      guard FileAccess.running.isGranted(at: candidate),
        let found = FileStatus.ifKnown(candidate)?.identity, found != own
      else { continue }
      return ThisProcess.become(candidate, calledAs: "wc", with: arguments)
    }
    return SystemError("find", "another wc in PATH", code: SystemError.notFound)
  }

  private static var ownIdentity: FileIdentity? {
    #if os(Linux)
      // Of the very file, even when another has its path by now.
      if let own = FileStatus.ifKnown("/proc/self/exe") { return own.identity }
    #endif
    return ProgramFile.path.flatMap(FileStatus.ifKnown)?.identity
  }
}
