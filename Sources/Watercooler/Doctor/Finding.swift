/// Something that is not as it should be.
package struct Finding: Sendable {
  /// The thread that it is about; nil for all of them.
  package var topic: Topic?
  /// What is wrong.
  package let what: String
  /// What that means for those who use it.
  package let meaning: String
  /// What to do about it.
  package let mend: String
  /// Does it, and says what was done; nil for what a program must not decide.
  package var fix: (@Sendable () throws -> String)?

  package init(
    topic: Topic? = nil, _ what: String, meaning: String, mend: String,
    fix: (@Sendable () throws -> String)? = nil
  ) {
    (self.topic, self.what, self.meaning) = (topic, what, meaning)
    (self.mend, self.fix) = (mend, fix)
  }

  /// The same with what mends it.
  func fixed(by fix: @escaping @Sendable () throws -> String) -> Finding {
    var result = self
    result.fix = fix
    return result
  }

  /// Whether it is the same, found again: what is said of it may have a time or a count in it.
  func isSame(as other: Finding) -> Bool {
    (topic, meaning) == (other.topic, other.meaning)
  }

  /// An error that a check met.
  package init(_ error: any ExplainedError, topic: Topic? = nil, meaning: String) {
    self.init(
      topic: topic, error.message, meaning: meaning,
      mend: error.hint ?? "see what it says, then run this again")
  }
}
