import Foundation
import Testing

@testable import MCP
@testable import Platform
@testable import Watercooler

@Suite struct LineReaderTests {
  @Test(
    arguments: [
      ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]),
      ("a\n\nb\n", ["a", "", "b"]), ("12345678\n", ["12345678"]), ("123456789\na\n", [nil, "a"]),
      ("123456789", [nil]), ("123456789012345678901234567890\n12345678\n", [nil, "12345678"]),
      ("123456789\n123456789\nb", [nil, nil, "b"]),
    ] as [(String, [String?])])
  func `input is cut into lines, and those over the limit are left out`(
    input: String, expected: [String?]
  ) throws {
    for pieceLength in [1, 3, 100] {
      let pipe = try TestPipe()
      try startThread(named: "writer") {
        var rest = Array(input.utf8)[...]
        while !rest.isEmpty {
          try? ClientStream(number: pipe.writing).write(Array(rest.prefix(pieceLength)))
          rest = rest.dropFirst(pieceLength)
        }
        close(pipe.writing)
      }
      var reader = LineReader(ClientStream(number: pipe.reading), limit: 8)
      var lines: [String?] = []
      while let line = try reader.next() {
        switch line {
        case .text(let bytes): lines.append(String(decoding: bytes, as: UTF8.self))
        case .tooLong: lines.append(nil)
        }
      }
      #expect(lines == expected)
      close(pipe.reading)
    }
  }

  @Test func `a descriptor that does not block is waited for`() throws {
    let pipe = try TestPipe()
    _ = fcntl(pipe.reading, F_SETFL, O_NONBLOCK)
    _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    try startThread(named: "writer") {
      try? ClientStream(number: pipe.writing).write(line + [UInt8(ascii: "\n")])
    }
    var reader = LineReader(ClientStream(number: pipe.reading), limit: 2 << 20)
    #expect(try reader.next() == .text(line))
  }

  @Test func `a descriptor that cannot be read says why`() {
    var reader = LineReader(ClientStream(number: -1), limit: 8)
    let thrown = #expect(throws: SystemError.self) { try reader.next() }
    #expect(thrown?.description == "cannot read what the client sends: bad file descriptor")
  }
}
