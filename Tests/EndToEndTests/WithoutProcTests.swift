import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// A chroot, or a sandbox, in which /proc is empty or not there at all.
@Suite struct WithoutProcTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write("one two\nthree\n", to: "work/text")
  }

  static let absences = ["mount -t tmpfs none /proc", "umount -l /proc"]

  /// Runs a script without /proc; nil where this machine lets nobody mount.
  private func shell(
    _ script: String, _ absence: String = absences[0], with variables: [String: String] = [:]
  ) throws -> Outcome? {
    let namespace = ["unshare", Machine.isRoot ? "-m" : "-rm", "sh", "-c"]
    let probe = try sandbox.run("/usr/bin/env", namespace + [absence])
    if probe.code != 0 { return nil }
    return try sandbox.run(
      "/usr/bin/env", namespace + ["\(absence) && { \(script)\n}"], with: variables)
  }

  @Test(arguments: absences)
  func `every command is what it is`(absence: String) throws {
    let script = """
      wc version; watercooler version; watercooler-mcp --version
      wc say topic -m 'x y z' </dev/null >/dev/null; echo "said $?"
      watercooler read topic --raw | grep -cx 'x y z'
      watercooler -l text 2>/dev/null; echo "refused $?"
      wc -l text; wc -w <text
      """
    guard let outcome = try shell(script, absence) else {
      return cannotRun("nothing can be mounted")
    }
    let version = "watercooler \(watercoolerVersion)\n"
    #expect(
      outcome.text == version + version + "watercooler-mcp \(watercoolerVersion)\n"
        + "said 0\n1\nrefused 2\n2 text\n3\n", "\(outcome.errors)")
  }

  /// What it cannot tell from itself it would become, again and again.
  @Test func `a wc of the system's is told from its own links`() throws {
    let own = try shell(
      "timeout 20 wc text", with: ["PATH": sandbox.path("bin") + ":/usr/bin:/bin"])
    guard let own else { return cannotRun("nothing can be mounted") }
    #expect(own.text.split(separator: " ") == ["2", "3", "14", "text\n"])
  }

  @Test func `a clone's merge driver is this program, and merges`() throws {
    let script = """
      git init -q --bare r.git
      export WATERCOOLER_GIT_REPO=$PWD/r.git
      for name in a b; do
        WATERCOOLER_DIR=$PWD/$name wc say topic --as $name -m "from $name" </dev/null >/dev/null
      done
      git -C a config --get merge.watercooler.driver
      wc doctor --dir $PWD/a
      printf '{"jsonrpc":"2.0","id":1,"method":"ping"}\\n' | watercooler-mcp
      """
    guard let outcome = try shell(script, with: ["WATERCOOLER_DIR": ""]) else {
      return cannotRun("nothing can be mounted")
    }
    let program = URL(fileURLWithPath: sandbox.path("bin/wc")).resolvingSymlinksInPath().path
    // Doctor has the driver merge something.
    #expect(!outcome.text.contains("wrong:"), "\(outcome.text)")
    #expect(outcome.text.hasPrefix(program + " merge-driver "), "\(outcome.errors)")
    #expect(outcome.text.hasSuffix(#"{"jsonrpc":"2.0","id":1,"result":{}}"# + "\n"))
  }

  /// Runs a script without /proc in which `$clone` has one entry, and a fetch of the remote is done by
  /// another script instead.
  private func shell(_ script: String, fetchingBy fetch: String) throws -> Outcome? {
    let git = """
      #!/bin/sh
      case " $* " in *" fetch "*) ;; *) PATH=\(Machine.searchPath) exec git "$@" ;; esac
      \(fetch)
      """
    try sandbox.write(git, to: "fake/git", executable: true)
    let beginning = """
      git init -q --bare r.git && wc say topic -m first </dev/null >/dev/null || exit 90
      clone=$(echo ~/.watercooler/repos/*)
      PATH=\(sandbox.path("fake")):$PATH
      """
    let variables = ["WATERCOOLER_DIR": "", "WATERCOOLER_GIT_REPO": sandbox.path("work/r.git")]
    return try shell(beginning + "\n" + script, with: variables)
  }

  @Test func `what git has started gets the time to clean up after itself`() throws {
    let outcome = try shell(
      "WATERCOOLER_TIMEOUT=1 wc sync 2>/dev/null; cat cleaned",
      fetchingBy: """
        (trap 'sleep 0.3; echo cleaned >\(sandbox.path("work/cleaned")); exit' TERM; while :; do sleep 0.05; done) &
        exec sleep 100
        """)
    guard let outcome else { return cannotRun("nothing can be mounted") }
    #expect(outcome.text.contains("cleaned"), "\(outcome.errors)")
  }

  @Test func `git has no descriptor of who called`() throws {
    let outcome = try shell(
      "exec 9>leaked; wc sync >/dev/null; cat leaked fetched",
      fetchingBy:
        "echo yes >\(sandbox.path("work/fetched")); { echo leaked >&9; } 2>/dev/null; exit 1")
    guard let outcome else { return cannotRun("nothing can be mounted") }
    #expect(outcome.text == "yes\n", "\(outcome.errors)")
  }

  @Test func `a lock of git's is left alone, as nobody knows who holds it`() throws {
    let outcome = try shell(
      """
      touch -d '1 minute ago' $clone/.git/index.lock
      wc say topic -m second </dev/null; ls $clone/.git/index.lock
      """, fetchingBy: "exit 1")
    guard let outcome else { return cannotRun("nothing can be mounted") }
    #expect(outcome.text.hasSuffix("/.git/index.lock\n"), "\(outcome.errors)")
    #expect(outcome.errors.contains("if none runs, remove that file"), "\(outcome.errors)")
  }

  /// A look at the program's file, or at its directory, that fails was a trap.
  @Test(arguments: 1...8)
  func `a look at its own file that fails ends nothing`(_ number: Int) throws {
    _ = try sandbox.shell("git init -q --bare r.git").succeeded()
    let program = URL(fileURLWithPath: sandbox.path("bin/wc")).resolvingSymlinksInPath()
    let script = """
      strace -f -o trace -P /proc/self/exe -P \(program.path) \
      -P \(program.deletingLastPathComponent().path) \
      -e inject=%file:error=EIO:when=\(number) \(program.path) say topic -m x >/dev/null
      """
    guard try sandbox.shell("strace -o trace true").code == 0 else {
      return cannotRun("nothing can be traced")
    }
    let repo = ["WATERCOOLER_GIT_REPO": sandbox.path("work/r.git"), "WATERCOOLER_DIR": ""]
    let outcome = try sandbox.shell(script, with: repo)
    // What the dynamic linker does not find is not ours: it says so with 127.
    #expect(outcome.code == 0 || outcome.code == 127, "\(outcome.errors)")
  }
}
