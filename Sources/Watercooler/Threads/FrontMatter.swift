/// The head of a format 1 thread: one `key: value` per line between two `---`.
///
/// Lines that are not understood (comments, unknown keys, indented continuations) are kept byte for byte, in
/// place. Keys compare without case, so that the Python tool's `Status:` edits are understood.
struct FrontMatter: Sendable, Hashable {
  /// A key with its value, or a line that is none (a comment, a blank line).
  struct Item: Sendable, Hashable {
    /// The key as it is spelled; nil for a line without one.
    var key: String?
    /// The line, with its continuation lines and line ends.
    var raw: Bytes

    func isKey(_ name: String) -> Bool {
      key.map { $0.utf8.equalsIgnoringCase(name) } ?? false
    }
  }

  var opening: Bytes
  var items: [Item]
  var closing: Bytes

  init(opening: Bytes = Bytes("---\n"), items: [Item] = [], closing: Bytes = Bytes("---\n")) {
    self.opening = opening
    self.items = items
    self.closing = closing
  }

  /// The value of the first line with this key; nil if there is none, or it cannot be read.
  subscript(key: String) -> String? {
    guard let item = items.first(where: { $0.isKey(key) }) else { return nil }
    return Self.value(of: item)?.value
  }

  /// Gives a key its value: in its place, with its spelling, comment and line end, or as a new line.
  /// - Parameter isPlain: The value is written as it is (a number, a time).
  mutating func set(_ key: String, _ value: String, isPlain: Bool = false) {
    let encoded = isPlain ? value : YAMLScalar.encoded(value)
    guard let index = items.firstIndex(where: { $0.isKey(key) }) else {
      items.append(Item(key: key, raw: Bytes("\(key): \(encoded)\n")))
      return
    }
    if let old = Self.value(of: items[index]) {
      if Bytes(old.value) == Bytes(value) { return }
      items[index].raw = Bytes("\(items[index].key ?? key): \(encoded)") + old.trailer
    } else {
      items[index].raw = Bytes("\(items[index].key ?? key): \(encoded)\n")
    }
  }

  var bytes: [UInt8] { opening + items.flatMap(\.raw) + closing }

  private static func value(of item: Item) -> (value: String, trailer: Bytes)? {
    guard let colon = item.raw.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    return YAMLScalar.decode(item.raw[(colon + 1)...])
  }
}

extension FrontMatter {
  /// Reads a front matter from the start of a file. Nil if there is none: no `---` in the first line,
  /// or something under it that is no `key: value`.
  static func parse(_ file: Bytes, problems: inout [Problem]) -> (head: FrontMatter, rest: Bytes)? {
    var lines = file.lines
    guard let opening = lines.next(), opening.withoutByteOrderMark.isSeparator,
      let first = lines.first(where: { !$0.isAllBlank && !$0.isComment }),
      first.headKey != nil, first.entryLine == nil
    else { return nil }
    var head = FrontMatter(opening: opening, closing: [])
    lines = file[opening.endIndex...].lines
    while let line = lines.next() {
      if line.isSeparator || line.trimmedEnd.elementsEqual("...".utf8) {
        head.closing = line
        return (head, lines.rest)
      }
      if let problem = head.take(line, of: file) { problems.append(problem) }
    }
    let message = "this front matter is not closed: a line '---' is to end it"
    problems.append(Problem(message, at: opening.startIndex, in: file))
    return (head, lines.rest)
  }

  /// Adds a line, and says what is wrong with it.
  private mutating func take(_ line: Bytes, of file: Bytes) -> Problem? {
    if line.isAllBlank || line.isComment {
      items.append(Item(key: nil, raw: line))
      return nil
    }
    let isContinuation = line.first?.isBlank == true || line.first == UInt8(ascii: "-")
    if isContinuation, !items.isEmpty {
      items[items.endIndex - 1].raw += line
      return nil
    }
    let item = Item(key: line.headKey?.string, raw: line)
    items.append(item)
    guard let key = line.headKey else {
      return Problem("expected 'key: value' in the front matter", at: line.startIndex, in: file)
    }
    let value = line[(key.endIndex + 1)...].drop(while: \.isBlank)
    if Self.value(of: item) != nil, !(value.first.map { "|>".utf8.contains($0) } ?? false) {
      return nil
    }
    return Problem("expected a value that ends on this line", at: value.startIndex, in: file)
  }
}
