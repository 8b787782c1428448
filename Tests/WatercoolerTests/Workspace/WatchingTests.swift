import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct WatchingTests {
  private let remote: TestRemote
  private let other: TestClone
  private let here: TestClone
  private let bin: TemporaryDirectory
  private let machine: TestWorkspace

  init() throws {
    remote = try TestRemote()
    other = try remote.clone("Other")
    try other.say("first")
    here = try remote.clone("Here")
    bin = try TemporaryDirectory()
    // Every git that is run is written down.
    machine = try TestWorkspace([
      "WATERCOOLER_GIT_SSH_SHARE": "0", "WATERCOOLER_DIR": here.root,
      "PATH": bin.searchPath(withGitDoing: "*) echo \"$*\" >>'\(bin.path("calls"))' ;;"),
    ])
  }

  /// How often git was told to ask the remote for something.
  private var roundTrips: Int {
    (bin.read("calls") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
      .count { $0.contains("fetch") || $0.contains("push") || $0.contains("ls-remote") }
  }

  private let often = Pace.steady(.milliseconds(100))

  /// Watches until this is enough, which it must be in time.
  private func watch(
    _ pace: Pace? = nil, for purpose: ContactPurpose = .reading, in deadline: Deadline = soon(),
    until isEnough: (Look) throws -> Bool
  ) throws {
    let workspace = try machine.workspace()
    var threads = ThreadsWatch(workspace)
    #expect(
      try workspace.watch(
        &threads, pace: pace ?? often, for: purpose, until: deadline, isEnough))
  }

  @Test func `what another clone says comes, and what is said here is news too`() throws {
    var heard: [String] = []
    var turn = 0
    try watch { look in
      for news in look.news {
        heard += news.added.compactMap { news.thread?.entries[$0].body.string }
      }
      turn += 1
      if turn == 1 { try other.say("there") }
      if heard == ["there"] { try machine.say("new", "here") }
      return heard.count == 2
    }
    #expect(heard == ["there", "here"])
  }

  @Test func `a contact is one round trip, and there is no other`() throws {
    var contacts = 0
    try watch { look in
      if look.isContactNew { contacts += 1 }
      return contacts == 5
    }
    // One may have been begun when the fifth was told.
    #expect((5...6).contains(roundTrips))
  }

  @Test func `a sync is one round trip at once, and sends what waits`() throws {
    try here.unplug()
    try here.say("mine")
    try here.plug()
    var states: [Delivery.State] = []
    try watch(.steady(.seconds(3600)), for: .synchronizing) { look in
      states += look.isContactNew ? [look.contact?.delivery?.state].compactMap { $0 } : []
      return !states.isEmpty
    }
    #expect(states == [.pushed])
    #expect(try remote.bodies() == ["first", "mine"])
    // The push, and the fetch before it.
    #expect(roundTrips == 2)
  }

  @Test func `a contact of another process does for this one`() throws {
    let isOver = Mutexed(false)
    try here.refresh()
    let contact = here.sync.clone.contact
    onThread {
      while !isOver.value {
        contact.touch()
        usleep(20_000)
      }
    }
    defer { isOver.set(true) }
    let end = ContinuousClock.now + .seconds(4)
    try watch(.steady(.seconds(2))) { _ in ContinuousClock.now > end }
    #expect(roundTrips == 0)
  }

  @Test func `a remote that is away is told, and its news come when it is back`() throws {
    try here.unplug()
    var problems: [String] = []
    var isBack = false
    try watch { look in
      if look.isContactNew, let problem = look.contact?.problem { problems.append(problem.message) }
      if problems.count == 2, !isBack {
        try other.say("meanwhile")
        try here.plug()
        isBack = true
      }
      return look.news.contains { $0.added == [1] }
    }
    #expect(problems.count >= 2)
    #expect(problems.allSatisfy { $0.hasPrefix("the remote cannot be reached") })
  }

  @Test func `while the remote is silent, what is said here is heard`() throws {
    let server = try DeafServer()
    try here.git("remote", "set-url", "origin", server.url)
    age(here.sync.clone.contact.path)
    try withExtendedLifetime(server) {
      var looks = 0
      try watch { look in
        looks += 1
        // By then it is being asked.
        if looks == 3 { try here.edit("other", isStill: false, to: Self.thread) }
        #expect(look.contact == nil)
        return look.news.contains { $0.topic.name == "other" }
      }
    }
  }

  private static let thread = """
    ---
    format: 1
    topic: other
    status: OPEN
    ball: Codex
    ---

    # other

    """

  @Test(arguments: [true, false])
  func `a watch that is called off ends at once, and leaves no process`(isCloud: Bool) throws {
    let server = try DeafServer()
    try here.git("remote", "set-url", "origin", server.url)
    age(here.sync.clone.contact.path)
    let workspace = try isCloud ? machine.workspace() : TestWorkspace().workspace()
    let cancellation = Cancellation()
    onThread {
      usleep(800_000)
      cancellation.cancel()
    }
    var threads = ThreadsWatch(workspace)
    _ = withExtendedLifetime(server) {
      #expect(throws: Interruption.cancelled) {
        try workspace.watch(
          &threads, pace: often, until: .after(.seconds(3600), cancellation: cancellation)
        ) { _ in false }
      }
    }
    #expect(try remote.attempt(["fsck"], in: here.root).succeeded)
    let left = try FileManager.default.contentsOfDirectory(atPath: here.root + "/.git")
      .filter { $0.hasSuffix(".lock") }
    #expect(left.isEmpty)
    try here.sync.clone.withLock(FetchLock.self, deadline: .after(.seconds(1))) { _ in }
  }

  @Test func `the time being up is no error`() throws {
    let workspace = try TestWorkspace().workspace()
    var threads = ThreadsWatch(workspace)
    let isEnough = try workspace.watch(
      &threads, pace: often, until: .after(.milliseconds(50))
    ) { _ in false }
    #expect(!isEnough)
  }

  @Test func `an error of whoever looks ends it`() throws {
    struct Enough: Error {}
    #expect(throws: Enough.self) { try watch { _ in throw Enough() } }
  }
}
