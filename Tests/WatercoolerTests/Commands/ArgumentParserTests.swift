import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ArgumentParserTests {
  private let command = CommandDescription(
    "try", "a command", arguments: [.required("ONE"), .optional("TWO")],
    options: [
      CommandOption("-t", "--title", value: "TITLE", help: "a value"),
      CommandOption("--switch", "-s", help: "a switch"),
    ], examples: []
  ) { _ in .done }

  private func parse(_ arguments: String...) throws(UsageError) -> ArgumentParser {
    try ArgumentParser(command, arguments: arguments)
  }

  @Test(arguments: [
    ["--title", "x=y"], ["--title=x=y"], ["-t", "x=y"], ["-tx=y"],
  ])
  func `an option's value may be attached or stand by itself`(_ option: [String]) throws {
    for arguments in [option + ["one"], ["one"] + option] {
      let parsed = try ArgumentParser(command, arguments: arguments)
      #expect(parsed.values == ["-t": ["x=y"]] && parsed.arguments == ["one"])
    }
  }

  @Test func `a value may be empty, a hyphen, or look like an option`() throws {
    #expect(try parse("one", "--title=").values == ["-t": [""]])
    #expect(try parse("one", "-t", "").values == ["-t": [""]])
    #expect(try parse("one", "-t", "-").values == ["-t": ["-"]])
    #expect(try parse("one", "-t", "--switch").values == ["-t": ["--switch"]])
  }

  @Test func `an option may be repeated, and every value is kept`() throws {
    let parsed = try parse("-t", "a", "one", "--title=b", "-s", "-s")
    #expect(parsed.values == ["-t": ["a", "b"], "--switch": ["", ""]])
  }

  @Test func `two hyphens end the options, and one is an argument`() throws {
    let parsed = try parse("-s", "--", "-t", "--switch")
    #expect(parsed.arguments == ["-t", "--switch"] && parsed.values == ["--switch": [""]])
    #expect(try parse("one", "-").arguments == ["one", "-"])
    #expect(try parse("--", "--", "two").arguments == ["--", "two"])
  }

  @Test(arguments: [
    (["one", "-t"], UsageError.missingValue(option: "-t")),
    (["one", "--title"], .missingValue(option: "--title")),
    (["one", "--switch=1"], .unwantedValue(option: "--switch")),
    (["one", "-s1"], .unwantedValue(option: "-s")),
    ([], .missingArgument("ONE", command: "try")),
    (["-s"], .missingArgument("ONE", command: "try")),
    (["a", "b", "c"], .extraArgument("c", command: "try")),
    (["--titel", "x"], .unknownOption("--titel", command: "try", nearest: ["--title"])),
    (["--titel=x"], .unknownOption("--titel", command: "try", nearest: ["--title"])),
    (["--zzzzzzzz"], .unknownOption("--zzzzzzzz", command: "try", nearest: [])),
  ])
  func `a slip is an error that says what to do`(arguments: [String], error: UsageError) {
    let thrown = #expect(throws: UsageError.self) {
      try ArgumentParser(command, arguments: arguments)
    }
    #expect(thrown == error && thrown?.message.isEmpty == false)
  }

  @Test func `an unknown option names its command and the nearest ones`() {
    let error = #expect(throws: UsageError.self) { try parse("one", "--swich") }
    #expect(error?.description == "'try' has no option '--swich'; did you mean '--switch'?")
  }

  @Test func `who asks for help needs no arguments`() throws {
    for spelling in ["--help", "-h"] {
      #expect(try parse(spelling).values["--help"] != nil)
    }
  }

  @Test func `every command takes the common options`() throws {
    for command in CommandDescription.all {
      let arguments = command.arguments.filter(\.isRequired).map(\.name)
      let parsed = try ArgumentParser(
        command, arguments: arguments + ["--json", "--threads-dir", "/x"])
      #expect(parsed.values == ["--json": [""], "--dir": ["/x"]])
    }
  }

  @Test func `an argument that is repeated takes all the rest`() throws {
    let parsed = try ArgumentParser(.search, arguments: ["a", "b", "--by", "Claude", "c"])
    #expect(parsed.arguments == ["a", "b", "c"])
  }
}
