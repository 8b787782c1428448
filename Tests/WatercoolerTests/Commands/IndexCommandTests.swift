import Testing

@testable import Platform
@testable import Watercooler

@Suite struct IndexCommandTests {
  // In a process of its own: its results go to standard output.
  @Test func `an index in the threads directory waits for who writes there`() async {
    await #expect(processExitsWith: .success) {
      let home = try TestWorkspace(["WATERCOOLER_TIMEOUT": "0.1"])
      try home.say("plan")
      func reindex() -> ExitCode {
        CommandLineTool.run(
          ["reindex", "--out", home.threads + "/index.md"], terminal: Terminal(),
          environment: home.environment, workingDirectory: home.project)
      }
      let code = try FileLock.withLock(on: home.threads, deadline: soon()) { _ in
        // What a writer has half done stays its own.
        try home.write("half", to: AtomicFile.temporaryName)
        return reindex()
      }
      #expect(code == .failed && home.read(AtomicFile.temporaryName) == "half")
      #expect(reindex() == .done && home.read("index.md")?.contains("plan.md") == true)
    }
  }
}
