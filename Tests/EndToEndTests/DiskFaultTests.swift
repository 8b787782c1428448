import Foundation
import TestSupport
import Testing

@testable import Watercooler

/// Disks that are full or may not be written, and writers that die.
@Suite struct DiskFaultTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    _ = try sandbox.wc("say", "topic", "--as", "Claude", "-m", "Hello").succeeded()
  }

  @Test func `a limit of the size of files is an error, and kills nobody`() throws {
    let wc = sandbox.path("bin/wc")
    let command = "ulimit -f 0; exec \(wc) say topic --as Claude -m x"
    let outcome = try sandbox.run("/bin/sh", ["-c", command])
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("error: cannot write \(sandbox.threads)/topic.md: file too"))
  }

  // MARK: - No permission

  /// What to put before a program so that permissions hold for it, too; nil where there is no way.
  private func restricted() throws -> [String]? {
    guard Machine.isRoot else { return [] }
    let prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    chmod(sandbox.path, 0o755)
    let probe = try sandbox.run("/usr/bin/env", prefix + [sandbox.path("bin/wc"), "version"])
    return probe.code == 0 ? prefix : nil
  }

  @Test func `a directory that may not be written is left as it is`() throws {
    guard let prefix = try restricted() else { return cannotRun("root cannot be restricted") }
    let before = try sandbox.read("threads/topic.md")
    chmod(sandbox.threads, 0o555)
    defer { chmod(sandbox.threads, 0o755) }
    let wc = prefix + [sandbox.path("bin/wc")]
    for arguments in [["say", "topic", "-m", "x"], ["say", "new", "-m", "x"]] {
      let outcome = try sandbox.run("/usr/bin/env", wc + arguments)
      #expect(outcome.code == 1)
      #expect(outcome.out.isEmpty)
      let path = sandbox.threads + "/\(arguments[1]).md"
      #expect(
        outcome.errors == """
          error: cannot write \(path): permission denied
          hint: give yourself permission to it, or choose another place with --dir or WATERCOOLER_DIR

          """)
    }
    #expect(try sandbox.run("/usr/bin/env", wc + ["read", "topic"]).code == 0)
    #expect(try sandbox.read("threads/topic.md") == before)
    #expect(try sandbox.names(in: "threads") == ["topic.md"])
  }

  @Test func `a file that may not be read hides no other`() throws {
    guard let prefix = try restricted() else { return cannotRun("root cannot be restricted") }
    _ = try sandbox.wc("init-thread", "secret").succeeded()
    chmod(sandbox.path("threads/secret.md"), 0)
    let wc = prefix + [sandbox.path("bin/wc")]
    let read = try sandbox.run("/usr/bin/env", wc + ["read", "secret"])
    #expect(read.code == 1)
    #expect(read.errors.hasPrefix("error: cannot open \(sandbox.threads)/secret.md: permission"))
    let list = try sandbox.run("/usr/bin/env", wc + ["list"])
    #expect(list.code == 0)
    #expect(list.text.contains("/topic.md\n"))
    #expect(list.text.contains("\tunreadable\t"))
  }

  // MARK: - No space

  /// Runs a script with a disk of 64 KiB in `small`; nil where no disk can be mounted.
  private func onSmallDisk(_ script: String) throws -> Outcome? {
    try sandbox.makeDirectory("small")
    let namespace = Machine.isRoot ? "-m" : "-rm"
    let mount = "mount -t tmpfs -o size=64k none \(sandbox.path("small"))"
    let probe = try sandbox.run("/usr/bin/env", ["unshare", namespace, "sh", "-c", mount])
    if probe.code != 0 { return nil }
    return try sandbox.run(
      "/usr/bin/env", ["unshare", namespace, "sh", "-c", "\(mount) && { \(script)\n}"],
      with: ["WATERCOOLER_DIR": sandbox.path("small")])
  }

  @Test func `a full disk leaves the thread as it was`() throws {
    let script = """
      wc say topic -F first >/dev/null && cp ../small/topic.md before || exit 90
      wc say topic -F second >out 2>errors; echo "first $?"
      cmp ../small/topic.md before; ls -A ../small
      cat /dev/zero >../small/filler 2>/dev/null
      wc say topic -m small 2>/dev/null; echo "second $?"
      wc init-thread other 2>/dev/null; echo "third $?"
      cmp ../small/topic.md before; ls -A ../small
      wc read topic >/dev/null || exit 91
      rm ../small/filler
      wc say topic -m third >/dev/null; echo "last $?"
      cp ../small/topic.md after
      """
    // Room for either of two versions, not for both.
    let first = String(repeating: "x", count: 20_000)
    try sandbox.write(first, to: "work/first")
    try sandbox.write(String(repeating: "y", count: 40_000), to: "work/second")
    guard let outcome = try onSmallDisk(script) else { return cannotRun("nothing can be mounted") }
    let states = "first 1\ntopic.md\nsecond 1\nthird 1\nfiller\ntopic.md\nlast 0\n"
    #expect(outcome.text == states)
    #expect(outcome.errors.isEmpty)
    #expect(try sandbox.read("work/out").isEmpty)
    #expect(
      try sandbox.read("work/errors") == """
        error: cannot write \(sandbox.path("small"))/topic.md: no space left on device
        hint: free some space and try again; what was there is unchanged

        """)
    let after = try #require(ThreadParser.parse(Array(try sandbox.read("work/after").utf8)[...]))
    #expect(after.entries.map(\.body.string) == [first, "third"])
  }

  // MARK: - Death

  @Test func `a writer that is killed at any moment leaves the thread whole`() throws {
    let run = RandomRun("killed writers", full: 800)
    var random = SeededGenerator(seed: run.seed)
    var acknowledged: [String] = ["Hello"]
    var halves = 0
    for number in 0..<run.cases {
      let body = "body \(number)\n" + String(repeating: "x", count: random.pick([1, 100, 100_000]))
      try sandbox.write(body, to: "work/body")
      let moment = random.pick(["some", "writing", "replacing"])
      if moment == "writing" { unlink(sandbox.threads + "/" + temporaryName) }
      let before = state(of: "topic.md")
      let writer = try RunningProgram("wc", ["say", "topic", "-F", "body"], in: sandbox)
      switch moment {
      case "writing": while writer.isRunning, state(of: temporaryName) == nil {}
      case "replacing": while writer.isRunning, state(of: "topic.md") == before {}
      default: usleep(UInt32.random(in: 0...20_000, using: &random))
      }
      writer.killAndWait()
      if state(of: temporaryName) != nil { halves += 1 }
      if writer.line() != nil { acknowledged.append(body) }
      let bodies = try sandbox.entries(of: "topic").map(\.body.string)
      // It may have been written, and the reply not.
      if bodies.count > acknowledged.count { acknowledged.append(body) }
      #expect(bodies == acknowledged, "WATERCOOLER_SEED=\(run.seed), writer \(number)")
      if bodies.count > 20 { try startAnew(&acknowledged) }
    }
    print("killed writers: \(halves) left a half-written file")
    _ = try sandbox.wc("say", "topic", "-m", "and on").succeeded()
    #expect(try sandbox.entries(of: "topic").last?.body.string == "and on")
    #expect(try sandbox.names(in: "threads") == ["topic.md"])
  }

  private var temporaryName: String { AtomicFile.temporaryName }

  /// Which file has this name, and how long it is; nil while there is none.
  private func state(of name: String) -> [Int]? {
    var status = stat()
    guard stat(sandbox.threads + "/" + name, &status) == 0 else { return nil }
    return [Int(status.st_ino), Int(status.st_size)]
  }

  private func startAnew(_ bodies: inout [String]) throws {
    try FileManager.default.removeItem(atPath: sandbox.threads + "/topic.md")
    _ = try sandbox.wc("say", "topic", "-m", "Hello").succeeded()
    bodies = ["Hello"]
  }

  @Test func `killed among many writers takes nothing from the others`() throws {
    let run = RandomRun("killed among writers", full: 100)
    var random = SeededGenerator(seed: run.seed)
    for round in 0..<run.cases {
      let pause = Int.random(in: 1...60, using: &random)
      let script = """
        for i in 1 2 3 4 5 6 7 8; do wc say topic -m "victim \(round)-$i" >/dev/null & v="$v $!"; done
        for i in 1 2 3 4 5 6 7 8; do wc say topic -m "\(round)-$i" >/dev/null & s="$s $!"; done
        sleep 0.0\(pause); kill -9 $v 2>/dev/null; wait $s; exit 0
        """
      #expect(try sandbox.shell(script).code == 0)
      let bodies = try sandbox.entries(of: "topic").map(\.body.string)
      for number in 1...8 {
        let count = bodies.count { $0 == "\(round)-\(number)" }
        #expect(count == 1, "WATERCOOLER_SEED=\(run.seed), round \(round)")
      }
      #expect(Set(bodies).count == bodies.count)
    }
  }
}
