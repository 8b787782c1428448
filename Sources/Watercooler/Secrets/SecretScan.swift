internal import Platform

/// A place in a text that has the shape of a secret: of which kind, and where. Errors name the kind and the place, never
/// the secret.
package struct SecretScan: Sendable, Equatable {
  /// The kind, for people: `a GitHub token`.
  package let name: String
  /// From 1.
  package let line: Int
  /// The character of the line at which it begins, from 1; in bytes.
  package let column: Int
  /// The secret, to tell it from another: shown to nobody.
  let value: [UInt8]

  /// The kind in a sentence: `what looks like a GitHub token`.
  package var words: String { "what looks like \(name)" }

  /// The first secret in a text; nil where it has none.
  package static func first(in text: [UInt8]) -> SecretScan? { all(in: text, most: 1).first }

  /// The secrets in a text, in their order.
  package static func all(in text: [UInt8], most: Int = 1000) -> [SecretScan] {
    Scanner.found(in: text, most: most).map { found in
      let before = text[..<found.range.lowerBound]
      let lineStart = before.lastIndex(of: .lineFeed).map { $0 + 1 } ?? 0
      return SecretScan(
        name: found.name, line: before.count { $0 == .lineFeed } + 1,
        column: found.range.lowerBound - lineStart + 1, value: Array(text[found.range]))
    }
  }

  /// The first secret of a text that another one has not: it came with what was changed.
  package static func first(in text: [UInt8], notIn other: [UInt8]) -> SecretScan? {
    let found = all(in: text)
    if found.isEmpty { return nil }
    let known = Set(all(in: other).map(\.value))
    return found.first { !known.contains($0.value) }
  }
}

/// One pass over a text: at the begin of each word, the shapes whose first character it has are tried.
private struct Scanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// For each alphabet, the run of its characters that was looked at last: no text is looked at more than once for each.
  private var runs = [Range<Int>](repeating: 0..<0, count: SecretShape.Alphabet.allCases.count)

  typealias Found = (name: String, range: Range<Int>)

  static func found(in text: [UInt8], most: Int) -> [Found] {
    text.withUnsafeBufferPointer { bytes in
      var scanner = Scanner(bytes: bytes)
      return scanner.found(most: most)
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// A way to begin, and the shape that does.
  private struct Beginning {
    let prefix: [UInt8]
    let shape: SecretShape
    /// The infix as bytes.
    let infix: [UInt8]
  }

  /// By the first byte.
  private static let beginnings: [[Beginning]] = {
    var table = [[Beginning]](repeating: [], count: 256)
    for shape in SecretShape.all {
      for prefix in shape.prefixes.map({ Array($0.utf8) }) {
        table[Int(prefix[0])].append(
          Beginning(prefix: prefix, shape: shape, infix: Array((shape.infix ?? "").utf8)))
      }
    }
    return table
  }()

  private static let privateKey = Array("-----BEGIN ".utf8)

  /// Flags of each byte: it is part of a word, after which no secret begins; a secret may begin with it.
  private static let (isWord, isFirst): (UInt8, UInt8) = (1, 2)
  private static let kinds: [UInt8] = (UInt8.min...UInt8.max).map { byte in
    let begins = byte == privateKey[0] || !beginnings[Int(byte)].isEmpty
    return (SecretShape.Alphabet.alphanumeric.has(byte) ? isWord : 0) | (begins ? isFirst : 0)
  }

  private mutating func found(most: Int) -> [Found] {
    var found: [Found] = []
    Self.kinds.withUnsafeBufferPointer { kinds in
      var before: UInt8 = 0
      for index in bytes.indices {
        let kind = kinds[Int(bytes[index])]
        defer { before = kind }
        if kind & Self.isFirst == 0 || before & Self.isWord != 0 { continue }
        if let secret = secret(at: index) {
          found.append(secret)
          if found.count == most { return }
        }
      }
    }
    return found
  }

  private mutating func secret(at index: Int) -> Found? {
    if let end = endOfPrivateKey(at: index) { return ("a private key", index..<end) }
    for beginning in Self.beginnings[Int(bytes[index])] {
      if let end = endOfSecret(beginning, at: index) { return (beginning.shape.name, index..<end) }
    }
    return nil
  }

  private func has(_ text: [UInt8], at index: Int) -> Bool {
    guard bytes.count - index >= text.count else { return false }
    for offset in text.indices where bytes[index + offset] != text[offset] { return false }
    return true
  }

  private mutating func endOfSecret(_ beginning: Beginning, at index: Int) -> Int? {
    guard has(beginning.prefix, at: index) else { return nil }
    let start = index + beginning.prefix.count
    var end = endOfRun(of: beginning.shape.alphabet, from: start)
    // The end of a sentence.
    while end > start, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
    let value = bytes[start..<end]
    guard beginning.shape.lengths.contains(value.count), !Self.isExample(value) else { return nil }
    let hasInfix =
      beginning.infix.isEmpty || value.indices.contains { has(beginning.infix, at: $0) }
    return hasInfix ? end : nil
  }

  private mutating func endOfRun(of alphabet: SecretShape.Alphabet, from start: Int) -> Int {
    if runs[alphabet.rawValue].contains(start) { return runs[alphabet.rawValue].upperBound }
    var end = start
    while end < bytes.count, alphabet.has(bytes[end]) { end += 1 }
    runs[alphabet.rawValue] = start..<end
    return end
  }

  /// Whether it is nobody's: a placeholder, or one that documentation has as an example.
  private static func isExample(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let value = value.prefix(128)
    let text = String(decoding: value, as: UTF8.self)
    return Set(value).count < min(10, value.count / 2) || text.uppercased().contains("EXAMPLE")
      || SecretShape.examples.contains(text)
  }

  /// The head of a private key in PEM, and some of it: a head alone is how one talks about them.
  private func endOfPrivateKey(at index: Int) -> Int? {
    guard has(Self.privateKey, at: index) else { return nil }
    let head = bytes[(index + Self.privateKey.count)...].prefix(60)
    let words = String(decoding: head.prefix { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    guard words.hasSuffix("PRIVATE KEY") || words.hasSuffix("PRIVATE KEY BLOCK") else { return nil }
    var run = 0
    let start = index + Self.privateKey.count + words.utf8.count
    for (offset, byte) in bytes[start...].prefix(400).enumerated() {
      run = SecretShape.Alphabet.base64.has(byte) ? run + 1 : 0
      if run == 40 { return start + offset + 1 }
    }
    return nil
  }
}
