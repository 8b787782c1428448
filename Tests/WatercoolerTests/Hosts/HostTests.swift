import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct HostTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace(["XDG_CONFIG_HOME": "", "CODEX_HOME": ""]) }

  private func places(_ changes: [String: String] = [:], in directory: String? = nil) -> HostPlaces
  {
    HostPlaces(home.configuration(changes, in: directory))
  }

  private func host(_ name: String) throws -> Host { try #require(Host.named(name)) }

  // MARK: - Files

  @Test func `each client has its file, the user's and a project's`() throws {
    try home.home.makeDirectory("project/.git")
    try home.home.makeDirectory("project/deep/er")
    let places = places(in: home.project + "/deep/er")
    #if os(macOS)
      let data = places.home + "/Library/Application Support"
    #else
      let data = places.home + "/.config"
    #endif
    let files: [String: (String, String?)] = [
      "claude-desktop": (data + "/Claude/claude_desktop_config.json", nil),
      "claude-code": (places.home + "/.claude.json", ".mcp.json"),
      "codex": (places.home + "/.codex/config.toml", ".codex/config.toml"),
      "cursor": (places.home + "/.cursor/mcp.json", ".cursor/mcp.json"),
      "vscode": (data + "/Code/User/mcp.json", ".vscode/mcp.json"),
      "gemini": (places.home + "/.gemini/settings.json", ".gemini/settings.json"),
    ]
    #expect(Host.all.map(\.name).sorted() == files.keys.sorted())
    for host in Host.all {
      let (user, inProject) = try #require(files[host.name])
      #expect(places.file(of: host, .user) == user)
      #expect(places.file(of: host, .project) == inProject.map { home.project + "/" + $0 })
    }
  }

  @Test func `variables that move a client's files are heeded`() throws {
    let moved = places([
      "CODEX_HOME": "/c", "CLAUDE_CONFIG_DIR": "/d", "XDG_CONFIG_HOME": "/x",
    ])
    #expect(moved.file(of: try host("codex"), .user) == "/c/config.toml")
    #expect(moved.file(of: try host("claude-code"), .user) == "/d/.claude.json")
    #if !os(macOS)
      #expect(moved.file(of: try host("vscode"), .user) == "/x/Code/User/mcp.json")
    #endif
  }

  @Test(arguments: [
    ("claude-desktop", "/", "/"), ("claude-code", "project", "project"),
    ("codex", "project", "project"), ("cursor", "", "project"), ("vscode", "", "project"),
    ("gemini", "project", "project"),
  ])
  func `a server starts where its client starts it`(
    _ name: String, _ user: String, _ project: String
  ) throws {
    let places = places()
    func path(_ name: String) -> String {
      switch name {
      case "/": "/"
      case "": home.home.path
      default: home.project
      }
    }
    #expect(places.startDirectory(of: try host(name), .user) == path(user))
    #expect(places.startDirectory(of: try host(name), .project) == path(project))
  }

  // MARK: - Environment

  private static let own = [
    "HOME": "/h", "PATH": "/bin", "USER": "u", "LOGNAME": "u", "SHELL": "() { :; }", "TERM": "t",
    "LANG": "l", "LC_ALL": "C", "TMPDIR": "/t", "TZ": "UTC", "SSH_AUTH_SOCK": "/s",
    "WATERCOOLER_DIR": "/d", "WATERCOOLER_GIT_TOKEN_FILE": "/f", "github_key": "k",
    "GEMINI_CLI_KEY": "g",
  ]

  @Test(arguments: [
    ("claude-desktop", ["HOME", "LOGNAME", "PATH", "TERM", "USER"]),
    ("cursor", ["HOME", "LOGNAME", "PATH", "TERM", "USER"]),
    (
      "codex",
      [
        "HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SSH_AUTH_SOCK", "TERM", "TMPDIR", "TZ",
        "USER",
      ]
    ),
    ("claude-code", own.keys.sorted() + ["CLAUDE_PROJECT_DIR"]),
    ("vscode", own.keys.sorted()),
    (
      "gemini",
      [
        "GEMINI_CLI", "GEMINI_CLI_KEY", "HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL",
        "TERM",
        "TMPDIR", "TZ", "USER", "WATERCOOLER_DIR",
      ]
    ),
  ])
  func `a server gets what its client passes on, and what is listed`(
    _ name: String, _ names: [String]
  ) throws {
    let host = try host(name)
    let variables = host.environment.variables(
      inheriting: Self.own, passing: name == "codex" ? ["SSH_AUTH_SOCK", "GONE"] : [],
      listing: ["A": "1", "TERM": "mine", "TOKEN": "t"], in: "/w")
    #expect(variables.keys.sorted() == (names + ["A", "TOKEN"]).sorted())
    #expect(variables["TERM"] == "mine" && variables["A"] == "1")
    #expect(variables["CLAUDE_PROJECT_DIR"] ?? "/w" == "/w")
  }

  @Test func `a PATH in the entry replaces the client's, but in VS Code`() throws {
    for host in Host.all {
      let variables = host.environment.variables(
        inheriting: Self.own, passing: [], listing: ["PATH": "/mine", "TERM": nil], in: "/")
      #expect(variables["PATH"] == (host.name == "vscode" ? "/bin:/mine" : "/mine"))
      #expect(variables["TERM"] == nil)
    }
  }

  // MARK: - Variables in the file

  @Test(arguments: [
    ("claude-code", "${V}/${NO:-a}/$V/${NO:-}${", "v/a/$V/${"),
    ("gemini", "$V/${V}/$NO/${NO}/${NO:-a}$", "v/v/$NO/${NO}/a$"),
    ("cursor", "${env:V}${/}${pathSeparator}${env:NO}", "v//"),
    ("vscode", "${userHome}/${workspaceFolder}/a $V", "~/~/project/a $V"),
    ("codex", "${V}$V", "${V}$V"), ("claude-desktop", "${V}", "${V}"),
  ])
  func `variables are filled in as the client does it`(
    _ name: String, _ text: String, _ result: String
  ) throws {
    let host = try host(name)
    let filled = try host.variables.filled(text, host: host, places: places(["V": "v"]))
    #expect(filled == result.replacing("~", with: home.home.path))
  }

  @Test(arguments: [("claude-code", "a${NO}", "${NO}"), ("vscode", "${input:key}", "${input:key}")])
  func `what only the client knows is an error that says so`(
    _ name: String, _ text: String, _ variable: String
  ) throws {
    let host = try host(name)
    #expect(throws: HostError.unknownVariable(variable, host: host.title)) {
      try host.variables.filled(text, host: host, places: places())
    }
  }
}
