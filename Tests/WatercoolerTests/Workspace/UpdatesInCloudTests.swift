import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// Cursors that name a commit of the remote.
@Suite struct UpdatesInCloudTests {
  private let remote: TestRemote
  private let other: TestClone
  private let here: TestClone
  private let machine: TestWorkspace

  init() throws {
    let shared = try SharedThread(["WATERCOOLER_FRESH": "0.001"])
    (remote, other, here, machine) = (shared.remote, shared.other, shared.here, shared.machine)
  }

  private func updates(_ since: String? = nil, limit: Int = .max) throws -> Updates {
    try here.refresh()
    return try machine.workspace().refreshed(deadline: soon()).updates(since: since, limit: limit)
  }

  @Test func `a cursor is what the remote had: all that came since, once, and nothing else`() throws
  {
    var cursor = try #require(try updates().nextCursor)
    #expect(try cursor == remote.run(["-C", remote.url, "rev-parse", "main"]).trimmingLines)
    #expect(try updates(cursor).isEmpty)
    var seen: [String] = []
    for number in 0..<3 {
      try other.synchronize()
      try other.say("\(number) old")
      try other.say("\(number) new", in: "topic-\(number)")
      try machine.say("t", "\(number) mine")
      let updates = try updates(cursor)
      seen += updates.bodies.values.joined()
      cursor = try #require(updates.nextCursor)
    }
    #expect(
      seen.sorted() == ["0 new", "0 old", "1 new", "1 old", "2 new", "2 old"])
  }

  @Test func `in a new clone the past is no news, but for the newest and what gives the ball`()
    throws
  {
    try other.say("yours", ball: "Claude")
    try other.say("for you", in: "second", ball: "Claude")
    for number in 0..<30 { try other.say("\(number)", in: "third") }
    let first = try updates()
    #expect(first.bodies["third"] == (10..<30).map(String.init))
    #expect(first.bodies["second"] == ["for you"] && first.bodies["t"] == ["yours"])
    #expect(first.freshness?.notes.contains("11 entries from before count as seen") == true)
    try machine.workspace().markSeen(first)
    #expect(try updates().isEmpty)
    try other.say("news", in: "third")
    #expect(try updates().bodies == ["third": ["news"]])
  }

  @Test func `a thread that was read before has all that came since`() throws {
    try here.refresh()
    try machine.workspace().markSeen(try machine.workspace().read("t"))
    for number in 0..<30 { try other.say("\(number)") }
    #expect(try updates().bodies["t"]?.count == 30)
  }

  @Test func `what waits here is behind the cursor, wherever it goes`() throws {
    let cursor = try #require(try updates().nextCursor)
    try here.unplug()
    try machine.say("t", "a neighbour's") { $0.agent = "Codex" }
    let waiting = try updates()
    #expect(waiting.bodies == ["t": ["first", "a neighbour's"]])
    // It is not shown again with the next one.
    let next = try #require(waiting.nextCursor)
    #expect(next.hasPrefix(cursor + "~"))
    #expect(try updates(next).isEmpty && updates(next).nextCursor == next)
    #expect(waiting.freshness?.problem != nil)
    #expect(try updates(cursor).bodies == ["t": ["a neighbour's"]])
    try other.say("faster")
    try here.plug()
    try here.synchronize()
    #expect(try updates(cursor).bodies == ["t": ["faster", "a neighbour's"]])
    #expect(try updates(next).bodies == ["t": ["faster"]])
    #expect(try updates(next).nextCursor?.contains("~") == false)
  }

  @Test func `what is fetched and not merged yet is behind the cursor`() throws {
    let cursor = try #require(try updates().nextCursor)
    try other.say("second")
    try here.git("fetch", "-q", "origin", "main:refs/remotes/origin/main")
    let before = try machine.workspace().updates()
    #expect(before.nextCursor == cursor)
    #expect(try updates(before.nextCursor).bodies == ["t": ["second"]])
  }

  @Test(arguments: ["0123456789abcdef0123456789abcdef01234567", "deadbee"])
  func `a commit that is not known here is an error`(since: String) throws {
    #expect(throws: UpdatesError.unknownCommit(since)) { try updates(since) }
  }

  @Test func `a commit that the remote may have, which is away, is kept`() throws {
    let since = "0123456789abcdef0123456789abcdef01234567"
    try here.unplug()
    let error = #expect(throws: UpdatesError.self) { try updates(since) }
    #expect(error?.message.contains("the remote cannot be reached") == true)
    #expect(error?.hint == "keep it, and ask again with the same 'since'")
  }

  @Test func `a cursor tells what was removed since, and a new name makes nothing new`() throws {
    try other.say("second")
    try other.say("elsewhere", in: "plan")
    let cursor = try #require(try updates().nextCursor)
    try other.git("mv", "plan.md", "scheme.md")
    try other.commitByHand("renamed", [:])
    let text = try #require(other.text())
    let thread = try other.sync.store.read(try Topic("t")).thread
    let first = try #require(thread.entries.first)
    let removed = text.replacing(first.raw.string + first.gap.string, with: "")
    try #require(removed != text)
    try other.commitByHand("removed", ["t.md": removed], pushes: true)
    try other.say("new", in: "scheme")
    let found = try updates(cursor)
    #expect(found.bodies == ["scheme": ["new"]])
    #expect(
      found.removed.map(\.kind) == [.renamed(to: try Topic("scheme")), .entries])
    #expect(found.removed.last?.entries == [try #require(first.id)])
  }

  @Test func `a thread that cannot be read holds a cursor where it has changed since`() throws {
    try other.say("one", in: "plan")
    let cursor = try #require(try updates().nextCursor)
    try other.say("two", in: "t")
    try here.refresh()
    try FileManager.default.removeItem(atPath: here.path("plan"))
    try FileManager.default.createDirectory(
      atPath: here.path("plan"), withIntermediateDirectories: false)
    let workspace = try machine.workspace()
    let next = try workspace.updates(since: cursor)
    #expect(next.bodies == ["t": ["two"]] && next.unread.map(\.topic.name) == ["plan"])
    #expect(next.nextCursor != nil && next.nextCursor != cursor)
    try FileManager.default.removeItem(atPath: here.path())
    try FileManager.default.createDirectory(
      atPath: here.path(), withIntermediateDirectories: false)
    let held = try workspace.updates(since: cursor)
    #expect(held.nextCursor == cursor && held.cursorNote?.contains("'t'") == true)
  }

  @Test(arguments: ["merge-base", "rev-parse", "cat-file"])
  func `where git fails the cursor is kept`(command: String) throws {
    let cursor = try #require(try updates().nextCursor)
    let workspace = try machine.workspace(["PATH": try brokenGit(failingAt: command)])
    do {
      let found = try workspace.updates(since: cursor)
      #expect(found.nextCursor == cursor)
      #expect((found.cursorNote != nil) == (command == "merge-base"))
    } catch let error as UpdatesError {
      #expect(error.hint == "keep it, and ask again with the same 'since'")
    }
    let unknown = "0123456789abcdef0123456789abcdef01234567"
    let error = #expect(throws: UpdatesError.self) { try workspace.updates(since: unknown) }
    // What says that it is not known is the answer to a question of its own.
    #expect(error?.hint?.hasPrefix("leave") == (command != "cat-file"))
  }

  /// A search path with a git that ends with 1, and says nothing, where it is asked for one thing.
  private func brokenGit(failingAt command: String) throws -> String {
    try machine.home.searchPath(withGitDoing: "*\" \(command) \"*) exit 1 ;;")
  }

  @Test func `in a clone of one path the threads have their own names`() throws {
    let path = try TestRemote()
    let one = try path.clone("One", path: "notes/threads")
    try one.say("first")
    let two = try path.clone("Two", path: "notes/threads")
    let machine = try TestWorkspace([
      "WATERCOOLER_GIT_SSH_SHARE": "0", "WATERCOOLER_DIR": two.root,
      "WATERCOOLER_GIT_PATH": "notes/threads",
    ])
    let cursor = try #require(try machine.workspace().updates().nextCursor)
    try one.say("second")
    try two.refresh()
    #expect(try machine.workspace().updates(since: cursor).bodies == ["t": ["second"]])
  }
}

extension String {
  fileprivate var trimmingLines: String { trimmingCharacters(in: .newlines) }
}
