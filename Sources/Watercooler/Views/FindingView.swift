package import Platform

/// Something that is wrong, as JSON and in words.
package struct FindingView {
  private let finding: Finding
  /// The words of a fix on what it did, or why it could not; nil where none was tried.
  private let outcome: Result<String, any Error>?

  /// - Parameter outcome: What a fix did, or why it could not; nil where none was tried.
  package init(_ finding: Finding, _ outcome: Result<String, any Error>? = nil) {
    (self.finding, self.outcome) = (finding, outcome)
  }

  package var json: JSON {
    [
      "topic": JSON(finding.topic?.name), "text": .string(finding.what),
      "meaning": .string(finding.meaning), "mend": .string(finding.mend),
      "fixable": .bool(finding.fix != nil), "fixed": JSON(done), "failed": JSON(failure),
    ]
  }

  /// The problem and its mend, in a line.
  package var line: String {
    let place = finding.topic.map { "'\($0)': " } ?? ""
    return (place + finding.what + "; " + finding.mend).onOneLine
  }

  /// The problem, its meaning, and the mend or what came of one that was tried: a line each.
  package var text: String {
    let place = finding.topic.map { "'\($0)': " } ?? ""
    var lines = ["wrong: \(place)\(finding.what)", "  it means: \(finding.meaning)"]
    if let done {
      lines.append("  fixed: \(done)")
    } else {
      lines.append("  to mend it: \(finding.mend)")
    }
    if let failure { lines.append("  not fixed: \(failure)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var done: String? { outcome.flatMap { try? $0.get() } }

  private var failure: String? {
    guard case .failure(let error) = outcome else { return nil }
    return "\(error)"
  }
}
