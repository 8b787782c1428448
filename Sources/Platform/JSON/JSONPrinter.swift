extension JSON: CustomStringConvertible {
  /// The value on one line, in UTF-8: no byte of it is a line feed or another control byte.
  package func serialized() -> [UInt8] {
    var printer = JSONPrinter(isIndented: false)
    printer.write(self, depth: 0)
    return printer.output
  }

  /// The value on one line.
  package var description: String { String(decoding: serialized(), as: UTF8.self) }

  /// The value for people to read: a member or an element a line, two spaces a level.
  package func indented() -> String {
    var printer = JSONPrinter(isIndented: true)
    printer.write(self, depth: 0)
    return String(decoding: printer.output, as: UTF8.self)
  }
}

/// Writes values as UTF-8, escaping only what must be.
private struct JSONPrinter {
  let isIndented: Bool
  var output: [UInt8] = []

  mutating func write(_ value: JSON, depth: Int) {
    switch value {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .number(let literal): output += literal.utf8
    case .string(let string): write(string)
    case .array(let elements):
      write(elements, between: "[", "]", depth: depth) { printer, element in
        printer.write(element, depth: depth + 1)
      }
    case .object(let members):
      write(members, between: "{", "}", depth: depth) { printer, member in
        printer.write(member.name)
        printer.output += (printer.isIndented ? ": " : ":").utf8
        printer.write(member.value, depth: depth + 1)
      }
    }
  }

  private mutating func write<Item>(
    _ items: [Item], between opening: UnicodeScalar, _ closing: UnicodeScalar, depth: Int,
    item: (inout JSONPrinter, Item) -> Void
  ) {
    output.append(UInt8(ascii: opening))
    var isFirst = true
    for each in items {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
      breakLine(depth: depth + 1)
      item(&self, each)
    }
    if !isFirst { breakLine(depth: depth) }
    output.append(UInt8(ascii: closing))
  }

  private mutating func breakLine(depth: Int) {
    guard isIndented else { return }
    output.append(UInt8(ascii: "\n"))
    output += repeatElement(UInt8(ascii: " "), count: 2 * depth)
  }

  private mutating func write(_ string: String) {
    output.append(UInt8(ascii: "\""))
    var string = string
    string.withUTF8 { utf8 in
      var unwritten = 0
      for index in utf8.indices {
        let byte = utf8[index]
        var length = 1
        if byte >= 0x7F {
          length = Self.controlLength(utf8[index...])
          if length == 0 { continue }
        } else if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
          continue
        }
        if index > unwritten { output += UnsafeBufferPointer(rebasing: utf8[unwritten..<index]) }
        if length > 1 {
          writeEscape(for: utf8[index..<(index + length)])
        } else {
          writeEscape(for: byte)
        }
        unwritten = index + length
      }
      output += UnsafeBufferPointer(rebasing: utf8[unwritten...])
    }
    output.append(UInt8(ascii: "\""))
  }

  /// The length of a character beyond ASCII, or of DEL, that a terminal would act upon (`isTerminalControl`); 0 for any
  /// other.
  private static func controlLength(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    switch text.first {
    case 0x7F: return 1
    case 0xC2: return text.dropFirst().first.map { $0 < 0xA0 } ?? false ? 2 : 0
    case 0xE2:
      let rest = Array(text.dropFirst().prefix(2))
      let isOne =
        rest.count == 2
        && (rest[0] == 0x80 && (0xAA...0xAE).contains(rest[1])
          || rest[0] == 0x81 && (0xA6...0xA9).contains(rest[1]))
      return isOne ? 3 : 0
    default: return 0
    }
  }

  private mutating func writeEscape(for character: Slice<UnsafeBufferPointer<UInt8>>) {
    let scalars = String(decoding: character, as: UTF8.self).unicodeScalars
    let digits = String(scalars.first?.value ?? 0, radix: 16)
    output += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
  }

  private mutating func writeEscape(for byte: UInt8) {
    output.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0C: output.append(UInt8(ascii: "f"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    default: output += ((byte < 0x10 ? "u000" : "u00") + String(byte, radix: 16)).utf8
    }
  }
}
