internal import Platform

/// The program that shows a person what is longer than the screen: `PAGER`, else `less`.
struct Pager {
  private let command: String

  /// Nil where there is nobody to page through it, or no pager.
  init?(_ terminal: Terminal, environment: [String: String]) {
    guard terminal.isInteractive, Screen.isCapable(environment) else { return nil }
    let chosen = environment["PAGER"].map { $0.trimmed(of: \.isSpace) }
    if let chosen, chosen.isEmpty || chosen == "cat" { return nil }
    command = chosen ?? "less"
    // As git does: less ends by itself where all fits, keeps colours, and leaves the text there.
    if environment["LESS"] == nil { ThisProcess.setVariable("LESS", to: "FRX") }
    if environment["LV"] == nil { ThisProcess.setVariable("LV", to: "-c") }
  }

  /// Shows the text, and returns when the pager has ended. Where there is none to run, prints it.
  /// - Returns: Whether the pager took all of it, and ended well: one that is left early need not have
  ///   shown the rest.
  func show(_ text: String) throws -> Bool {
    // A shell, as `PAGER` may have arguments. It has our terminal and our signals.
    // Ctrl-C is for the pager, which may use it to stop searching.
    let (status, isTaken) = try ShellCommand(command).run(reading: Array(text.utf8))
    // 126 and 127 are the shell's: a program that it cannot run, and one that it does not find.
    if [.exited(126), .exited(127)].contains(status) {
      try Terminal().print(raw: Array(text.utf8))
      return true
    }
    // One that failed may have shown nothing: what fits into the pipe is taken by nobody, too.
    return isTaken && status == .exited(0)
  }
}
