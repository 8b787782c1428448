internal import Platform

/// The options that give the text of an entry, and the text that they give.
enum BodyArgument {
  static let options = [
    CommandOption("-m", "--message", value: "TEXT", help: "the body; several become paragraphs"),
    CommandOption("-F", "--file", value: "FILE", help: "a file with the body; - is standard input"),
    CommandOption(
      "--body", "--note", value: "TEXT", help: "the body, or @FILE, or - for standard input"),
  ]

  /// The body that was given; nil if none was.
  ///
  /// Nothing is guessed to be a path: `-m` is the text itself, whatever it looks like.
  static func text(of invocation: Invocation, dashAt index: Int? = nil) throws -> String? {
    var parts = invocation.values["-m"] ?? []
    for path in invocation.values["-F"] ?? [] { parts.append(try read(path, invocation)) }
    for value in invocation.values["--body"] ?? [] {
      switch value.first {
      case "@" where value.count > 1: parts.append(try read(String(value.dropFirst()), invocation))
      case "-" where value.count == 1: parts.append(try read("-", invocation))
      default: parts.append(value)
      }
    }
    if let index, invocation.arguments.count > index {
      guard invocation.arguments[index] == "-" else {
        throw UsageError.extraArgument(
          invocation.arguments[index], command: invocation.calledAs)
      }
      parts.append(try read("-", invocation))
    }
    return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
  }

  /// The text that comes through a pipe, or from a file, on standard input; nil where nothing does within five seconds,
  /// and where standard input is neither: whoever starts programs may leave a pipe open that says nothing.
  static func piped(into invocation: Invocation) throws -> String? {
    let input = OpenFile.standardInput
    guard let kind = try? input.status().kind, kind == .other || kind == .file,
      !input.isTerminal, input.isReadable(within: .seconds(5))
    else { return nil }
    do {
      let text = try read("-", invocation)
      return text.isEmpty ? nil : text
    } catch is SystemError {
      // It was closed, say.
      return nil
    }
  }

  private static func read(_ path: String, _ invocation: Invocation) throws -> String {
    let bytes: [UInt8]
    if path == "-" {
      bytes = try invocation.terminal.readInput()
    } else {
      let path = invocation.configuration.absolute(path)
      // Unlike a thread, it may be a pipe: `-F <(git log -1)`, `-F /dev/stdin`.
      bytes = try FileDescriptor(opening: path, for: .reading).readAll()
    }
    if let offset = bytes[...].invalidUTF8Offset {
      throw InvalidText.invalidUTF8(field: "body", offset: offset)
    }
    return bytes[...].string
  }
}
