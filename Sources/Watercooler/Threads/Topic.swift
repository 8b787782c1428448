internal import Platform

/// A thread's name, and its file's.
///
/// 1 to 100 bytes of `[A-Za-z0-9._-]`, beginning with a letter or digit. What other systems or this
/// one reserve is refused, so that every topic is a file on every machine.
package struct Topic: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let name: String

  /// The longest name, in bytes.
  package static let maximumLength = 100

  /// A name as it is given: spelled as it is, and checked.
  /// - Throws: `InvalidTopic`, with a topic that would do.
  package init(_ name: String) throws(InvalidTopic) {
    if let reason = Self.objection(to: name) {
      throw InvalidTopic(name: name, reason: reason, suggestion: Self.suggestion(for: name))
    }
    self.name = name
  }

  /// The name of a new thread: lower case, spaces become `-`.
  package init(new name: String) throws(InvalidTopic) {
    let spaced = name.replacing(" ", with: "-")
    if spaced.utf8.allSatisfy({ $0 < 0x80 }) {
      try self.init(spaced.lowercased())
    } else {
      try self.init(spaced)
    }
  }

  /// The topic of a file in a threads directory; nil if it is no thread's.
  package init?(fileName: String) {
    guard fileName.hasSuffix(".md") else { return nil }
    try? self.init(String(fileName.dropLast(3)))
  }

  /// The name of its file in the threads directory.
  package var fileName: String { name + ".md" }
  package var description: String { name }

  package static func < (left: Topic, right: Topic) -> Bool { left.name < right.name }

  /// Whether the other is the same on a file system that ignores case.
  package func isSame(as other: Topic) -> Bool { name.lowercased() == other.name.lowercased() }

  private static func objection(to name: String) -> InvalidTopic.Reason? {
    if name.isEmpty { return .empty }
    for scalar in name.unicodeScalars where !isAllowed(scalar) { return .character(scalar) }
    guard let first = name.utf8.first, first.isLetter || first.isDigit else {
      return .firstCharacter
    }
    if name.utf8.count > maximumLength { return .tooLong(name.utf8.count) }
    if name.lowercased().hasSuffix(".md") { return .fileEnding }
    return isReserved(name) ? .reserved : nil
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.isASCII else { return false }
    let byte = UInt8(scalar.value)
    return byte.isLetter || byte.isDigit || "._-".unicodeScalars.contains(scalar)
  }

  /// Device names of Windows, with any ending, and the files that are not threads.
  private static func isReserved(_ name: String) -> Bool {
    let lower = name.lowercased()
    if lower == "readme" || lower == "index" { return true }
    let stem = lower.prefix { $0 != "." }
    if ["con", "prn", "aux", "nul"].contains(stem) { return true }
    return stem.count == 4 && (stem.hasPrefix("com") || stem.hasPrefix("lpt"))
      && stem.last?.isNumber == true
  }

  private static func suggestion(for name: String) -> Topic? {
    var words = ""
    for scalar in name.lowercased().unicodeScalars {
      if isAllowed(scalar) {
        words.unicodeScalars.append(scalar)
      } else if words.last != "-" {
        words += "-"
      }
    }
    while words.hasSuffix(".md") { words.removeLast(3) }
    words = String(words.drop { "._-".contains($0) }.prefix(maximumLength))
    while let last = words.last, "._-".contains(last) { words.removeLast() }
    if words.isEmpty { return nil }
    if isReserved(words) { words = "thread-" + words }
    return try? Topic(words)
  }
}

/// Why a name is no topic, and one that is.
package struct InvalidTopic: ExplainedError, Equatable {
  /// The first rule that the name breaks; `tooLong` has its length in bytes.
  package enum Reason: Sendable, Equatable {
    case empty
    case character(Unicode.Scalar)
    case firstCharacter
    case tooLong(Int)
    case fileEnding
    case reserved
  }

  /// As it was given: it may hold anything.
  package let name: String
  package let reason: Reason
  package let suggestion: Topic?

  package var message: String {
    // The name as it was typed is shown escaped: it may hold anything, a terminal's control codes too.
    let shown = name.debugDescription.dropFirst().dropLast()
    return switch reason {
    case .empty: "the topic is empty"
    case .character(let scalar):
      "topic '\(shown)' has the character \(Self.visible(scalar)) in it"
    case .firstCharacter: "topic '\(shown)' does not begin with a letter or digit"
    case .tooLong(let count):
      "topic '\(shown)' has \(count) bytes, the limit is \(Topic.maximumLength)"
    case .fileEnding: "topic '\(shown)' ends in '.md', which its file adds by itself"
    case .reserved: "topic '\(shown)' is a name reserved for other files"
    }
  }

  package var hint: String? {
    guard let suggestion else { return "use letters, digits, '.', '_' and '-': 'release-plan'" }
    return "try '\(suggestion)'"
  }

  private static func visible(_ scalar: Unicode.Scalar) -> String {
    let code = "U+" + String(scalar.value, radix: 16, uppercase: true)
    if scalar == " " { return "' ' (a space)" }
    let isVisible = scalar.properties.isAlphabetic || (0x21...0x7E).contains(scalar.value)
    return isVisible ? "'\(scalar)'" : code
  }
}
