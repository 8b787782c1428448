internal import Platform

/// Something that keeps a file from being read as a thread: where it is, and what was expected.
///
/// A thread with a problem is shown as far as it can be read, and never written to.
package struct Problem: Sendable, Hashable {
  /// One lower-case line, without the place: "expected a whole number".
  package let message: String
  /// Counted from 1.
  package let line: Int
  /// In characters, counted from 1.
  package let column: Int
  /// The line it stands in, without its end.
  package let source: String

  /// - Parameters:
  ///   - index: Where in `file` it is.
  ///   - file: All of the file.
  init(_ message: String, at index: Int, in file: Bytes) {
    let before = file[..<index]
    let start = before.lastIndex(of: .lineFeed).map { $0 + 1 } ?? file.startIndex
    let end = file[index...].firstIndex(of: .lineFeed) ?? file.endIndex
    self.message = message
    line = before.count { $0 == .lineFeed } + 1
    column = file[start..<index].string.count + 1
    source = file[start..<max(start, end)].trimmedEnd.string
  }

  /// `file:line:column: message`, and the line with a caret under the place.
  package func description(file: String) -> String {
    // A long line is cut around the place, and control characters would move the caret.
    let window = source.dropFirst(max(0, column - 60)).prefix(100)
    let shown = window.map { $0.unicodeScalars.contains { $0.value < 0x20 } ? " " : $0 }
    let caret = String(repeating: " ", count: min(column - 1, 59))
    return "\(file):\(line):\(column): \(message)\n  \(String(shown).onOneLine)\n  \(caret)^"
  }
}
