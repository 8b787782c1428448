/// The words that everybody uses, in the spelling that is written. Others are kept as they are.
package enum Vocabulary {
  package static let roles = ["planner", "critic", "implementer", "tester", "pm", "scribe"]
  package static let types = ["Note", "Plan", "Decision", "PR", "Closure"]
  package static let statuses = ["OPEN", "IN_REVIEW", "BLOCKED", "CLOSED"]

  static func role(_ text: String) -> String { spelled(text, in: roles) }
  static func type(_ text: String) -> String { spelled(text, in: types) }

  /// A status is written in capitals: `in-progress` becomes `IN-PROGRESS`.
  package static func status(_ text: String) -> String { text.uppercased() }

  /// The notes for whoever used words that are not usual: a line for each of them.
  static func notes(role: SingleLine?, type: SingleLine?) -> [String] {
    let kinds = [("role", role?.text, roles), ("type", type?.text, types)]
    return kinds.compactMap { kind, word, usual in
      guard let word, !word.isEmpty, !usual.contains(word) else { return nil }
      return "the \(kind) '\(word)' is kept; the usual ones are \(usual.joined(separator: ", "))"
    }
  }

  private static func spelled(_ text: String, in words: [String]) -> String {
    words.first { $0.lowercased() == text.lowercased() } ?? text
  }
}
