import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

/// How a program ended, and what it printed.
struct Outcome: Sendable {
  /// The exit code; a signal's number plus 128, as shells have it.
  let code: Int32
  let out: [UInt8]
  let err: [UInt8]

  init(_ result: CommandResult) {
    switch result.status {
    case .exited(let code): self.code = code
    case .signalled(let signal): code = 128 + signal
    }
    (out, err) = (result.stdout, result.stderr)
  }

  var text: String { String(decoding: out, as: UTF8.self) }
  var errors: String { String(decoding: err, as: UTF8.self) }

  /// The first line of the result, which for a write is the thread's path.
  var line: String { text.split(separator: "\n").first.map(String.init) ?? "" }

  var json: JSON { get throws { try JSON(parsing: out) } }

  /// This outcome, which must be a success that has nothing to say.
  func succeeded(_ location: SourceLocation = #_sourceLocation) throws -> Outcome {
    try #require(code == 0 && err.isEmpty, "exit \(code): \(errors)", sourceLocation: location)
    return self
  }
}
