import Testing

@testable import Platform
@testable import Watercooler

@Suite struct PaceTests {
  /// What follows from events: `.` nothing came, `!` news, `x` the remote was away.
  private func intervals(_ pace: Pace, _ events: String) -> [Double] {
    var pace = pace
    return [seconds(pace)]
      + events.map { event in
        switch event {
        case "!": pace.newsCame()
        case "x": pace.remoteWasAway()
        default: pace.nothingCame()
        }
        return seconds(pace)
      }
  }

  private func seconds(_ pace: Pace) -> Double {
    (pace.interval / .milliseconds(1)).rounded() / 1000
  }

  @Test func `watching slows down while nothing comes, and no further than four polls`() {
    let pace = Pace.watching(poll: .seconds(8))
    #expect(intervals(pace, "..!.") == [8, 10, 12.5, 8, 10])
    #expect(intervals(pace, String(repeating: ".", count: 20)).last == 32)
  }

  @Test func `a remote that is away is asked less and less, up to eight polls`() {
    let pace = Pace.watching(poll: .seconds(8))
    #expect(intervals(pace, "xxxxx") == [8, 16, 32, 64, 64, 64])
    #expect(intervals(pace, "xxxx!") == [8, 16, 32, 64, 64, 8])
    #expect(intervals(pace, "xxxx.").last == 32)
  }

  @Test func `somebody who waits is answered soon at first`() {
    let pace = Pace.waiting(poll: .seconds(15))
    #expect(intervals(pace, "..!") == [1, 1.2, 1.44, 1])
    #expect(intervals(pace, String(repeating: ".", count: 30)).last == 15)
    #expect(intervals(Pace.waiting(poll: .seconds(1)), "....") == [1, 1, 1, 1, 1])
    #expect(intervals(Pace.waiting(poll: .milliseconds(200)), "..") == [0.2, 0.2, 0.2])
    #expect(intervals(Pace.waiting(poll: .seconds(15)), "xx.") == [1, 2, 4, 4.8])
  }

  @Test func `who says how often gets that, but for a remote that is away`() {
    #expect(intervals(.steady(.seconds(60)), "...x..") == [60, 60, 60, 60, 120, 60, 60])
  }
}
