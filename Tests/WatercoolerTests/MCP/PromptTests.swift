import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct PromptTests {
  private func server() throws -> ServerUnderTest {
    try ServerUnderTest.initialized {
      $0.prompts = [
        Prompt(
          name: "greet", title: "Greet", description: "Greets somebody.",
          arguments: [
            .init("who", "whom", isRequired: true), .init("how", "the words", isRequired: false),
          ]
        ) { arguments, _ in "\(arguments["how"] ?? "Hello"), \(arguments["who"] ?? "")" }
      ]
      $0.complete = { name, start, _ in
        (0..<300).map { "\(name)\($0)" }.filter { $0.hasPrefix(start) }
      }
      $0.resources = TestResources().catalog
    }
  }

  @Test func `a prompt is listed and filled`() throws {
    let server = try server()
    try server.request("prompts/list", id: 1)
    let prompt = try server.receive()["result"]?["prompts"]?.array?.first
    #expect(prompt?["name"] == "greet")
    #expect(prompt?["arguments"]?.array?.first?["required"] == true)
    try server.request("prompts/get", id: 2, ["name": "greet", "arguments": ["who": "you"]])
    #expect(
      try server.receive()["result"]?["messages"] == [
        ["role": "user", "content": ["type": "text", "text": "Hello, you"]]
      ])
  }

  @Test(arguments: [
    #"{"name":"none"}"#, #"{"name":"greet"}"#, #"{"name":"greet","arguments":{"who":""}}"#,
    #"{"name":"greet","arguments":{"who":1}}"#, #"{"name":"greet","arguments":[]}"#, "{}",
  ])
  func `a prompt that cannot be filled is an error of the request`(params: String) throws {
    let server = try server()
    try server.request("prompts/get", id: 1, try JSON(parsing: Array(params.utf8)[...]))
    #expect(try server.receive()["error"]?["code"]?.int == -32602)
  }

  @Test func `an argument is completed, a hundred values at a time`() throws {
    let server = try server()
    let references: [JSON] = [
      ["type": "ref/prompt", "name": "greet"], ["type": "ref/resource", "uri": "test://{name}"],
    ]
    for reference in references {
      try server.request(
        "completion/complete", id: 1,
        ["ref": reference, "argument": ["name": "who", "value": "who"]])
      let all = try server.receive()["result"]?["completion"]
      #expect(all?["values"]?.array?.count == 100)
      #expect(all?["total"] == 300)
      #expect(all?["hasMore"] == true)
      try server.request(
        "completion/complete", id: 2,
        ["ref": reference, "argument": ["name": "who", "value": "who29"]])
      let some = try server.receive()["result"]?["completion"]
      #expect(some?["values"]?.array?.count == 11)
      #expect(some?["hasMore"] == false)
    }
  }

  @Test(arguments: [
    #"{"ref":{"type":"ref/prompt","name":"none"},"argument":{"name":"a","value":""}}"#,
    #"{"ref":{"type":"ref/resource","uri":"x://"},"argument":{"name":"a","value":""}}"#,
    #"{"ref":{"type":"ref/other"},"argument":{"name":"a","value":""}}"#,
    #"{"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"a"}}"#,
    #"{"argument":{"name":"a","value":""}}"#, "{}",
  ])
  func `what cannot be completed is an error of the request`(params: String) throws {
    let server = try server()
    try server.request("completion/complete", id: 1, try JSON(parsing: Array(params.utf8)[...]))
    #expect(try server.receive()["error"]?["code"]?.int == -32602)
  }
}
