import Foundation
import Testing

@testable import Watercooler

/// What `watercooler` prints, word for word: compared with the files in `Goldens`.
@Suite struct TranscriptTests {
  private let sandbox: Sandbox
  private var transcript: Transcript

  init() throws {
    sandbox = try Sandbox()
    transcript = Transcript(sandbox)
  }

  /// Two threads, written in a known order.
  private func makeThreads() throws {
    _ = try sandbox.wc(
      "say", "release-plan", "--as", "Claude", "--role", "planner", "--type", "Plan", "-m",
      "Shall we ship on Friday?", "-m", "- [ ] tests\n- [ ] notes"
    ).succeeded()
    _ = try sandbox.wc(
      "say", "release-plan", "--as", "Codex (bob)", "--role", "critic", "-t", "Not yet", "-m",
      "The tests are red."
    ).succeeded()
    _ = try sandbox.wc("init-thread", "old-times", "--status", "CLOSED").succeeded()
  }

  @Test mutating func `help`() throws {
    try transcript.call()
    try transcript.call("--help")
    try transcript.call("help")
    try transcript.call("help", "nonsense")
    try transcript.expectGolden("help")
  }

  @Test(arguments: CommandDescription.all.map(\.name))
  func `help of every command`(command: String) throws {
    var transcript = transcript
    try transcript.call("help", command)
    try transcript.expectGolden("help-" + command)
    #expect(try sandbox.wc(command, "--help").text == sandbox.wc("help", command).text)
  }

  @Test mutating func `version`() throws {
    try transcript.call("version")
    try transcript.call("--version")
    try transcript.call("version", "--json")
    try transcript.expectGolden("version")
  }

  @Test mutating func `writing`() throws {
    try transcript.call("init")
    try transcript.call("say", "plan", "--as", "Claude", "-m", "Hello")
    try transcript.call("say", "plan", "--as", "Codex", "-m", "Hello yourself", "--json")
    try transcript.call("ack", "plan", "--as", "Claude", "--json")
    try transcript.call("handoff", "plan", "Team", "--as", "Claude", "-m", "Who can?", "--json")
    try transcript.call("status", "plan", "blocked", "--json")
    try transcript.call("status", "plan", "blocked", "--json")
    try transcript.call("ball", "plan", "Claude", "--json")
    try transcript.call("init-thread", "other", "--json")
    try transcript.call("read", "plan", "--raw")
    try transcript.expectGolden("writing")
  }

  @Test mutating func `reading`() throws {
    try makeThreads()
    try transcript.call("read", "release-plan")
    try transcript.call("read", "Release-Plan", "--last", "1")
    try transcript.call("read", "release-plan", "--from", "2")
    try transcript.call("read", "old-times")
    try transcript.call("read", "release-plan", "--raw")
    try transcript.call("read", "release-plan", "--from", "1", "--json")
    try transcript.expectGolden("reading")
  }

  @Test mutating func `listing`() throws {
    try transcript.call("list")
    try transcript.call("list", "--json")
    try makeThreads()
    try transcript.call("list")
    try transcript.call("list", "--mine", "--as", "Claude")
    try transcript.call("list", "--open", "--json")
    try transcript.expectGolden("listing")
  }

  @Test mutating func `what is new`() throws {
    try makeThreads()
    try transcript.call("updates", "--as", "Gemini", "--limit", "1")
    try transcript.call("wait", "--as", "Gemini", "--ball", "me", "--timeout", "1s")
    try transcript.call("wait", "--as", "Gemini", "release-plan")
    try transcript.call("updates", "--as", "Gemini", "--json")
    try transcript.call("say", "release-plan", "--as", "Gemini", "--ball", "Claude", "-m", "Wait")
    try transcript.call("wait", "--as", "Claude", "--ball", "me", "--json")
    try transcript.call("read", "release-plan", "--last", "2")
    try transcript.call("updates", "--as", "Gemini", "--since", "yesterday")
    try transcript.call("updates", "--topic", "release-pan")
    try transcript.call("wait", "--ball", "Codex")
    try transcript.call("wait", "--timeout", "0")
    try transcript.expectGolden("updates")
  }

  @Test mutating func `searching`() throws {
    try makeThreads()
    try transcript.call("search", "TESTS")
    try transcript.call("search", "are", "red", "--json")
    try transcript.call("search", "tests", "--by", "Codex", "--topic", "release-plan")
    try transcript.call("search", "nowhere")
    try transcript.call("search", "nowhere", "--json")
    try transcript.expectGolden("searching")
  }

  @Test mutating func `indexes`() throws {
    try makeThreads()
    try transcript.call("reindex")
    try transcript.call("reindex", "--out", "index.txt", "--json")
    try transcript.call("web-export", "--open")
    try transcript.call("unlock", "release-plan")
    try transcript.expectGolden("indexes")
  }

  @Test mutating func `configuration`() throws {
    try sandbox.write("[watercooler]\n\trole = critic\n", to: "home/.gitconfig")
    let agent = ["WATERCOOLER_AGENT": "Claude"]
    try transcript.call("whoami")
    try transcript.call("whoami", with: agent)
    try transcript.call("whoami", "--as", "Codex (bob)", "--json")
    try transcript.call("config", "--show", with: agent)
    try transcript.call("config", "role")
    try transcript.call("config", "role", "--json")
    try transcript.call("config", "counterpart")
    try transcript.call("config", "agnet")
    try transcript.call("config", "role", "tester")
    _ = try sandbox.shell("git init -q").succeeded()
    try transcript.call("config", "role", "tester")
    try transcript.call("config", "role", "--json")
    try transcript.expectGolden("configuration")
  }

  @Test mutating func `clients`() throws {
    let shared = ["WATERCOOLER_DIR": "", "WATERCOOLER_GIT_REPO": "git@example.org:t.git"]
    try transcript.call("mcp", "config", "codex", "--as", "Codex")
    try transcript.call("mcp", "config", "vscode", "--project", "--json", with: shared)
    try transcript.call("mcp", "test", "codex")
    try transcript.call("mcp", "install", "codex", "--dry-run")
    try transcript.call("mcp", "install", "codex")
    try transcript.call("mcp", "install", "codex")
    try transcript.call("mcp", "install", "codex", with: shared)
    try transcript.call("mcp", "install", "codex", "--json")
    try sandbox.write("{\n  \"mcpServers\": {\n", to: "home/.claude.json")
    try transcript.call("mcp", "install", "claude-code")
    try transcript.call("mcp", "install", "claude-desktop", "--project")
    try transcript.call("mcp", "install", "emacs")
    try transcript.call("mcp", "list", "codex")
    try transcript.expectGolden("clients")
  }
}
