internal import Foundation

/// The program that shows a person what is longer than the screen: `PAGER`, else `less`.
struct Pager {
  private let command: String

  /// Nil where there is nobody to page through it, or no pager.
  init?(_ terminal: Terminal, environment: [String: String]) {
    guard terminal.isInteractive, Screen.isCapable(environment) else { return nil }
    let chosen = environment["PAGER"].map { $0.trimmingCharacters(in: .whitespaces) }
    if let chosen, chosen.isEmpty || chosen == "cat" { return nil }
    command = chosen ?? "less"
    // As git does: less ends by itself where all fits, keeps colours, and leaves the text there.
    if environment["LESS"] == nil { setenv("LESS", "FRX", 1) }
    if environment["LV"] == nil { setenv("LV", "-c", 1) }
  }

  /// Shows the text, and returns when the pager has ended. Where there is none to run, prints it.
  /// - Returns: Whether the pager took all of it, and ended well: one that is left early need not have
  ///   shown the rest.
  func show(_ text: String) throws -> Bool {
    // A shell, as `PAGER` may have arguments. It has our terminal and our signals.
    guard let pipe = BrokenPipes.heeded({ popen(command, "w") }) else {
      throw SystemError("run", command)
    }
    // Ctrl-C is for the pager, which may use it to stop searching.
    let before = signal(SIGINT, SIG_IGN)
    defer { signal(SIGINT, before) }
    // A pager that is left early has closed the pipe: that is no error.
    let count = Array(text.utf8).withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, pipe) }
    let isTaken = fflush(pipe) == 0 && count == text.utf8.count
    let status = pclose(pipe)
    // 126 and 127 are the shell's: a program that it cannot run, and one that it does not find.
    if [126 << 8, 127 << 8].contains(status) {
      try Terminal().print(raw: Array(text.utf8))
      return true
    }
    // One that failed may have shown nothing: what fits into the pipe is taken by nobody, too.
    return isTaken && status == 0
  }
}
