import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// No secret stands in this file: each is made when it is looked for.
@Suite struct SecretScanTests {
  private var random = SeededGenerator(seed: RandomRun("secrets", full: 20).seed)

  private func first(_ text: String) -> SecretScan? { SecretScan.first(in: Array(text.utf8)) }

  private mutating func value(of shape: SecretShape, _ length: Int) -> String {
    let characters = (UInt8(ascii: "0")...UInt8(ascii: "z")).filter {
      shape.alphabet.has($0) && $0 != UInt8(ascii: ".")
    }
    // No two in a row, so that it is no placeholder.
    var bytes = (0..<length).map {
      characters[($0 * 7 + Int.random(in: 0..<3, using: &random)) % characters.count]
    }
    if let infix = shape.infix {
      bytes.replaceSubrange(20..<(20 + infix.utf8.count), with: infix.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: SecretShape.all.indices)
  mutating func `each shape is found wherever it stands, and nothing that is shorter`(index: Int)
    throws
  {
    let shape = SecretShape.all[index]
    for prefix in shape.prefixes {
      let secret = prefix + value(of: shape, shape.lengths.lowerBound)
      for (before, after) in [
        ("", ""), ("TOKEN=", "\n"), ("a `", "`"), ("(", ")."), ("x_", " y"), ("é", ","),
      ] {
        let text = "first line\nand \(before)\(secret)\(after)"
        let found = try #require(first(text), "\(text)")
        #expect(found.name == shape.name && found.line == 2, "\(text)")
        #expect(found.column == 5 + before.utf8.count)
        #expect(found.value == Array(secret.utf8))
      }
      #expect(first("a\(secret)") == nil || first("a\(secret)")?.value != Array(secret.utf8))
      let short = prefix + value(of: shape, shape.lengths.lowerBound - 1)
      #expect(first(short)?.name != shape.name, "\(short)")
      if shape.lengths.upperBound < 1000 {
        let long = prefix + value(of: shape, shape.lengths.upperBound + 1)
        #expect(first(long)?.name != shape.name, "\(long)")
      }
      let placeholder = prefix + String(repeating: "A", count: shape.lengths.lowerBound)
      #expect(first(placeholder) == nil, "\(placeholder)")
    }
  }

  @Test(arguments: ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "], ["\n", "\\n", "\n> "])
  func `a private key is found, and words about one are not`(kind: String, end: String) {
    let head = "-----BEGIN \(kind)PRIVATE KEY-----"
    let line = "MIIEpAIBAAKCAQEA3Tz2mr7SZiAMfQyuvBjM9Oi"
    #expect(first("x\n\(head)\(end)\(line)7a4cGhw\(end)")?.name == "a private key")
    #expect(first("\(head)\(end)\(end)-----END \(kind)PRIVATE KEY-----") == nil)
    #expect(
      first("a file that begins with \(head), as ssh-keygen makes it: never commit one") == nil)
    #expect(first("-----BEGIN \(kind)PUBLIC KEY-----\(end)\(line)\(line)") == nil)
  }

  @Test func `what documentation has as an example is nobody's`() {
    let examples = [
      "AKIA" + "IOSFODNN7EXAMPLE", "AKIA" + "I44QH8DHBEXAMPLE",
      "gho_" + "16C7e42F292c6912E7710c838347Ae178B4a",
      "sk_test_" + "4eC39HqLyjWDarjtT1zdp7dc", "AIza" + "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe",
      "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
      "glpat-xxxxxxxxxxxxxxxxxxxx", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "sk-ant-api03-...",
      "ghp_…",
    ]
    for example in examples { #expect(first("export KEY=\(example)") == nil, "\(example)") }
  }

  @Test mutating func `all are found, and those that another text has are known`() throws {
    let shape = try #require(SecretShape.all.first { $0.prefixes[0] == "ghp_" })
    let (one, two) = ("ghp_" + value(of: shape, 36), "ghs_" + value(of: shape, 40))
    let (before, after) = (Array("a \(one)\n".utf8), Array("a \(one)\nb \(two) \(one)\n".utf8))
    #expect(SecretScan.all(in: after).map(\.line) == [1, 2, 2])
    #expect(SecretScan.first(in: after, notIn: before)?.value == Array(two.utf8))
    #expect(SecretScan.first(in: before, notIn: after) == nil)
  }

  @Test(.enabled(if: SharedData.isExpected)) func `real threads have none`() throws {
    let directory = SharedData.directory.appendingPathComponent("corpus")
    try expectNone(below: directory, atLeast: 5)
  }

  @Test func `this repository has none`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    for name in ["Sources", "Tests", "docs", "scripts", "README.md"] {
      try expectNone(below: root.appendingPathComponent(name), atLeast: 1)
    }
  }

  private func expectNone(below root: URL, atLeast least: Int) throws {
    let below = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?
      .compactMap { $0 as? URL }
    var count = 0
    for file in [root] + (below ?? []) {
      guard let data = try? Data(contentsOf: file) else { continue }
      count += 1
      let found = SecretScan.first(in: Array(data))
      #expect(found == nil, "\(file.path):\(found?.line ?? 0): \(found?.name ?? "")")
    }
    #expect(count >= least)
  }
}
