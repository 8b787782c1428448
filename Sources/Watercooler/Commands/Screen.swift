internal import Platform

/// The look of results for whoever reads them: a person at a terminal, or a program.
struct Screen: Sendable {
  /// Whether what is printed is laid out for a person; a program gets what it can parse.
  let isForPerson: Bool
  let inColor: Bool
  /// In columns.
  let width: Int

  /// - Parameter color: `auto`, `always` or `never`, as `--color` has it.
  init(_ terminal: Terminal, color: String, environment: [String: String]) throws(UsageError) {
    let isTerminal = terminal.isOutputTerminal
    let isClean = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    switch color {
    case "always": inColor = true
    case "never": inColor = false
    case "auto": inColor = isTerminal && !isClean && Self.isCapable(environment)
    default:
      throw .badValue(option: "--color", value: color, expected: "auto, always or never")
    }
    isForPerson = isTerminal || color == "always"
    width =
      terminal.columns ?? environment["COLUMNS"].flatMap { Int($0) } ?? 80
  }

  /// Whether the terminal knows more than to print what it gets.
  static func isCapable(_ environment: [String: String]) -> Bool {
    environment["TERM"].map { !$0.isEmpty && $0 != "dumb" } ?? false
  }
}

extension CommandOption {
  static let color = CommandOption(
    "--color", value: "WHEN", help: "auto, always or never; NO_COLOR is heeded")
  static let noPager = CommandOption("--no-pager", help: "print all at once")
}

extension Invocation {
  func screen() throws -> Screen {
    try Screen(terminal, color: value("--color") ?? "auto", environment: environment)
  }

  /// Prints a result: to a person with its look, to a program as text, or as JSON where that was asked
  /// for.
  /// - Parameter isPaged: Whether a person gets what is longer than the screen page by page.
  /// - Returns: Whether all of it was taken: what was not counts as shown to nobody.
  @discardableResult
  func print(
    screen: (Screen) throws -> StyledText, text: () -> String, json: () -> [JSON.Member],
    isPaged: Bool = false
  ) throws -> Bool {
    let look = try self.screen()
    guard look.isForPerson, !has("--json") else {
      try print(text(), json: json())
      return true
    }
    let styled = try screen(look)
    if isPaged, !has("--no-pager"), let pager = Pager(terminal, environment: environment) {
      return try pager.show(styled.rendered(inColor: look.inColor))
    }
    try terminal.print(styled, inColor: look.inColor)
    return true
  }
}
