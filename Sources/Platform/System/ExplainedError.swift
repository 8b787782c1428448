/// An error as people meet it: what happened to what, then what to do.
///
/// Each error type words itself here and nowhere else; the programs only decide where to print it.
package protocol ExplainedError: Error, CustomStringConvertible {
  /// The words for what happened, in one lower-case line without a full stop.
  var message: String { get }
  /// The advice on what to do about it, in one line; nil where there is none, or the message says it.
  var hint: String? { get }
  /// Whether what was asked for may have been done all the same; false unless an error says so.
  var isUnknown: Bool { get }
  /// The one word by which a program tells it from others; nil where that has not been needed.
  var code: String? { get }
}

extension ExplainedError {
  package var isUnknown: Bool { false }
  package var code: String? { nil }

  package var description: String {
    guard let hint else { return message }
    return message + "; " + hint
  }
}
