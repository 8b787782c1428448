import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

@Suite struct JSONRandomTests {
  @Test func `what is printed is read back the same`() throws {
    let run = RandomRun("JSON values", full: 10_000)
    var random = SeededGenerator(seed: run.seed)
    for _ in 0..<run.cases {
      let value = JSON.random(using: &random)
      let text = value.description
      #expect(try JSON(parsing: text.utf8) == value)
      #expect(try JSON(parsing: value.indented().utf8) == value)
      #expect(!text.utf8.contains { $0 < 0x20 })
    }
  }

  @Test func `broken input is read or refused, never more`() {
    let run = RandomRun("broken JSON", full: 10_000)
    var random = SeededGenerator(seed: run.seed)
    for _ in 0..<run.cases {
      var bytes = JSON.random(using: &random).serialized()
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        bytes[index] =
          [UInt8.random(in: 0...255, using: &random), 0x22, 0x5C, 0x5B, 0x7D]
          .randomElement(using: &random) ?? 0
      }
      bytes.removeLast(Int.random(in: 0...min(3, bytes.count), using: &random))
      do throws(JSONError) {
        let value = try JSON(parsing: bytes)
        let again = try JSON(parsing: value.serialized())
        #expect(again == value)
      } catch {
        #expect((0...bytes.count).contains(error.offset))
      }
    }
  }

  @Test func `every truncation of a message is refused`() throws {
    let whole = Array(#"{"id":12,"a":["x\u00e9\n",true,null,-1.5e3],"b":{"c":"é😀"}}"#.utf8)
    for end in 0..<whole.count {
      #expect(throws: JSONError.self) { try JSON(parsing: whole[..<end]) }
    }
    _ = try JSON(parsing: whole)
  }
}

extension JSON {
  fileprivate static func random(
    using generator: inout SeededGenerator, depth: Int = 0
  ) -> JSON {
    switch Int.random(in: 0..<(depth > 4 ? 5 : 7), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return JSON(Int.random(in: Int.min...Int.max, using: &generator))
    case 3: return JSON(Double(bitPattern: generator.next()))
    case 4: return .string(randomText(using: &generator))
    case 5:
      return .array(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
          random(using: &generator, depth: depth + 1)
        })
    default:
      return .object(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
          Member(
            randomText(using: &generator), random(using: &generator, depth: depth + 1))
        })
    }
  }

  private static func randomText(using generator: inout SeededGenerator) -> String {
    let scalars = (0..<Int.random(in: 0...12, using: &generator)).map { _ -> UnicodeScalar in
      let limit: UInt32 =
        [0x20, 0x80, 0x800, 0x1_0000, 0x11_0000].randomElement(
          using: &generator) ?? 0x80
      return UnicodeScalar(UInt32.random(in: 0..<limit, using: &generator)) ?? "\\"
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
