import Testing

@testable import Platform
@testable import Watercooler

@Suite struct HelpTextTests {
  @Test func `no two commands have one name, and no two options of a command one spelling`() {
    let names = CommandDescription.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    for command in CommandDescription.all {
      let spellings = (command.options + CommandOption.common).flatMap(\.spellings)
      #expect(Set(spellings).count == spellings.count, "\(command.name)")
    }
  }

  @Test(arguments: [
    "init-thread", "say", "append-entry", "ack", "handoff", "set-status", "set-ball", "list",
    "search", "reindex", "web-export", "unlock", "read", "status", "ball", "init", "whoami",
    "config", "help",
  ])
  func `there is a command called`(_ name: String) {
    #expect(CommandDescription.named(name) != nil)
  }

  @Test func `help lists every command`() {
    let lines = HelpText.overview.split(separator: "\n")
    for command in CommandDescription.all {
      let line = lines.first { $0.hasPrefix("  \(command.name) ") }
      #expect(line?.hasSuffix("  \(command.summary)") == true, "\(command.name)")
    }
    #expect(HelpText.overview.lowercased().contains("usage:"))
  }

  @Test(arguments: CommandDescription.all.map(\.name))
  func `a command's help shows its arguments, options, aliases and examples`(
    _ name: String
  ) throws {
    let command = try #require(CommandDescription.named(name))
    let text = HelpText.text(of: command)
    for argument in command.arguments { #expect(text.contains(argument.name)) }
    for option in command.options + CommandOption.common {
      for spelling in option.spellings { #expect(text.contains(spelling)) }
      #expect(text.contains(option.summary))
      if let value = option.value { #expect(text.contains(" \(value)  ")) }
    }
    for alias in command.aliases { #expect(text.contains(alias)) }
    for line in command.details { #expect(text.contains("  \(line)\n")) }
    for example in command.examples { #expect(text.contains("  \(example)\n")) }
    #expect(command.examples.count >= 1)
  }

  @Test(arguments: CommandDescription.all.map(\.name))
  func `the examples of a command are calls of it that it understands`(_ name: String) throws {
    let command = try #require(CommandDescription.named(name))
    for example in command.examples {
      // The shell's own splitting, with ours shown one to a line.
      let script = "wc() { printf '%s\\n' \"$@\"; }; watercooler() { wc \"$@\"; }; \(example)"
      let words = try shell(script).run(until: soon()).text.split(separator: "\n").map(String.init)
      let first = try #require(words.first)
      #expect(first == "--version" || CommandDescription.named(first)?.name == name, "\(example)")
      _ = try ArgumentParser(command, arguments: Array(words.dropFirst()))
    }
  }
}
