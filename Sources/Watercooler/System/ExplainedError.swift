/// An error as people meet it: what happened to what, then what to do.
///
/// Each error type words itself here and nowhere else; the programs only decide where to print it.
package protocol ExplainedError: Error, CustomStringConvertible {
  /// What happened, in one lower-case line without a full stop.
  var message: String { get }
  /// What to do about it, in one line; nil where the message says it.
  var hint: String? { get }
  /// Whether what was asked for may have been done all the same; false unless an error says so.
  var isUnknown: Bool { get }
}

extension ExplainedError {
  package var isUnknown: Bool { false }

  package var description: String {
    guard let hint else { return message }
    return message + "; " + hint
  }
}
