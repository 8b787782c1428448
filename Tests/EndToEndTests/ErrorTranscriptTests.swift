import Foundation
import Testing

@testable import Watercooler

/// How `watercooler` says that something is wrong, word for word.
@Suite struct ErrorTranscriptTests {
  private let sandbox: Sandbox
  private var transcript: Transcript

  init() throws {
    sandbox = try Sandbox()
    transcript = Transcript(sandbox)
    _ = try sandbox.wc("say", "release-plan", "--as", "Claude", "-m", "Hello").succeeded()
  }

  @Test mutating func `a command line that means nothing`() throws {
    try transcript.call("sya", "release-plan")
    try transcript.call("frobnicate")
    try transcript.call("say")
    try transcript.call("say", "release-plan", "hello", "world")
    try transcript.call("say", "release-plan", "--titel", "x")
    try transcript.call("say", "release-plan", "-Z")
    try transcript.call("say", "release-plan", "-m")
    try transcript.call("list", "--json=yes")
    try transcript.call("read", "release-plan", "--last", "two")
    try transcript.call("read", "release-plan", "more")
    try transcript.call("search")
    try transcript.expectGolden("errors-usage")
  }

  @Test mutating func `a topic that is none`() throws {
    for command in ["read", "ack"] { try transcript.call(command, "relase-plan") }
    try transcript.call("read", "nothing-like-it")
    try transcript.call("status", "relase-plan", "closed")
    try transcript.call("ball", "relase-plan", "Claude")
    for name in ["../etc", "a/b", "", "-x", "köln", "tab\there", "README", "con", "x.md"] {
      try transcript.call("say", "-m", "text", "--", name)
    }
    try transcript.call("say", String(repeating: "x", count: 101), "-m", "text")
    try transcript.expectGolden("errors-topic")
  }

  @Test mutating func `an entry that cannot be written`() throws {
    try transcript.call("say", "release-plan")
    try transcript.call("say", "release-plan", "-m", " \n")
    try transcript.call("say", "release-plan", "-m", "x", "-t", "two\nlines")
    try transcript.call("say", "release-plan", "-m", "x", "--as", "two\nlines")
    let title = String(repeating: "t", count: 201)
    try transcript.call("say", "release-plan", "-m", "x", "-t", title)
    try transcript.call("say", "release-plan", "-F", "nowhere.md")
    try transcript.call("say", "release-plan", "-F", ".")
    try transcript.call("say", "release-plan", "-F", "-", input: "a\0b")
    try transcript.call("say", "release-plan", "-m", "x", "--entry-id", "42")
    try transcript.call(
      "say", "release-plan", "-m", "too long",
      with: ["WATERCOOLER_LIMIT_BODY": "7"])
    try transcript.call("say", "release-plan", "-m", "x", with: ["WATERCOOLER_TIMEOUT": "soon"])
    try transcript.call(
      "say", "release-plan", "-m", "x",
      with: ["WATERCOOLER_GIT_REPO": "file:///nowhere.git", "WATERCOOLER_DIR": ""])
    try transcript.call(
      "say", "release-plan", "-m", "x", "--as", "Codex",
      with: ["WATERCOOLER_AGENT_LOCK": "1", "WATERCOOLER_AGENT": "Claude"])
    try transcript.call("say", "release-plan", "-m", "x", with: ["WATERCOOLER_AGENT_LOCK": "1"])
    #expect(try sandbox.entries(of: "release-plan").count == 1)
    try transcript.expectGolden("errors-entry")
  }

  @Test mutating func `a condition that is not met`() throws {
    let id = "01M7XX0F93F0WMC16VMVX7YP8Z"
    try transcript.call("say", "release-plan", "-m", "x", "--if-ball", "Claude")
    try transcript.call("ack", "release-plan", "--expect", id)
    try transcript.call("ack", "release-plan", "--expect", "42")
    try transcript.call("say", "release-plan", "-m", "x", "--entry-id", id)
    try transcript.call("say", "release-plan", "-m", "another text", "--entry-id", id)
    try transcript.expectGolden("errors-condition")
  }

  @Test(arguments: [
    ("key", "---\nformat: 1\ntopic: x\nthis is no key\n---\n\n# x\n"),
    ("value", "---\nformat: 1\ntitle: \"no end\n---\n\n# x\n"),
    ("format", "---\nformat: one\n---\n\n# x\n"),
    ("newer", "---\nformat: 9\ntitle: From the future\n---\n\n# x\n"),
    ("unclosed", "---\nformat: 1\ntitle: x\n"),
    ("nul", "---\nformat: 1\n---\n\n# x\n\n---\nEntry: A 2026-01-02T03:04:05Z\n\na\0b\n"),
  ])
  func `a damaged thread`(kind: String, text: String) throws {
    try sandbox.write(text, to: "threads/damaged.md")
    var transcript = transcript
    try transcript.call("say", "damaged", "-m", "x")
    try transcript.call("status", "damaged", "closed")
    try transcript.call("read", "damaged")
    try transcript.call("list", "--json")
    #expect(try sandbox.read("threads/damaged.md") == text)
    try transcript.expectGolden("errors-damaged-" + kind)
  }

  @Test mutating func `files that are no threads`() throws {
    try sandbox.makeDirectory("threads/folder.md")
    try sandbox.write("# just notes\n", to: "threads/notes.md")
    try sandbox.write("# Read me\n", to: "threads/README.md")
    for topic in ["folder", "notes"] {
      try transcript.call("read", topic)
      try transcript.call("say", topic, "-m", "x")
    }
    try transcript.call("list")
    try transcript.expectGolden("errors-files")
  }
}
