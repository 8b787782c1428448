import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct ToolArgumentTests {
  private let tools: TestTools

  init() throws {
    tools = try TestTools()
    try tools.say("plan")
  }

  /// Arguments with which each tool works.
  private static let complete: [(String, JSON)] = [
    ("say", ["topic": "plan", "title": "T", "body": "B"]), ("ack", ["topic": "plan"]),
    ("handoff", ["topic": "plan"]), ("set_status", ["topic": "plan", "status": "BLOCKED"]),
    ("set_ball", ["topic": "plan", "ball": "Claude"]), ("read_thread", ["topic": "plan"]),
    ("list_threads", [:]), ("search", ["query": "words"]), ("reindex", [:]), ("whoami", [:]),
    ("health", [:]),
  ]

  /// Those arguments with one more, or another value for one.
  private func arguments(_ name: String, _ change: JSON.Member) throws -> JSON {
    let complete = try #require(Self.complete.first { $0.0 == name }?.1.object)
    return .object(complete.filter { $0.name != change.name } + [change])
  }

  @Test(arguments: complete)
  func `with what it requires a tool works, and answers as its schema says`(
    name: String, arguments: JSON
  ) throws {
    let result = try tools.call(name, arguments)
    #expect(!result.isError && !result.text.isEmpty)
  }

  @Test(arguments: complete)
  func `what is missing, null or empty is named`(name: String, arguments: JSON) throws {
    let before = tools.home.read("plan.md")
    let required = try tools.tool(name).inputSchema["required"]?.array?.compactMap(\.string)
    // A title may be left out for all that: the body's first line does.
    for required in required ?? [] where required != "title" {
      for value in [JSON?.none, .null, ""] {
        var members = (arguments.object ?? []).filter { $0.name != required }
        if let value { members.append(JSON.Member(required, value)) }
        let result = try tools.call(name, .object(members))
        #expect(result.isError && result.text.contains("\nHint: "))
        #expect(result.text.hasPrefix("Error: Argument '\(required)' is missing\n"))
      }
    }
    #expect(tools.home.read("plan.md") == before)
  }

  @Test(arguments: complete.map(\.0))
  func `a value of another type is named, with what is expected`(_ name: String) throws {
    let before = tools.home.read("plan.md")
    let isWriter = TestTools.writers.contains(name)
    for property in try tools.tool(name).inputSchema["properties"]?.object ?? [] {
      for value in [["x": 1], [1], JSON(1.5)] {
        let result = try tools.call(name, try arguments(name, .init(property.name, value)))
        #expect(result.isError && result.text.contains("rgument '\(property.name)' is "))
        #expect(result.text.contains("\nHint: expected "))
        #expect(result.text.hasSuffix("\nWritten: no") == isWriter)
      }
    }
    #expect(tools.home.read("plan.md") == before)
  }

  @Test(arguments: complete.map(\.0))
  func `arguments of older prompts are taken, and said to mean nothing`(_ name: String) throws {
    let known = try tools.tool(name).inputSchema["properties"]?.object?.map(\.name) ?? []
    for extra in ["code_path", "agent_func", "create_if_missing", "format", "random_string"]
    where !known.contains(extra) {
      let result = try tools.call(name, try arguments(name, .init(extra, ["any": 1])))
      #expect(!result.isError && result.text.hasSuffix("\n\nNote: '\(extra)' means nothing here"))
    }
  }

  @Test(arguments: complete.map(\.0))
  func `an argument that nobody knows is refused, and nothing is done`(_ name: String) throws {
    let before = tools.home.read("plan.md")
    let known = try tools.tool(name).inputSchema["properties"]?.object?.map(\.name) ?? []
    for extra in known.map({ String($0.dropLast()) + "_" }) + ["", "a\nb", "zzzzzzzz"] {
      let result = try tools.call(name, try arguments(name, .init(extra, .null)))
      #expect(result.isError && result.text.hasPrefix("Error: There is no argument '"))
      #expect(result.text.contains("\nHint: "))
      #expect(result.text.hasSuffix("\nWritten: no") == TestTools.writers.contains(name))
    }
    #expect(tools.home.read("plan.md") == before)
    #expect(try tools.tool(name).inputSchema["additionalProperties"] == false)
  }

  @Test(arguments: [("say", "if_bal", "if_ball"), ("wait", "timeout_seconds", "timeout_s")])
  func `the nearest one is named`(_ name: String, _ given: String, _ meant: String) throws {
    let result = try tools.call(name, [given: "x"] as JSON)
    #expect(result.text.contains("Hint: did you mean '\(meant)'?"))
  }

  @Test(arguments: [
    ("read_thread", "from_entry"), ("read_thread", "limit"), ("read_thread", "max_chars"),
    ("list_threads", "limit"), ("search", "limit"),
  ])
  func `a number below 0 is refused, and any other is taken`(
    name: String, argument: String
  ) throws {
    for value in [JSON(-1), "-1", "many", .number("99999999999999999999")] {
      let result = try tools.call(name, try arguments(name, .init(argument, value)))
      #expect(result.isError && result.text.contains("expected a whole number from 0 on"))
    }
    for value in [JSON(0), 1, "7", .number("1e1"), JSON(Int.max)] {
      #expect(!(try tools.call(name, try arguments(name, .init(argument, value))).isError))
    }
  }

  @Test(arguments: [
    ("list_threads", "open_only"), ("list_threads", "mine"), ("reindex", "open_only"),
  ])
  func `a flag may be a word`(name: String, argument: String) throws {
    for value in [JSON.bool(true), false, "true", "False", .null] {
      #expect(!(try tools.call(name, try arguments(name, .init(argument, value))).isError))
    }
    #expect(try tools.call(name, try arguments(name, .init(argument, "yes"))).isError)
  }

  @Test(arguments: ["read_thread", "list_threads"])
  func `a format that there is not is refused`(_ name: String) throws {
    let result = try tools.call(name, try arguments(name, .init("format", "yaml")))
    #expect(result.isError && result.text.contains("markdown"))
    let json = try tools.call(name, try arguments(name, .init("format", "json")))
    #expect(try JSON(parsing: Array(json.text.utf8)) == json.structured)
  }

  @Test(
    arguments: [
      ("say", ["topic": "a/b", "title": "T", "body": "B"], "try 'a-b'"),
      ("say", ["topic": "x", "title": "two\nlines", "body": "B"], "put it on one line"),
      ("say", ["topic": "x", "title": "T", "body": "B", "entry_id": "soon"], "a ULID"),
      ("say", ["topic": "plan", "title": "T", "body": "B", "if_ball": "Eve"], "read what came"),
      ("ack", ["topic": "plam"], "did you mean 'plan'?"),
      ("set_status", ["topic": "plam", "status": "X"], "did you mean 'plan'?"),
      ("set_ball", ["topic": "plam", "ball": "X"], "did you mean 'plan'?"),
      ("read_thread", ["topic": "plam"], "did you mean 'plan'?"),
      ("read_thread", ["topic": "plan", "since": "yesterday"], "a time such as"),
      (
        "read_thread", ["topic": "plan", "since": "01M7XX0F93F0WMC16VMVX7YP8Z"],
        "leave 'since' out"
      ),
      ("list_threads", ["cursor": "abc"], "next_cursor"),
      ("list_threads", ["cursor": "-1"], "next_"),
    ] as [(String, JSON, String)])
  func `an error says what to do`(name: String, arguments: JSON, hint: String) throws {
    let result = try tools.call(name, arguments)
    #expect(result.isError && result.text.hasPrefix("Error: ") && result.text.count < 10_000)
    let line = result.text.split(separator: "\n").first { $0.hasPrefix("Hint: ") }
    #expect(line?.contains(hint) == true, "\(result.text)")
    #expect(result.text.hasSuffix("\nWritten: no") == TestTools.writers.contains(name))
  }

  @Test(arguments: TestTools.writers)
  func `a write that ran out of time or was called off says that nothing was written`(
    _ name: String
  ) throws {
    let before = tools.home.read("plan.md")
    let arguments = try #require(Self.complete.first { $0.0 == name }?.1)
    let cancellation = Cancellation()
    cancellation.cancel()
    for deadline in [.after(.zero), Deadline.after(.seconds(60), cancellation: cancellation)] {
      let result = try tools.call(name, arguments, until: deadline)
      #expect(result.isError && result.text.hasSuffix("\nWritten: no"))
    }
    #expect(tools.home.read("plan.md") == before)
  }
}
