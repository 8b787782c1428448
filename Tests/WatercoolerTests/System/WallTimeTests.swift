import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct WallTimeTests {
  @Test func `a moment before another is that far away from it`() {
    let run = RandomRun("moments", full: 20_000)
    var random = SeededGenerator(seed: run.seed)
    let now = WallTime.now
    for _ in 0..<run.cases {
      let duration = Duration.nanoseconds(
        Int64.random(in: -5_000_000_000...5_000_000_000, using: &random))
      let before = now - duration
      #expect(now - before == duration)
      #expect((0..<1_000_000_000).contains(before.nanoseconds))
    }
  }

  @Test func `the time of day`() throws {
    let directory = try TemporaryDirectory()
    try directory.write("", to: "file")
    let path = directory.path("file")
    age(path, seconds: 10)
    let modified = try #require(try FileStatus.of(path)?.modified)
    let date = Date(timeIntervalSince1970: Double(modified.seconds))
    let time = date.formatted(.iso8601.time(includingFractionalSeconds: false))
    #expect(modified.timeOfDay.hasPrefix(time + "."))
    #expect(modified.timeOfDay.count == 12)
  }

  @Test func `a file keeps the moment it is given, to the nanosecond`() throws {
    let directory = try TemporaryDirectory()
    try directory.write("", to: "file")
    let moment = WallTime.now - .seconds(1_000_000)
    try File.touch(directory.path("file"), at: moment)
    #expect(try FileStatus.of(directory.path("file"))?.modified == moment)
  }
}
