import Testing

@testable import Platform
@testable import Watercooler

@Suite struct StepAsideTests {
  private func steps(_ arguments: String..., isTerminal: Bool) -> Bool {
    StepAside.isForWordCount(arguments, inputIsTerminal: isTerminal)
  }

  @Test(arguments: CommandDescription.all.flatMap { [$0.name] + $0.aliases })
  func `a command of ours is ours, in a pipe and at a terminal`(_ name: String) {
    for isTerminal in [true, false] {
      #expect(!steps("/usr/local/bin/wc", name, isTerminal: isTerminal))
    }
  }

  @Test(arguments: ["--help", "--version"])
  func `so are these options`(_ option: String) {
    #expect(!steps("wc", option, isTerminal: true) && !steps("wc", option, isTerminal: false))
  }

  @Test(arguments: [
    "-l", "-c", "--lines", "-", "--", "./say", "no-such-file.txt", "/etc/hosts", "", "sa y",
    "--files0-from=-",
  ])
  func `everything else is the word counter's`(_ argument: String) {
    for isTerminal in [true, false] {
      #expect(steps("wc", argument, isTerminal: isTerminal), "\(argument)")
    }
  }

  @Test(arguments: ["sya", "hepl", "lst", "raed", "Say"])
  func `a misspelt command is ours only where somebody types it`(_ argument: String) {
    #expect(!steps("wc", argument, isTerminal: true))
    #expect(steps("wc", argument, isTerminal: false))
  }

  @Test func `with no arguments it helps at a terminal, and counts in a pipe`() {
    #expect(!steps("wc", isTerminal: true) && steps("wc", isTerminal: false))
  }

  @Test(arguments: [
    ["watercooler"], ["/opt/bin/watercooler", "-l"], ["watercooler", "sya"],
    // Nobody knows how.
    [], [""], ["", "-l"], ["/"], ["wcl", "-l"], ["/wc/other"],
  ])
  func `called by any other name it never steps aside`(_ arguments: [String]) {
    for isTerminal in [true, false] {
      #expect(!StepAside.isForWordCount(arguments, inputIsTerminal: isTerminal))
    }
  }
}
