import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct WaitingTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func say(_ topic: String, _ body: String, as agent: String, ball: String? = nil) throws {
    try home.say(topic, body) { ($0.agent, $0.ball) = (agent, ball) }
  }

  /// Waits; once it is waited, `act` is called.
  private func wait(
    for what: Awaited = .update, topic: String? = nil, since: String? = nil,
    in duration: Duration = .seconds(60), cancellation: Cancellation = Cancellation(),
    _ act: () throws -> Void = {}
  ) throws -> Updates? {
    var hasActed = false
    var failure: (any Error)?
    let updates = try home.workspace().wait(
      for: what, topic: topic, since: since,
      deadline: .after(duration, cancellation: cancellation)
    ) { _ in
      if hasActed { return }
      hasActed = true
      do { try act() } catch { failure = error }
    }
    if let failure { throw failure }
    return updates.updates
  }

  @Test func `what is there already is not waited for`() throws {
    try say("plan", "one", as: "Codex")
    #expect(try wait(in: .zero)?.bodies == ["plan": ["one"]])
    #expect(try wait(for: .ball, in: .zero)?.bodies == ["plan": ["one"]])
    #expect(try wait(topic: "plan", in: .zero)?.bodies == ["plan": ["one"]])
  }

  @Test func `an update is what somebody else says`() throws {
    try say("plan", "mine", as: "Claude")
    let updates = try wait {
      try say("plan", "mine too", as: "Claude")
      _ = try home.workspace().setStatus("plan", to: "BLOCKED", deadline: soon())
      onThread { [self] in
        usleep(700_000)
        try? say("other", "theirs", as: "Codex")
      }
    }
    #expect(updates?.bodies == ["other": ["theirs"]])
  }

  @Test func `in one thread, others do not count`() throws {
    try say("plan", "mine", as: "Claude")
    let updates = try wait(topic: "Plan") {
      try say("other", "theirs", as: "Codex")
      onThread { [self] in
        usleep(700_000)
        try? say("plan", "answer", as: "Codex")
      }
    }
    #expect(updates?.bodies == ["plan": ["answer"]])
  }

  @Test func `the ball comes without words, and to this person`() throws {
    try say("plan", "mine", as: "Claude", ball: "Codex")
    try say("closed", "mine", as: "Claude", ball: "Claude")
    _ = try home.workspace().setStatus("closed", to: "CLOSED", deadline: soon())
    let updates = try wait(for: .ball) {
      try say("plan", "to another Claude", as: "Codex", ball: "Claude (bob)")
      let workspace = try home.workspace()
      workspace.markSeen(try workspace.read("plan"))
      onThread { [self] in
        usleep(700_000)
        _ = try? home.workspace().setBall("plan", to: "Claude (alice)", deadline: soon())
      }
    }
    #expect(updates?.threads.map(\.reading.topic.name) == ["plan"])
    #expect(updates?.threads.map(\.isYourTurn) == [true])
    #expect(updates?.total == 0 && updates?.isEmpty == false)
  }

  @Test func `when the time is up there is nothing, and that is no error`() throws {
    try say("plan", "mine", as: "Claude", ball: "Codex")
    #expect(try wait(in: .milliseconds(600)) == nil)
    #expect(try wait(for: .ball, in: .milliseconds(1)) == nil)
  }

  @Test func `since a time, what came then counts although it was seen`() throws {
    try say("plan", "one", as: "Codex")
    let workspace = try home.workspace()
    workspace.markSeen(try workspace.read("plan"))
    #expect(try wait(in: .zero) == nil)
    #expect(try wait(since: "1h", in: .zero)?.bodies == ["plan": ["one"]])
    #expect(throws: UpdatesError.self) { try wait(since: "yesterday") }
  }

  @Test func `a thread that is not there is not waited for`() throws {
    try say("release-plan", "one", as: "Codex")
    let error = #expect(throws: StoreError.self) { try wait(topic: "release-pan") }
    #expect(error?.hint == "did you mean 'release-plan'?")
  }

  @Test func `called off it ends at once`() throws {
    let cancellation = Cancellation()
    #expect(throws: Interruption.cancelled) {
      try wait(in: .seconds(3600), cancellation: cancellation) {
        onThread { cancellation.cancel() }
      }
    }
  }

  @Test func `it hears how long it has been waited, more each time`() throws {
    var heard: [Duration] = []
    let updates = try home.workspace().wait(
      for: .update, deadline: .after(.milliseconds(1300))
    ) { heard.append($0) }
    #expect(updates.updates == nil && heard.count >= 3)
    #expect(zip(heard, heard.dropFirst()).allSatisfy { $0 < $1 })
  }
}

