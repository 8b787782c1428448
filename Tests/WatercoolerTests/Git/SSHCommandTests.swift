import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct SSHCommandTests {
  let home: TemporaryDirectory

  init() throws { home = try TemporaryDirectory() }

  /// The words that a shell makes of a value, as git has it do.
  private func words(_ value: String?) throws -> [String] {
    let script = "ssh() { for word; do printf '%s\\000' \"$word\"; done; }; \(value ?? "ssh")"
    let result = try shell(script).run(until: soon())
    return result.stdout.split(separator: 0, omittingEmptySubsequences: false).dropLast()
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private func value(
    key: String? = nil, knownHosts: String? = nil, isShared: Bool = false,
    inherited: [String: String] = [:], core: String? = nil
  ) -> String? {
    SSHCommand(key: key, knownHosts: knownHosts, isShared: isShared)
      .value(inherited: inherited, coreSSHCommand: core)
  }

  @Test func `a key wins over all, an inherited command over the configured one`() throws {
    let inherited = ["GIT_SSH_COMMAND": "mine"]
    #expect(value(inherited: inherited, core: "core") == nil)
    #expect(value(inherited: ["GIT_SSH": "mine"], core: "core") == nil)
    #expect(value(core: "core") == nil)
    #expect(try words(value(key: "/k", inherited: inherited, core: "core")).contains("/k"))
    let built = try words(value())
    #expect(!built.contains("-i"))
    #expect(built.contains("BatchMode=yes"))
  }

  @Test func `what is empty is not set`() {
    #expect(value(inherited: ["GIT_SSH_COMMAND": "", "GIT_SSH": ""], core: "") != nil)
  }

  @Test(arguments: [
    "/plain/key", "/with space/key", "/with 'quote'/key", "/$HOME/`id`/$(id)", "/back\\slash",
    "/\"double\"", "/semi;colon&|<>", "/new\nline", "/é/日本", "/*?[a]", "~/key", "#x", "!x", "",
  ])
  func `a path reaches ssh as it is`(_ path: String) throws {
    let words = try words(value(key: path))
    #expect(Array(words.prefix(4)) == ["-i", path, "-o", "IdentitiesOnly=yes"])
    #expect(try self.words("ssh " + SSHCommand.quoted(path)) == [path])
  }

  @Test func `host keys are looked up in the file that was named, and always checked`() throws {
    let words = try words(value(knownHosts: "/a b/hosts"))
    #expect(words.contains("UserKnownHostsFile=\"/a b/hosts\""))
    #expect(!words.contains { $0.contains("StrictHostKeyChecking") })
  }

  @Test func `a shared connection is of its key and its host keys`() throws {
    func controlPath(_ key: String?, _ hosts: String? = nil) throws -> String? {
      try words(value(key: key, knownHosts: hosts, isShared: true))
        .first { $0.hasPrefix("ControlPath=") }
    }
    let paths = try [
      controlPath(nil), controlPath("/a"), controlPath("/b"), controlPath("/a", "/hosts"),
    ].compactMap { $0 }
    // None where somebody else has taken the directory's name on this machine.
    if paths.isEmpty { return }
    #expect(Set(paths).count == 4)
    #expect(try controlPath("/a") == paths[1])
    for path in paths {
      // %C is 40 digits; ssh adds a dot and 16 characters while it connects; then a NUL.
      let length = path.dropFirst("ControlPath=".count).replacing("%C", with: "").utf8.count + 40
      #expect(length + 17 + 1 <= 104)
      #expect(path.wholeMatch(of: /ControlPath=\/tmp\/watercooler-\d+\/[0-9a-f]{16}-%C/) != nil)
    }
    #expect(try words(value(isShared: false)).allSatisfy { !$0.hasPrefix("Control") })
  }

  @Test func `its directory is made for this user alone`() {
    let path = home.path("control")
    #expect(SSHCommand.controlDirectory(path) == path)
    #expect(home.mode("control") == 0o700)
    #expect(SSHCommand.controlDirectory(path) == path)
  }

  @Test(arguments: [0o755, 0o770, 0o701])
  func `a directory that others may enter is refused`(_ mode: mode_t) {
    mkdir(home.path("control"), 0o700)
    chmod(home.path("control"), mode)
    #expect(SSHCommand.controlDirectory(home.path("control")) == nil)
  }

  @Test func `a link and a file are refused`() throws {
    mkdir(home.path("target"), 0o700)
    try home.link("link", to: home.path("target"))
    try home.write("", to: "file")
    #expect(SSHCommand.controlDirectory(home.path("link")) == nil)
    #expect(SSHCommand.controlDirectory(home.path("file")) == nil)
    #expect(SSHCommand.controlDirectory(home.path("no/where")) == nil)
  }

  @Test(.enabled(if: Machine.isRoot))
  func `a directory of somebody else is refused`() {
    mkdir(home.path("control"), 0o700)
    chown(home.path("control"), 12_345, 12_345)
    #expect(SSHCommand.controlDirectory(home.path("control")) == nil)
  }
}

/// The command reaches ssh in clone, fetch and push alike.
@Suite struct SSHEnvironmentTests {
  let remote: TestRemote

  init() throws { remote = try TestRemote() }

  /// A program in place of ssh, which tells its name and runs the command here.
  private func fakeSSH(_ path: String, _ name: String) throws -> String {
    let script = """
      #!/bin/sh
      for last; do :; done
      echo "\(name) $*" >>\(remote.home.path)/ssh.log
      exec /bin/sh -c "$last"

      """
    return try remote.home.write(script, to: path, executable: true)
  }

  enum Source: CaseIterable { case key, inherited, configured, built }

  @Test(arguments: Source.allCases)
  func `clone, fetch and push use the same`(_ source: Source) throws {
    try remote.home.makeDirectory("bin")
    _ = try fakeSSH("bin/ssh", "built")
    let mine = try fakeSSH("mine", "inherited")
    let core = try fakeSSH("core", "configured")
    var inherited = [
      "PATH": remote.home.path("bin") + ":" + Machine.searchPath, "GIT_SSH_VARIANT": "ssh",
    ]
    var settings = SyncSettings()
    settings.program = Programs.path("wc")
    settings.ssh.isShared = false
    if source != .built {
      try remote.home.write("[core]\n\tsshCommand = \(core)\n", to: "gitconfig")
      settings.ssh.coreCommand = core
    }
    if source == .key || source == .inherited { inherited["GIT_SSH_COMMAND"] = mine }
    if source == .key { settings.ssh.key = "/the key" }
    let git = settings.git(try Git(home: remote.home, inherited), inherited: inherited)
    let root = remote.home.path("clone")
    try ClonePlan(
      url: "ssh://git@example.org\(remote.url)", root: root, path: "", branch: nil,
      makesBranch: false
    ).make(git, program: settings.program, until: soon())
    let clone = try Clone.open(root, path: "", branch: "main")
    let anna = TestClone(
      name: "Anna", remote: remote,
      sync: GitProcessSync(clone, git: git, settings: settings, deadline: .after(.seconds(600))))
    #expect(try anna.say("hello").state == .pushed)
    #expect(try anna.refresh().problem == nil)

    let log = try #require(remote.home.read("ssh.log")).split(separator: "\n")
    #expect(log.filter { $0.contains("git-receive-pack") }.count == 1)
    // The clone and the fetch; and which branches there are, which an empty remote and a first push ask for.
    #expect(log.filter { $0.contains("git-upload-pack") }.count == 4)
    let name = source == .key ? "built -i /the key" : "\(source)"
    for line in log { #expect(line.hasPrefix(name + " ")) }
  }
}
