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
          invocation.arguments[index], command: invocation.command.name)
      }
      parts.append(try read("-", invocation))
    }
    return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
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
