import Foundation
import TestSupport
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

/// A bare repository, and clones of it as if on machines of their own; git is the real one.
final class TestRemote: Sendable {
  let home: TemporaryDirectory
  let git: Git

  init() throws {
    home = try TemporaryDirectory()
    // Whoever runs git by hand.
    try home.write("[user]\n\tname = Alice\n\temail = alice@example.org\n", to: "gitconfig")
    git = try Git(home: home)
    try run(["init", "-q", "--bare", "-b", "main", url])
  }

  var url: String { home.path("remote.git") }

  /// Runs git as a person does, which must succeed.
  @discardableResult
  func run(_ arguments: [String], in directory: String? = nil) throws -> String {
    let result = try git.run(
      arguments, in: directory ?? home.path, configuration: .asIs, until: soon())
    let words = String(decoding: result.stderr, as: UTF8.self)
    try #require(result.succeeded, "git \(arguments.joined(separator: " ")): \(words)")
    return String(decoding: result.stdout, as: UTF8.self)
  }

  /// Runs git as a person does, which may as well fail.
  func attempt(_ arguments: [String], in directory: String) throws -> CommandResult {
    try git.run(arguments, in: directory, configuration: .asIs, until: soon())
  }

  /// A clone as `wc init` makes it.
  func clone(
    _ name: String, path: String = "", branch: String? = nil, makesBranch: Bool = false,
    _ change: (inout SyncSettings) -> Void = { _ in }
  ) throws -> TestClone {
    var settings = SyncSettings()
    settings.program = Programs.path("wc")
    settings.author = name
    settings.email = "\(name)@example.org"
    settings.ssh.isShared = false
    change(&settings)
    let git = settings.git(self.git, inherited: [:])
    let root = home.path(name)
    try ClonePlan(url: url, root: root, path: path, branch: branch, makesBranch: makesBranch)
      .make(git, program: settings.program, until: soon())
    let clone = try Clone.open(
      root, path: path, branch: branch ?? "main")
    return TestClone(
      name: name, remote: self,
      sync: GitProcessSync(clone, git: git, settings: settings, deadline: .after(.seconds(600))))
  }

  /// A git that does something else for some commands.
  /// - Parameter cases: As `searchPath(withGitDoing:)` has them.
  func git(instead cases: String) throws -> Git {
    try Git(home: home, ["PATH": home.searchPath(withGitDoing: cases)])
  }

  /// From here on git cannot sign a commit.
  /// - Parameter program: What it asks to sign, and is refused by.
  func breakSigning(by program: String = "/bin/false") throws {
    let text = """
      [user]
      \tname = Alice
      \temail = alice@example.org
      [commit]
      \tgpgsign = true
      [gpg]
      \tprogram = \(program)

      """
    try home.write(text, to: "gitconfig")
  }

  /// From here on git signs commits, with a signature that nobody would believe.
  func mendSigning() throws {
    let signer = """
      #!/bin/sh
      cat >/dev/null
      printf '\\n[GNUPG:] SIG_CREATED \\n' >&2
      printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'

      """
    try breakSigning(by: try home.write(signer, to: "working-signer", executable: true))
  }

  /// The topics that the remote has a file of, and that file.
  func threads(branch: String = "main", path: String = "") throws -> [String: Watercooler.Thread] {
    let prefix = path.isEmpty ? "" : path + "/"
    let names = try run(["-C", url, "ls-tree", "-r", "--name-only", branch])
      .split(separator: "\n").filter { $0.hasSuffix(".md") && $0.hasPrefix(prefix) }
    var threads: [String: Watercooler.Thread] = [:]
    for name in names {
      let text = Array(try run(["-C", url, "show", "\(branch):\(name)"]).utf8)
      let topic = String(name.dropFirst(prefix.count).dropLast(3))
      threads[topic] = ThreadParser.parse(text[...])
    }
    return threads
  }

  func bodies(_ topic: String = "t") throws -> [String] {
    try threads()[topic]?.entries.map(\.body.string) ?? []
  }

  /// The messages of the commits on a branch, the oldest first.
  func log(_ branch: String = "main") throws -> [String] {
    try run(["-C", url, "log", "--reverse", "-z", "--format=%B", branch])
      .split(separator: "\0").map { $0.trimmingCharacters(in: .newlines) }
  }
}

/// One clone, and who works in it.
struct TestClone: Sendable {
  let name: String
  let remote: TestRemote
  let sync: GitProcessSync

  var root: String { sync.clone.root }

  /// The same clone with another git.
  func with(_ git: Git) -> TestClone {
    TestClone(
      name: name, remote: remote,
      sync: GitProcessSync(
        sync.clone, git: sync.settings.git(git, inherited: [:]), settings: sync.settings,
        deadline: .after(.seconds(600))))
  }

  /// Says something in a thread.
  /// - Parameter meanwhile: Runs each time before the entry is appended.
  @discardableResult
  func say(
    _ body: String, in topic: String = "t", id: EntryID = .make(), ball: String? = nil,
    meanwhile: () throws -> Void = {}
  ) throws -> Delivery {
    let draft = try draft(body, id, ball)
    return try sync.write(try Topic(topic), by: draft.agent, deadline: soon()) { stored in
      try meanwhile()
      return try change(stored, draft, topic)
    }.delivery
  }

