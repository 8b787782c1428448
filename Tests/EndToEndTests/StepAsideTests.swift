import Foundation
import TestSupport
import Testing

@testable import Watercooler

/// A `wc` of ours that comes first in PATH and is asked to count is the system's.
@Suite struct StepAsideTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write("one two\nthree\n\n  four köln \tfive", to: "work/text")
    try sandbox.write("", to: "work/empty")
    try sandbox.write(String(repeating: "words and words\n", count: 5000), to: "work/long")
    // Files with the names of our commands.
    for name in ["say", "-l", "a b", "listing", "debug"] {
      try sandbox.write("x y\nz\n", to: "work/" + name)
    }
    try sandbox.write("text\0long\0", to: "work/names")
  }

  /// Calls that mean nothing to us, and pipelines around them.
  static let calls = [
    "wc -l text", "wc -c text", "wc -w text", "wc -m text", "wc text", "wc -lwc text",
    "wc -l -w text", "wc -lm text long", "wc text long empty", "wc empty", "wc ./say", "wc -- say",
    "wc -l say", "wc -c -- -l", "wc -- -l text", "wc 'a b'", "wc listing", "wc nowhere",
    "wc -l text nowhere long", "wc .", "wc -Q text", "wc --nonsense text", "wc -", "wc - text",
    "wc <text", "wc -l <text", "wc -c <long", "wc </dev/null", "cat text | wc", "cat long | wc -l",
    "cat text | wc -", "cat text | wc - text", "ls | wc -l", "printf '' | wc", "printf x | wc -c",
    "cat long | head -n 3 | wc -w", "wc -l text | wc", "wc *", "wc -l < text > out; cat out",
    "echo text | xargs wc -c", "wc nowhere || echo failed $?", "set -- $(wc -l text); echo $1",
    "wc <nowhere", "wc text 2>&1 >/dev/null", "wc /", "wc ''", "wc sya", "wc lst text",
    "LC_ALL=C.UTF-8 wc -m text", "(exec wc -l text)", "env wc -l text", "command wc -l <long",
    "{ head -c 5 >/dev/null; wc -c; } <text", "wc -l <&-",
    #"n=$(printf 'x\377'); echo a >$n; wc -l $n"#, "wc text >&-", "wc debug",
  ]

  /// Options that only some systems have: whatever they say, ours says the same.
  static let options = [
    "wc -L text", "wc --lines text", "wc --bytes --words text", "wc --max-line-length text",
    "wc --files0-from=names", "wc --files0-from=- <names", "wc --total=never text long",
  ]

  @Test(arguments: calls + options)
  func `counting is left to the system's wc`(call: String) throws {
    let system = try sandbox.shell(call, with: ["PATH": Machine.searchPath])
    let ours = try sandbox.shell(call)
    #expect(ours.out == system.out, "\(ours.text)")
    #expect(ours.err == system.err, "\(ours.errors)")
    #expect(ours.code == system.code)
  }

  @Test(arguments: ["watercooler -l text", "watercooler <text", "watercooler ./say"])
  func `called by its long name it never counts`(call: String) throws {
    let outcome = try sandbox.shell(call)
    if call.hasSuffix("<text") {
      #expect(outcome.code == 0)
      #expect(outcome.text.contains("usage:"))
    } else {
      #expect(outcome.code == 2)
      #expect(outcome.errors.hasPrefix("error: there is no command "))
    }
  }

  @Test func `without a file of that name a command is a command`() throws {
    #expect(try sandbox.shell("wc list").code == 0)
    #expect(try sandbox.shell("wc say topic -m 'x y z' </dev/null").code == 0)
    #expect(try sandbox.entries(of: "topic").count == 1)
  }

  @Test func `it finds the system's wc behind copies of its own links`() throws {
    try sandbox.makeDirectory("more")
    for name in ["more/wc", "work/wc"] { try sandbox.link(name, to: sandbox.path("bin/wc")) }
    let path = [sandbox.path("bin"), sandbox.path("more"), sandbox.path("bin"), "/nowhere", "."]
    let outcome = try sandbox.shell(
      "wc -c text", with: ["PATH": (path + [Machine.searchPath]).joined(separator: ":")])
    #expect(outcome.text.split(separator: " ").last == "text\n")
    #expect(outcome.code == 0)
  }

  @Test func `it finds the system's wc without a PATH`() throws {
    let wc = sandbox.path("bin/wc")
    let outcome = try sandbox.shell("unset PATH; exec \(wc) -c text")
    #expect(outcome.text.split(separator: " ").last == "text\n")
    #expect(outcome.code == 0)
  }

  @Test func `a writer is ended by a broken pipe as it is with the system's`() throws {
    // An ignored SIGPIPE would be inherited, and change what the system's wc does.
    let call = "{ wc long long long; echo $? >&2; } | true"
    let system = try sandbox.shell(call, with: ["PATH": Machine.searchPath])
    #expect(try sandbox.shell(call).code == system.code)
    try sandbox.write(
      "#!/bin/sh\ngrep SigIgn /proc/self/status\n", to: "fake/wc", executable: true)
    guard FileManager.default.fileExists(atPath: "/proc/self/status") else { return }
    let path = [sandbox.path("bin"), sandbox.path("fake"), Machine.searchPath]
    let shown = try sandbox.shell("wc -l", with: ["PATH": path.joined(separator: ":")])
    let plain = try sandbox.shell("grep SigIgn /proc/self/status")
    #expect(shown.text == plain.text)
  }
}
