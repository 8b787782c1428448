import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct ConfigurationTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  private func git(_ arguments: String...) throws {
    let git = try Git(inheriting: home.environment)
    try #require(try git.run(arguments, in: home.project, until: soon()).succeeded)
  }

  @Test func `the flag wins over the environment, that over git, and git over the default`() throws
  {
    try git("init", "-q")
    func role(flag: String = "", variable: String = "") -> String? {
      let configuration = home.configuration(
        flags: [.role: flag], ["WATERCOOLER_ROLE": variable])
      return configuration[.role].map { "\($0.text), \($0.origin)" }
    }
    #expect(role() == "implementer, default")
    try git("config", "--global", "watercooler.role", "planner")
    #expect(role() == "planner, git config (global) file:\(home.home.path)/gitconfig")
    try git("config", "watercooler.role", "critic")
    #expect(role() == "critic, git config (local) file:.git/config")
    #expect(role(variable: "tester") == "tester, environment variable WATERCOOLER_ROLE")
    #expect(role(flag: "pm", variable: "tester") == "pm, command line")
  }

  @Test(arguments: Setting.all)
  func `a setting is read from its variable and its key in git config`(_ setting: Setting) throws {
    try git("init", "-q")
    try git("config", setting.gitKey, "from git")
    let fromGit = home.configuration([setting.variable: ""])[setting]
    #expect(fromGit?.text == "from git")
    let value = home.configuration([setting.variable: "given"])[setting]
    #expect(value?.origin == .environment(variable: setting.variable))
    #expect(try Setting.named(setting.key) == setting)
    #expect(try Setting.named(setting.gitKey.uppercased()) == setting)
  }

  @Test func `a key that is not set has no value and no origin`() {
    #expect(home.configuration()[.counterpart] == nil)
  }

  @Test func `what is set is read back by the same configuration`() throws {
    try git("init", "-q")
    let configuration = home.configuration()
    #expect(configuration[.counterpart] == nil)
    try configuration.set(.counterpart, to: "Cursor")
    #expect(configuration[.counterpart]?.text == "Cursor")
  }

  @Test(arguments: [
    (Setting.freshness, "abc"), (.poll, "0"), (.timeout, "-1"), (.cloneTimeout, "nan"),
    (.bodyLimit, "1e99"), (.titleLimit, "many"), (.agentLock, "maybe"), (.sshShare, "2"),
    (.claudeChannel, "x"), (.log, "loud"), (.agent, "Codex,Bob"), (.counterpart, "a;b"),
    (.role, "a\nb"), (.agent, "a\0b"),
  ])
  func `what a setting cannot be is not stored`(_ setting: Setting, _ value: String) throws {
    try git("init", "-q")
    let configuration = home.configuration([setting.variable: ""])
    let before = configuration[setting]
    #expect(throws: (any Error).self) { try configuration.set(setting, to: value) }
    #expect(home.configuration([setting.variable: ""])[setting] == before)
  }

  @Test(arguments: [
    (Setting.freshness, "0.5"), (.agentLock, "YES"), (.log, "Debug"), (.agent, "Claude (Smith, J)"),
    (.onUpdate, "a\nb"), (.gitSubject, "JIRA-1:"),
  ])
  func `what it can be is`(_ setting: Setting, _ value: String) throws {
    try git("init", "-q")
    let configuration = home.configuration([setting.variable: ""])
    try configuration.set(setting, to: value)
    #expect(configuration[setting]?.text == value)
  }

  @Test func `without git the defaults hold`() throws {
    let configuration = home.configuration(["PATH": "/nowhere"])
    #expect(configuration[.role]?.origin == .builtIn)
    #expect(try configuration.number(.timeout) == 30)
  }

  /// A git whose first reading of the configuration does something else, of a shell.
  private func path(whereFirstDoes work: String) throws -> String {
    let path = home.environment["PATH"] ?? ""
    let git = try Git(inheriting: home.environment).executable
    try home.home.makeDirectory("bin")
    try home.home.write(
      """
      #!/bin/sh
      case " $* " in
      *" config "*) if mkdir \(home.home.path)/began 2>/dev/null; then \(work); fi ;;
      esac
      exec \(git) "$@"
      """, to: "bin/git", executable: true)
    return home.home.path("bin") + ":" + path
  }

  @Test func `whoever asks git does not wait for another who hangs`() throws {
    try git("config", "--global", "watercooler.role", "planner")
    let configuration = home.configuration(["PATH": try path(whereFirstDoes: "exec sleep 100")])
    try startThread(named: "other") { _ = configuration[.role] }
    #expect(eventually { FileManager.default.fileExists(atPath: home.home.path("began")) })
    #expect(configuration[.role]?.text == "planner")
  }

  @Test func `that git failed in time for one call is nothing to the next`() throws {
    try git("config", "--global", "watercooler.role", "planner")
    let configuration = home.configuration([
      "PATH": try path(whereFirstDoes: "exec sleep 100"), "WATERCOOLER_TIMEOUT": "1.2",
    ])
    let first = configuration.forCall(until: soon())
    #expect(first[.role]?.text == "implementer")
    #expect((first.gitConfigProblem as? GitError)?.interruption == .deadlinePassed)
    #expect(configuration.forCall(until: soon())[.role]?.text == "planner")
  }

  @Test func `git's configuration is read until the call's deadline, and no longer`() throws {
    try git("config", "--global", "watercooler.role", "planner")
    let configuration = home.configuration()
    let cancellation = Cancellation()
    let call = configuration.forCall(until: .after(.seconds(60), cancellation: cancellation))
    cancellation.cancel()
    #expect(call[.role]?.text == "implementer")
    #expect((call.gitConfigProblem as? GitError)?.interruption == .cancelled)
    let late = configuration.forCall(until: .after(.zero))
    #expect((late.gitConfigProblem as? GitError)?.interruption == .deadlinePassed)
    #expect(try late.deadline().hasPassed)
    #expect(configuration.forCall(until: soon())[.role]?.text == "planner")
    // What one call has read, all have.
    #expect(configuration.forCall(until: .after(.zero))[.role]?.text == "planner")
  }

  @Test func `the time that git's configuration takes is a part of the command's`() throws {
    let configuration = home.configuration([
      "PATH": try path(whereFirstDoes: "sleep 0.5"), "WATERCOOLER_TIMEOUT": "30",
    ])
    #expect(configuration[.role]?.text == "implementer")
    #expect(try configuration.deadline().remaining < .seconds(29.6))
    // What comes after that has all of its time.
    let began = ContinuousClock.now
    #expect(try configuration.deadline().instant >= began + .seconds(30))
  }

  @Test(arguments: ["abc", "0", "-1", "nan", "inf", "1e300", "12 s"])
  func `a number that cannot be used names its variable and what to do`(_ text: String) {
    for setting in [Setting.timeout, .bodyLimit] {
      let configuration = home.configuration([setting.variable: text])
      let error = #expect(throws: ConfigurationError.self) { try configuration.number(setting) }
      #expect(error?.message.contains("'\(text)'") == true)
      #expect(error?.message.contains("environment variable \(setting.variable)") == true)
      #expect(error?.hint?.contains(setting.variable) == true)
    }
  }

  @Test(arguments: [
    ("1", true), ("TRUE", true), ("yes", true), ("on", true), ("0", false), ("no", false),
    ("off", false), ("False", false),
  ])
  func `a switch is on or off`(_ text: String, _ isOn: Bool) throws {
    #expect(try home.configuration(["WATERCOOLER_AGENT_LOCK": text]).isOn(.agentLock) == isOn)
  }

  @Test func `a lock that is neither on nor off locks nobody out by accident, nor in`() {
    let configuration = home.configuration(["WATERCOOLER_AGENT_LOCK": "y e s"])
    let error = #expect(throws: ConfigurationError.self) { try configuration.isOn(.agentLock) }
    #expect(error?.hint?.contains("WATERCOOLER_AGENT_LOCK") == true)
    #expect(throws: ConfigurationError.self) { try configuration.identity() }
  }

  @Test func `a misspelt key is answered with the nearest`() {
    let error = #expect(throws: ConfigurationError.self) { try Setting.named("agnet") }
    #expect(error?.description == "there is no setting 'agnet'; did you mean 'agent'?")
    let other = #expect(throws: ConfigurationError.self) { try Setting.named("xyzzy") }
    #expect(other?.hint == "'wc config --show' lists them all")
  }

  @Test(arguments: [
    ("{", "JSON"), ("[]", "registry"), ("", "JSON"),
  ])
  func `a registry that cannot be used names its file and shows one that can`(
    text: String, word: String
  ) throws {
    let path = try home.home.write(text, to: "registry.json")
    let configuration = home.configuration(["WATERCOOLER_AGENT_REGISTRY": path])
    let error = #expect(throws: ConfigurationError.self) { try configuration.registry }
    #expect(error?.message.contains(path) == true)
    #expect(error?.hint?.contains("canonical") == true)
  }

  @Test func `a registry that is not there is an error about it`() {
    let path = home.home.path("none.json")
    let configuration = home.configuration(["WATERCOOLER_AGENT_REGISTRY": path])
    let error = #expect(throws: ConfigurationError.self) { try configuration.registry }
    #expect(error?.message.contains("no such file") == true)
  }
}
