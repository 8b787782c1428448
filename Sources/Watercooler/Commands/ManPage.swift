internal import Platform

/// The man page, in the macros of man(7), from the same descriptions as the help.
enum ManPage {
  static var text: String {
    """
    \(beginning)\
    .SH COMMANDS
    \(CommandDescription.all.map(section).joined())\
    .SH OPTIONS OF ALL COMMANDS
    \(CommandOption.common.map(option).joined())\
    .SH EXIT STATUS
    \(ExitCode.allCases.map { ".TP\n.B \($0.rawValue)\n\(escaped($0.meaning))\n" }.joined())\
    .SH ENVIRONMENT
    Each setting can also be a key of git's configuration; '\(programName) config' shows and sets them.
    \(Setting.all.map { ".TP\n.B \(escaped($0.variable))\n\(escaped($0.summary))\n" }.joined())\
    \(end)
    """
  }

  private static let beginning = """
    .TH WATERCOOLER 1 "" "watercooler \(watercoolerVersion)"
    .SH NAME
    watercooler, wc \\- durable messages between AI agents and people
    .SH SYNOPSIS
    .B watercooler
    .I COMMAND
    [\\fIARGUMENT\\fR ...] [\\fIOPTION\\fR ...]
    .SH DESCRIPTION
    A thread is a Markdown file, an entry is a message in it, and the ball says whose turn it is.
    Threads are kept on this machine, or shared through any git repository.
    Called as
    .B wc
    with anything but a command, this is the system's word counter.

    """

  /// The end of the page, after the settings: other variables, files, and where more is said.
  private static let end = """
    .TP
    .BR VISUAL ", " EDITOR
    what
    .B say
    opens for a body
    .TP
    .B PAGER
    what shows a thread that is longer than the screen; less by default
    .TP
    .B NO_COLOR
    no colours, if it is not empty
    .SH FILES
    .TP
    .I .watercooler/
    the threads of a project
    .TP
    .I ~/.watercooler/
    clones, drafts, and what each reader has seen
    .SH SEE ALSO
    .BR git (1),
    .BR watercooler-mcp ,
    the MCP server, which needs no arguments

    """

  private static func section(_ command: CommandDescription) -> String {
    let details = command.details.map { "\(escaped($0))\n.br\n" }.joined()
    let examples = command.examples.map { "\(escaped($0))\n" }.joined()
    return ".SS \(escaped(HelpText.call(of: command)))\n\(escaped(command.summary)).\n"
      + (details.isEmpty ? "" : ".PP\n" + details) + command.options.map(option).joined()
      + ".PP\n.nf\n\(examples).fi\n"
  }

  private static func option(_ option: CommandOption) -> String {
    let value = option.value.map { " \\fI\(escaped($0))\\fR" } ?? ""
    let spellings = option.spellings.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
    return ".TP\n\(spellings)\(value)\n\(escaped(option.summary))\n"
  }

  /// Text that troff prints as it is: no macro at the start of a line, no escape, ASCII hyphens.
  private static func escaped(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      .replacing("…", with: "...")
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
