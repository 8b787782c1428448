import Foundation
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct `This process and its user` {
  @Test func `the environment is the one that Foundation has`() {
    #expect(ThisProcess.environment == ProcessInfo.processInfo.environment)
  }

  @Test func `so are its directory, its processors and its user`() {
    #expect(ThisProcess.workingDirectory == FileManager.default.currentDirectoryPath)
    #expect(ThisProcess.processorCount == ProcessInfo.processInfo.activeProcessorCount)
    #expect(UserAccount.own?.name ?? "" == NSUserName())
    #expect(UserAccount.own?.home ?? "/var/empty" == NSHomeDirectory())
  }
}
