import Testing

@testable import Platform
@testable import Watercooler

@Suite struct SyncStatisticsTests {
  private func write(_ milliseconds: Int, state: String = "pushed", attempts: Int = 1) -> JSON {
    [
      "time": "2026-11-21T01:54:50Z", "operation": "write", "state": .string(state),
      "attempts": JSON(attempts), "arrived": 0, "ms": JSON(milliseconds),
    ]
  }

  @Test(arguments: [
    (1, 1, 1, 1), (2, 1, 2, 2), (3, 2, 3, 3), (20, 10, 19, 20), (100, 50, 95, 100),
  ])
  func `quantiles are values that were measured`(count: Int, p50: Int, p95: Int, max: Int) {
    let statistics = SyncStatistics((1...count).reversed().map { write($0) })
    #expect(
      statistics.operations == [.init(name: "write", count: count, p50: p50, p95: p95, max: max)])
  }

  @Test func `lines of something else are passed over`() {
    let drop: JSON = ["time": "2026-11-21T01:54:50Z", "operation": "drop", "state": "dropped"]
    let statistics = SyncStatistics([drop, write(5, attempts: 3), "text", [:]])
    #expect(statistics.writes == 1 && statistics.retries == 2)
    #expect(statistics.operations.map(\.name) == ["write"])
  }

  @Test func `an empty log`() {
    let view = StatisticsView(SyncStatistics([]), waiting: 0)
    #expect(view.text == "no contact with the remote yet\n")
    #expect(view.prometheus.contains("watercooler_outbox 0\n"))
  }
}
