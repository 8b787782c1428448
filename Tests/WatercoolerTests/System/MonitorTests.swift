import Testing

@testable import Platform
@testable import Watercooler

@Suite struct MonitorTests {
  @Test func `a wait ends when another thread makes it so`() throws {
    let monitor = Monitor(0)
    for step in 1...100 { try startThread(named: "step \(step)") { monitor.withLock { $0 += 1 } } }
    #expect(monitor.wait { $0 == 100 ? "all" : nil } == "all")
  }

  @Test func `a wait may take what it waited for, once`() throws {
    let items = Monitor<[Int]>([])
    let taken = Monitor<[Int]>([])
    for _ in 0..<50 {
      try startThread(named: "taker") {
        let item = items.wait { $0.popLast() }
        taken.withLock { $0.append(item ?? -1) }
      }
    }
    for item in 0..<50 { items.withLock { $0.append(item) } }
    #expect(taken.wait { $0.count == 50 ? $0.sorted() : nil } == Array(0..<50))
  }

  @Test func `a wait ends when its time is up`() {
    let monitor = Monitor(false)
    #expect(monitor.wait(until: .now + .milliseconds(5)) { $0 ? true : nil } == nil)
    #expect(monitor.wait(until: .now) { $0 ? true : nil } == nil)
  }
}
