import Foundation
import Testing

@testable import Platform
@testable import Watercooler

/// The page that says what is kept where.
@Suite struct StateFileTests {
  @Test func `docs/sync.md has every file, as it is declared`() throws {
    let checkout = (1...4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
      url.deletingLastPathComponent()
    }
    let page = try String(
      contentsOf: checkout.appendingPathComponent("docs/sync.md"), encoding: .utf8)
    let lines = page.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix("## What is kept") })
    let rest = lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }
    let rows = rest.filter { $0.hasPrefix("| `") }
    #expect(rows == StateFile.rows, "write it so:\n\(StateFile.rows.joined(separator: "\n"))")
  }

  @Test func `no two files have one name`() {
    let files = StateFile.ofClone + StateFile.ofPlace + StateFile.refs + StateFile.ofReader
    #expect(Set(files.map(\.name)).count == files.count)
  }

  @Test func `a clone that is used has no file that is not declared`() throws {
    let remote = try TestRemote()
    let (anna, ben) = (try remote.clone("Anna"), try remote.clone("Ben"))
    try anna.say("one")
    try ben.say("two")
    try ben.edit(isStill: true, replacing: "\ntwo\n", with: "\ntwo, edited\n")
    try ben.synchronize()
    try anna.refresh()
    let declared = Set(StateFile.ofClone.map { $0.name.filter { $0 != "/" } })
    for clone in [anna, ben] {
      let found = try FileManager.default.contentsOfDirectory(
        atPath: clone.sync.clone.stateDirectory)
      #expect(found.count > 5)
      #expect(Set(found).subtracting(declared) == [])
    }
  }
}
