package import Platform

/// The statistics from a clone's log of its contacts with the remote, as text, as JSON and for Prometheus.
package struct StatisticsView {
  private let statistics: SyncStatistics
  private let waiting: Int

  /// - Parameter waiting: How many entries and changes are not pushed yet.
  package init(_ statistics: SyncStatistics, waiting: Int) {
    (self.statistics, self.waiting) = (statistics, waiting)
  }

  package var text: String {
    guard let since = statistics.since else { return "no contact with the remote yet\n" }
    let head = ["operation", "count", "p50 ms", "p95 ms", "max ms"]
    let rows =
      [head]
      + statistics.operations.map { operation in
        [operation.name]
          + [operation.count, operation.p50, operation.p95, operation.max].map(String.init)
      }
    let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let table = rows.map { row in
      zip(row, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }
    let states = statistics.states.map { "\($0.count) \($0.state)" }.joined(separator: ", ")
    let lines =
      [
        "since \(since)", "",
      ] + table + [
        "", "writes: \(states.isEmpty ? "none" : states)",
        "merged with what others had pushed: \(statistics.merged) (\(mergeRate) %)",
        "pushes tried again: \(statistics.retries)", "entries that arrived: \(statistics.arrived)",
        "waiting: \(waiting)",
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var mergeRate: Int {
    statistics.writes == 0 ? 0 : statistics.merged * 100 / statistics.writes
  }

  package var json: JSON {
    [
      "since": JSON(statistics.since),
      "operations": .array(
        statistics.operations.map { operation in
          [
            "operation": .string(operation.name), "count": JSON(operation.count),
            "p50_ms": JSON(operation.p50), "p95_ms": JSON(operation.p95),
            "max_ms": JSON(operation.max),
          ]
        }),
      "writes": .object(statistics.states.map { JSON.Member($0.state, JSON($0.count)) }),
      "merged": JSON(statistics.merged), "retries": JSON(statistics.retries),
      "arrived": JSON(statistics.arrived), "waiting": JSON(waiting),
    ]
  }

  /// Prometheus' text format. The log is bounded, so that counts fall when it begins anew: gauges.
  package var prometheus: String {
    var lines: [String] = []
    func add(_ name: String, _ help: String, _ samples: [(labels: String, value: String)]) {
      if samples.isEmpty { return }
      lines += ["# HELP watercooler_\(name) \(help)", "# TYPE watercooler_\(name) gauge"]
      lines += samples.map { "watercooler_\(name)\($0.labels) \($0.value)" }
    }
    let operations = statistics.operations
    add(
      "operations", "Contacts with the remote that the log has.",
      operations.map { (#"{operation="\#($0.name)"}"#, "\($0.count)") })
    add(
      "operation_seconds", "How long they took.",
      operations.flatMap { operation in
        [("0.5", operation.p50), ("0.95", operation.p95), ("1", operation.max)].map {
          (#"{operation="\#(operation.name)",quantile="\#($0.0)"}"#, "\(Double($0.1) / 1000)")
        }
      })
    add(
      "writes", "Writes by what became of them.",
      statistics.states.map { (#"{state="\#($0.state)"}"#, "\($0.count)") })
    add("merges", "Writes merged with what others had pushed.", [("", "\(statistics.merged)")])
    add("retries", "Pushes tried again.", [("", "\(statistics.retries)")])
    add("arrived", "Entries of others that came.", [("", "\(statistics.arrived)")])
    add("outbox", "Entries and changes that are not pushed yet.", [("", "\(waiting)")])
    return lines.joined(separator: "\n") + "\n"
  }
}