/// Waiting for what comes from another clone.
@Suite struct WaitingInCloudTests {
  private let remote: TestRemote
  private let other: TestClone
  private let here: TestClone
  private let machine: TestWorkspace

  init() throws {
    let shared = try SharedThread(["WATERCOOLER_POLL": "0.3"])
    (remote, other, here, machine) = (shared.remote, shared.other, shared.here, shared.machine)
    let workspace = try machine.workspace().refreshed(deadline: soon())
    workspace.markSeen(try workspace.read("t"))
  }

  /// Waits; `act` is called at each look, with its number.
  private func wait(
    since: String? = nil, _ act: (Int) throws -> Void
  ) throws -> (updates: Updates?, troubles: [String]) {
    var looks = 0
    var failure: (any Error)?
    var troubles: [String] = []
    let updates = try machine.workspace().wait(
      for: .update, since: since, deadline: soon(),
      progress: { _ in
        do { try act(looks) } catch { failure = error }
        looks += 1
      }, trouble: { troubles.append($0.message) })
    if let failure { throw failure }
    return (updates.updates, troubles)
  }

  @Test func `what another clone says ends it, and is numbered`() throws {
    let (updates, troubles) = try wait { if $0 == 0 { try other.say("second") } }
    #expect(updates?.bodies == ["t": ["second"]] && troubles.isEmpty)
    #expect(updates?.threads.first?.reading.number(of: 1) == 1)
    #expect(updates?.freshness?.problem == nil)
    #expect(try updates?.nextCursor == here.head())
  }

  @Test func `what it brought is seen once it was shown`() throws {
    let updates = try #require(try wait { if $0 == 0 { try other.say("second") } }.updates)
    // By a workspace that has not asked the remote itself.
    try machine.workspace().markSeen(updates)
    #expect(try machine.workspace().refreshed(deadline: soon()).updates().isEmpty)
  }

  @Test func `since a cursor too`() throws {
    let cursor = try here.head()
    let (updates, _) = try wait(since: cursor) { if $0 == 0 { try other.say("second") } }
    #expect(updates?.bodies == ["t": ["second"]])
  }

  @Test func `a remote that is away is told once, and what is said here is heard`() throws {
    try here.unplug()
    age(here.sync.clone.contact.path)
    let (updates, troubles) = try wait { look in
      if look == 4 { try machine.say("t", "a neighbour's") { $0.agent = "Codex" } }
    }
    #expect(updates?.bodies == ["t": ["a neighbour's"]])
    #expect(troubles.count == 1)
    #expect((updates?.freshness?.problem as? RemoteProblem)?.kind == .unreachable)
    #expect(updates?.threads.first?.reading.number(of: 1) == nil)
  }

  @Test func `when nothing came it is said what could not be looked at`() throws {
    try here.unplug()
    age(here.sync.clone.contact.path)
    let waited = try machine.workspace().wait(
      for: .update, deadline: .after(.milliseconds(700)))
    guard case .timeIsUp(let last) = waited else { throw ConditionNotMet() }
    #expect(last.freshness?.problem?.message.contains("cannot be reached") == true)
    #expect(last.freshness?.asOf != nil && last.unread.isEmpty)
  }

  @Test func `a remote that comes back brings what was said meanwhile`() throws {
    try here.unplug()
    age(here.sync.clone.contact.path)
    let (updates, troubles) = try wait { look in
      if look != 2 { return }
      try other.say("meanwhile")
      try here.plug()
    }
    #expect(updates?.bodies == ["t": ["meanwhile"]])
    #expect(troubles.count == 1 && updates?.freshness?.problem == nil)
  }
}
