internal import Platform

/// The writer of entries: a name, and the person it works for: `Claude`, or `Claude (alice)`.
package struct Agent: Sendable, Hashable, CustomStringConvertible {
  package let name: SingleLine
  package let person: SingleLine?

  package init(name: SingleLine, person: SingleLine? = nil) {
    self.name = name
    self.person = person
  }

  /// Reads `Name` or `Name (person)`.
  package init(_ line: SingleLine) {
    let bytes = Bytes(line.text)
    guard bytes.last == UInt8(ascii: ")"), let open = Self.lastParenthesis(in: bytes),
      !bytes[..<open].isAllBlank, !bytes[(open + 1)..<(bytes.endIndex - 1)].isAllBlank
    else {
      self.init(name: line)
      return
    }
    self.init(
      name: SingleLine(line: bytes[..<open]),
      person: SingleLine(line: bytes[(open + 1)..<(bytes.endIndex - 1)]))
  }

  /// The index at which the last parentheses open; where they do not pair, that of the first one. A person may
  /// have some in the name: `Claude (alice (Acme))`.
  private static func lastParenthesis(in bytes: Bytes) -> Int? {
    var depth = 0
    for index in bytes.indices.reversed() {
      if bytes[index] == UInt8(ascii: ")") { depth += 1 }
      if bytes[index] == UInt8(ascii: "(") { depth -= 1 }
      if depth == 0 { return index }
    }
    return bytes.firstIndex(of: UInt8(ascii: "("))
  }

  /// Reads `Name` or `Name (person)`.
  /// - Throws: `InvalidText` if it is empty, no single line, or several agents.
  package init(_ text: String, field: String = "agent") throws(InvalidText) {
    self = try Self.read(text, field: field)
    try checkIsOne(field: field)
  }

  /// Reads what may be a list, too: such a name reads, and does not write.
  /// - Throws: `InvalidText` if it is empty, or no single line.
  package static func read(_ text: String, field: String = "agent") throws(InvalidText) -> Agent {
    let line = try SingleLine(text, field: field)
    if line.isEmpty { throw .empty(field: field) }
    return Agent(line)
  }

  /// - Throws: `InvalidText` if it is a list.
  package func checkIsOne(field: String = "agent") throws(InvalidText) {
    if name.text.contains(where: Self.separators.contains) { throw .several(field: field) }
  }

  /// The characters between the agents of a list.
  package static let separators: Set<Character> = [",", ";"]

  package var description: String {
    guard let person else { return name.text }
    return "\(name) (\(person))"
  }

  /// Whether a ball that lies with `other` lies with this agent: the same name in any case, and,
  /// where both name a person, the same person.
  package func answers(to other: Agent) -> Bool {
    guard name.text.isSame(inAnyCaseAs: other.name.text) else { return false }
    guard let person, let otherPerson = other.person else { return true }
    return person.text.isSame(inAnyCaseAs: otherPerson.text)
  }

  /// Whether it is the same name of the same person, in any case; one without a person is that of nobody else.
  package func isSame(as other: Agent) -> Bool {
    (person == nil) == (other.person == nil) && answers(to: other)
  }
}

extension String {
  /// Whether it is the same text but for its case.
  fileprivate func isSame(inAnyCaseAs other: String) -> Bool {
    // As nearly all are: each entry of a thread is asked.
    let (one, two) = (utf8, other.utf8)
    if one.allSatisfy({ $0 < 0x80 }), two.allSatisfy({ $0 < 0x80 }) {
      return one.count == two.count
        && zip(one, two).allSatisfy { $0 == $1 || $0.lowercased == $1.lowercased }
    }
    return lowercased() == other.lowercased()
  }
}
