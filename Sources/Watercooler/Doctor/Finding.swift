package import Platform

/// Something that is not as it should be.
package struct Finding: Sendable {
  /// The thread that it is about; nil for all of them.
  package var topic: Topic?
  /// The fault, in one line for people.
  package let what: String
  /// The consequence of the fault for those who use the threads.
  package let meaning: String
  /// The way to mend it, in one line: something to do or to type, or that there is nothing to do.
  package let mend: String
  /// Mends the fault, and says what was done; nil for what a program must not decide.
  package var fix: (@Sendable () throws -> String)?

  package init(
    topic: Topic? = nil, _ what: String, meaning: String, mend: String,
    fix: (@Sendable () throws -> String)? = nil
  ) {
    (self.topic, self.what, self.meaning) = (topic, what, meaning)
    (self.mend, self.fix) = (mend, fix)
  }

  /// The finding with what mends it.
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
