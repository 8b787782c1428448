/// The output of git, read by its shape: what is cut off, empty or beside the point is an error, and never
/// taken for an answer.
enum GitOutput {
  /// The one line that was printed, without its end.
  /// - Parameter doing: What git was asked for, for the error.
  static func line(_ bytes: [UInt8], _ doing: String) throws(GitError) -> String {
    guard bytes.last == .lineFeed, bytes.count > 1, !bytes.dropLast().contains(.lineFeed) else {
      throw .unexpected(doing, "one line was expected, not '\(Self.sample(bytes))'")
    }
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  /// The name of the one object that was printed.
  static func objectName(_ bytes: [UInt8], _ doing: String) throws(GitError) -> String {
    try objectName(text: line(bytes, doing), doing)
  }

  /// A text that must be the name of an object.
  static func objectName(text: String, _ doing: String) throws(GitError) -> String {
    if text.isObjectName { return text }
    throw .unexpected(doing, "the name of an object was expected, not '\(text.prefix(60))'")
  }

  /// The texts between NULs; each has one after it.
  static func fields(_ bytes: [UInt8], _ doing: String) throws(GitError) -> [String] {
    if bytes.isEmpty { return [] }
    guard bytes.last == 0 else {
      throw .unexpected(doing, "what was printed is cut off: '\(Self.sample(bytes.suffix(60)))'")
    }
    return bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private static func sample(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes.prefix(60), as: UTF8.self).split(whereSeparator: \.isNewline)
      .joined(separator: " ")
  }
}

extension Collection<UInt8> {
  /// Whether it is the name of an object: SHA-1, or SHA-256, in hexadecimal digits.
  var isObjectName: Bool {
    [40, 64].contains(count)
      && allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}

extension StringProtocol {
  /// Whether it is the name of an object.
  var isObjectName: Bool { utf8.isObjectName }
}
