/// The server's messages to whoever runs it: one line each, on stderr, of which hosts keep a file.
package struct Log: Sendable {
  /// The levels, from the fewest messages to the most: a log has those of its own and of all before it.
  package enum Level: String, CaseIterable, Sendable {
    case error
    case warning
    case info
    case debug
  }

  private let level: Level
  private let output: ClientStream

  /// - Parameter descriptor: Stays the caller's, and open; standard error by default.
  package init(level: Level = .warning, descriptor: Int32 = 2) {
    self.level = level
    output = ClientStream(number: descriptor)
  }

  /// Writes `message` if the level asks for it. A log that cannot be written is no reason to stop.
  package func write(_ level: Level, _ message: @autoclosure () -> String) {
    let order = Level.allCases
    guard let asked = order.firstIndex(of: self.level), let own = order.firstIndex(of: level),
      own <= asked
    else { return }
    // A message can quote a stranger, and a terminal obeys control characters.
    let scalars = message().unicodeScalars.map {
      $0.properties.generalCategory == .control ? " " : $0
    }
    let line = String(String.UnicodeScalarView(scalars))
    try? output.write(Array("watercooler-mcp: \(level.rawValue): \(line)\n".utf8))
  }
}
