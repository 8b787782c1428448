import Testing

@testable import Platform
@testable import Watercooler

@Suite struct IndexCommandTests {
  // In a process of its own: its results go to standard output.
  @Test func `an index in the threads directory leaves alone what somebody writes there`() async {
    await #expect(processExitsWith: .success) {
      let home = try TestWorkspace(["WATERCOOLER_TIMEOUT": "0.1"])
      try home.say("plan")
      func reindex() -> ExitCode {
        CommandLineTool.run(
          ["reindex", "--out", home.threads + "/index.md"], terminal: Terminal(),
          environment: home.environment, workingDirectory: home.project)
      }
      // Under whatever lock that is.
      _ = try home.write("half", to: AtomicFile.temporaryName)
      #expect(reindex() == .done && home.read("index.md")?.contains("plan.md") == true)
      #expect(home.read(AtomicFile.temporaryName) == "half")
    }
  }
}
