internal import Platform

/// A body that a person writes in an editor: a draft that is kept until its entry is written.
struct EditedBody {
  private let topic: Topic
  private let file: String
  private let editor: String
  private let terminal: Terminal
  private let template: String

  /// From here on the draft is not part of the body: an HTML comment, as `#` begins a heading.
  private static let scissors = "<!-- ✂ what is below this line is not part of the entry"
  /// How many entries the template shows.
  private static let shown = 3

  init(_ invocation: Invocation, _ workspace: Workspace) throws {
    topic = try Topic(new: invocation.arguments[0])
    terminal = invocation.terminal
    editor =
      ["VISUAL", "EDITOR"].compactMap { invocation.environment[$0] }
      .first { !$0.allSatisfy(\.isWhitespace) } ?? "vi"
    file = "\(workspace.readerDirectory)/drafts/\(topic)-\(EntryID.make()).md"
    template = Self.template(topic, workspace)
  }

  /// Has the body written, then does something with it. The draft goes when that has succeeded.
  func write(_ body: (String) throws -> ExitCode) throws -> ExitCode {
    let text = try edit()
    do {
      let code = try body(text)
      try? File.remove(file)
      return code
    } catch {
      // The body alone, so that it can be sent as it is.
      try? save(text)
      terminal.say(
        "your text is kept; send it with: \(programName) say \(topic) -F \(SSHCommand.quoted(file))"
      )
      throw error
    }
  }

  private func edit() throws -> String {
    try save("\n\n" + template)
    // By a shell, as the setting may have arguments.
    let status = ShellCommand("\(editor) \(SSHCommand.quoted(file))").run()
    let bytes = try AtomicFile.read(file)
    guard status == .exited(0) else {
      throw EditorError.failed(editor: editor, file: file, status: status)
    }
    if let offset = bytes[...].invalidUTF8Offset {
      throw InvalidText.invalidUTF8(field: file, offset: offset)
    }
    // By bytes: with an editor that saves CR LF, "\r\n" is one character, and no "\n".
    let lines = bytes[...].lines.prefix { !$0.starts(with: Self.scissors.utf8) }
    let text = lines.map(\.string).joined()
    guard !Bytes(text).isAllBlank else {
      try? File.remove(file)
      throw EditorError.nothingWritten
    }
    return text.trimmed(of: \.isNewline)
  }

  private func save(_ text: String) throws {
    try Directory.make(file.parentPath)
    try AtomicFile.replace(file.lastName, in: file.parentPath, with: Array(text.utf8))
  }

  /// The text below the body: what is asked for, and the thread's last entries.
  private static func template(_ topic: Topic, _ workspace: Workspace) -> String {
    var text = scissors + "\n\nThe first line of the entry becomes its title. "
    text += "An empty text is not written.\n\n"
    if let reading = try? workspace.read(topic.name, .last(shown)) {
      let view = ThreadView(reading)
      text += view.heading + "\n"
      text += reading.range.map { view.markdown(of: $0) }.joined(separator: "\n")
    } else {
      text += "'\(topic)' is a new thread.\n"
    }
    return text + "-->\n"
  }
}

/// The reason why a text was not written with an editor.
enum EditorError: ExplainedError {
  case failed(editor: String, file: String, status: ExitStatus)
  case nothingWritten

  var message: String {
    switch self {
    case .failed(let editor, _, let status):
      status == .exited(127)
        ? "there is no editor '\(editor)'; nothing was written"
        : "the editor '\(editor)' failed; nothing was written"
    case .nothingWritten: "the text is empty; nothing was written"
    }
  }

  var hint: String? {
    switch self {
    case .failed(_, let file, _):
      "set EDITOR, or give the text with -m; the draft is kept: \(file)"
    case .nothingWritten: "write something above the line with the scissors, or give it with -m"
    }
  }
}