  /// Says something while somebody pushes, and is killed before its commit.
  func begin(_ body: String, in topic: String = "t", id: EntryID = .make()) throws {
    let draft = try draft(body, id, nil)
    try sync.clone.withLock(PushLock.self, deadline: soon()) { _ in
      _ = try Writer(open: sync.open.before(soon())).write(try Topic(topic), by: draft.agent) {
        try change($0, draft, topic)
      }
    }
  }

  /// Says something only if the last entry of the thread is `expected`.
  @discardableResult
  func say(
    _ body: String, in topic: String = "t", id: EntryID = .make(), ifLastIs expected: EntryID?,
    meanwhile: () throws -> Void = {}
  ) throws -> Delivery {
    let draft = try draft(body, id, nil)
    return try sync.writeConditionally(
      try Topic(topic), by: draft.agent, condition: "last", deadline: soon()
    ) { stored in
      if let present = stored?.thread.entries.first(where: { $0.id == id }) {
        return .keep(.alreadyThere(id), present)
      }
      guard stored?.thread.entries.last?.id == expected else { throw ConditionNotMet() }
      try meanwhile()
      return try change(stored, draft, topic)
    }.delivery
  }

  /// Sets the status of a thread, without an entry.
  @discardableResult
  func set(status: String, of topic: String = "t") throws -> Delivery {
    try sync.write(try Topic(topic), by: try Agent(name), deadline: soon()) { stored in
      var thread = try #require(stored?.thread)
      thread.set("status", to: status, at: .now, topic: try Topic(topic))
      return .write(.init(thread, .changed))
    }.delivery
  }

  private func draft(_ body: String, _ id: EntryID, _ ball: String?) throws -> EntryDraft {
    var draft = EntryDraft(agent: try Agent(name), time: .now, body: Bytes(body), id: id)
    draft.title = try SingleLine(body, field: "title")
    draft.ball = try ball.map { try Agent($0) }
    return draft
  }

  private func change(
    _ stored: ThreadStore.Stored?, _ draft: EntryDraft, _ topic: String
  ) throws -> ThreadChange {
    if let present = stored?.thread.entries.first(where: { $0.id == draft.id }) {
      return .keep(.alreadyThere(draft.id), present)
    }
    let topic = try Topic(topic)
    var thread =
      stored?.thread
      ?? Watercooler.Thread(
        topic: topic, title: SingleLine(line: Bytes(topic.name)),
        status: SingleLine(line: Bytes("OPEN")), ball: draft.agent, created: draft.time)
    let entry = Entry(draft)
    thread.add(entry, topic: topic)
    return .write(.init(thread, .added(draft.id), entry: entry))
  }

  @discardableResult
  func synchronize() throws -> Delivery { try sync.synchronize(until: soon()) }

  /// Reads, past all freshness.
  @discardableResult
  func refresh() throws -> Freshness { try sync.refresh(sharing: .zero, until: soon()) }

  @discardableResult
  func git(_ arguments: String...) throws -> String { try remote.run(arguments, in: root) }

  func attempt(_ arguments: String...) throws -> CommandResult {
    try remote.attempt(arguments, in: root)
  }

  // MARK: - Files

  func path(_ topic: String = "t") -> String { "\(sync.clone.threads)/\(topic).md" }

  func text(_ topic: String = "t") -> String? {
    FileManager.default.contents(atPath: path(topic)).map { String(decoding: $0, as: UTF8.self) }
  }

  func bodies(_ topic: String = "t") throws -> [String] {
    try sync.store.read(try Topic(topic)).thread.entries.map(\.body.string)
  }

  func head() throws -> String { try git("rev-parse", "HEAD").filter { !$0.isNewline } }

  /// What the branch and the index have that the other has not, and the work tree: nothing.
  func isClean() throws -> Bool { try git("status", "--porcelain").isEmpty }

  /// Saves a file as an editor does, and lets it be still for ten seconds unless told otherwise.
  func edit(_ topic: String = "t", isStill: Bool = true, to text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(topic)))
    if isStill { age(path(topic)) }
  }

  /// Changes text in a file as an editor does.
  func edit(
    _ topic: String = "t", isStill: Bool = true, replacing old: String, with new: String
  ) throws {
    let text = try #require(self.text(topic))
    try #require(text.contains(old))
    try edit(topic, isStill: isStill, to: text.replacing(old, with: new))
  }

  /// What was kept aside of a thread's file as it was found.
  func keptAside() throws -> [String] {
    let directory = sync.clone.path(of: .found)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return try names.sorted().map { name in
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)"))
      return String(decoding: data, as: UTF8.self)
    }
  }

  // MARK: - The line to the remote

  /// Nothing answers where the remote is said to be.
  func unplug() throws { try git("remote", "set-url", "origin", "git://127.0.0.1:1/nowhere") }

  func plug() throws { try git("remote", "set-url", "origin", remote.url) }

  /// A commit that somebody makes and pushes with git alone.
  func commitByHand(_ message: String, _ files: [String: String], pushes: Bool = false) throws {
    for (name, text) in files {
      let url = URL(fileURLWithPath: "\(root)/\(name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    try git("add", "--all")
    try git("commit", "-q", "-m", message)
    if pushes { try git("push", "-q", "origin", "HEAD") }
  }
}

struct ConditionNotMet: Error {}

/// Makes a file or directory look untouched for ten seconds.
func age(_ path: String, seconds: Int = 10) {
  let time = timeval(tv_sec: Int(Date().timeIntervalSince1970) - seconds, tv_usec: 0)
  _ = [time, time].withUnsafeBufferPointer { utimes(path, $0.baseAddress) }
}
