import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What people do to the files of a clone by hand: nobody's words are lost.
@Suite struct EditTests {
  let remote: TestRemote
  let anna: TestClone
  let ben: TestClone

  init() throws {
    remote = try TestRemote()
    anna = try remote.clone("Anna")
    try anna.say("one")
    ben = try remote.clone("Ben")
  }

  @Test func `a word changed in an entry is taken in`() throws {
    try anna.edit(replacing: "\none\n", with: "\none, mended\n")
    let delivery = try anna.synchronize()
    #expect(delivery.notes == ["took in what was edited by hand: t"])
    #expect(try remote.bodies() == ["one, mended"])
    #expect(try remote.log().last?.hasPrefix("Anna: edited by hand (t)\n") == true)
    #expect(try anna.isClean())
    #expect(try anna.synchronize().notes == [])
  }

  @Test func `a new thread file is taken in`() throws {
    try anna.edit("new", to: try #require(anna.text()).replacing("\none\n", with: "\nnew\n"))
    try anna.refresh()
    #expect(try remote.bodies("new") == ["new"])
  }

  @Test func `a deleted file comes back`() throws {
    unlink(anna.path())
    let delivery = try anna.say("two")
    #expect(delivery.notes.contains("'t' was missing in the work tree: put back"))
    #expect(try remote.bodies() == ["one", "two"])
  }

  @Test func `all files deleted come back`() throws {
    try anna.say("u", in: "u")
    for topic in ["t", "u"] { unlink(anna.path(topic)) }
    try anna.refresh()
    #expect(try anna.bodies() == ["one"])
    #expect(try anna.bodies("u") == ["u"])
  }

  @Test func `a file deleted in the middle of an edit comes back`() throws {
    try anna.edit(isStill: false, replacing: "\none\n", with: "\none, half\n")
    try anna.say("elsewhere", in: "u")
    unlink(anna.path())
    try anna.say("two")
    #expect(try remote.bodies() == ["one", "two"])
  }

  @Test func `an old buffer saved over entries that came puts them back`() throws {
    let buffer = try #require(anna.text())
    try ben.say("two")
    try anna.refresh()
    try anna.edit(to: buffer.replacing("\none\n", with: "\none, mended\n"))
    let delivery = try anna.synchronize()
    #expect(try remote.bodies() == ["one, mended", "two"])
    #expect(delivery.notes.contains { $0.hasPrefix("'t' lacked entries after an edit: put back") })
    #expect(try anna.keptAside().count == 1)
    #expect(try anna.isClean())
  }

  @Test(arguments: ["", "---\n", "---\nformat: 1\ntopic: t\n"])
  func `a file that was cut short is put back`(_ text: String) throws {
    let whole = anna.text()
    try anna.edit(to: text)
    #expect(try anna.synchronize().notes.contains { $0.hasPrefix("'t' was cut short: put back") })
    #expect(anna.text() == whole)
    #expect(try remote.bodies() == ["one"])
    #expect(try anna.keptAside() == [text])
  }

  @Test(arguments: [
    "<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> other\n", "---\nformat: 1\nowner t\n",
    "no thread at all\n",
  ])
  func `what cannot be read waits, and the branch stays as it was`(_ text: String) throws {
    try anna.edit(to: text)
    try anna.say("elsewhere", in: "u")
    try anna.synchronize()
    #expect(anna.text() == text)
    #expect(try remote.bodies() == ["one"])
    #expect(try remote.bodies("u") == ["elsewhere"])
  }

  @Test(arguments: [
    "<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> other\n", "---\nformat: 1\nowner t\n",
  ])
  func `an entry is written past what cannot be read`(_ text: String) throws {
    try anna.edit(to: text)
    #expect(try anna.say("two").state == .pushed)
    #expect(try remote.bodies() == ["one", "two"])
    // The file itself is left alone: an editor may be at it.
    #expect(anna.text() == text)
  }

  @Test func `an edit that is being made is not taken in yet, and not lost either`() throws {
    try anna.edit(isStill: false, replacing: "\none\n", with: "\none, half\n")
    let delivery = try anna.say("two")
    #expect(delivery.state == .pushed && delivery.notes.contains { $0.contains("being edited") })
    #expect(try remote.bodies() == ["one", "two"])
    #expect(try anna.bodies() == ["one, half"])
    age(anna.path())
    try anna.synchronize()
    #expect(try remote.bodies() == ["one, half", "two"])
  }

  /// What else happens in the clone while an edit is too fresh to be taken in.
  enum Meanwhile: CaseIterable {
    case nothing, readWithNews, readWithoutNews, writeElsewhere, writeTwice, drop, conditionalWrite
  }

  @Test(arguments: Meanwhile.allCases)
  func `an old buffer saved a moment ago takes no entry away`(_ meanwhile: Meanwhile) throws {
    let buffer = try #require(anna.text())
    try ben.say("two")
    try anna.refresh()
    try anna.edit(isStill: false, to: buffer.replacing("\none\n", with: "\none, half\n"))
    switch meanwhile {
    case .nothing: break
    case .readWithNews:
      try ben.say("news", in: "u")
      try anna.refresh()
    case .readWithoutNews: try anna.refresh()
    case .writeElsewhere: try anna.say("elsewhere", in: "u")
    case .writeTwice:
      try anna.say("three")
      try anna.edit(isStill: false, to: buffer.replacing("\none\n", with: "\none, half\n"))
    case .drop:
      try anna.unplug()
      let id = EntryID.make()
      try anna.say("elsewhere", in: "u", id: id)
      _ = try anna.sync.outbox.drop(id, until: soon())
      try anna.plug()
    case .conditionalWrite: try anna.say("elsewhere", in: "u", ifLastIs: nil)
    }
    try anna.say("four")
    let expected = ["one", "two"] + (meanwhile == .writeTwice ? ["three"] : []) + ["four"]
    #expect(try remote.bodies() == expected)
    age(anna.path())
    try anna.synchronize()
    #expect(try remote.bodies() == ["one, half"] + expected.dropFirst())
    #expect(try anna.isClean())
  }

  @Test func `an edit that is being made survives what others push to the same thread`() throws {
    try anna.edit(isStill: false, replacing: "\none\n", with: "\none, half\n")
    try ben.say("two")
    try anna.refresh()
    #expect(anna.text()?.contains("one, half") == true)
    age(anna.path())
    try anna.synchronize()
    #expect(try remote.bodies() == ["one, half", "two"])
  }

  @Test func `a new file that is being made survives the same topic from others`() throws {
    let text = try #require(anna.text()).replacing("\none\n", with: "\nmine\n")
    try ben.say("his", in: "new")
    let other = EntryID.make()
    let mine = text.replacing(/Entry-ID: \w+/, with: "Entry-ID: \(other)")
    try anna.edit("new", isStill: false, to: mine)
    try anna.refresh()
    age(anna.path("new"))
    try anna.synchronize()
    #expect(try remote.bodies("new") == ["his", "mine"])
  }

  @Test func `a file made in a clone without a commit survives the remote's first`() throws {
    let remote = try TestRemote()
    let carl = try remote.clone("Carl")
    let dora = try remote.clone("Dora")
    try dora.say("hers")
    let mine = try #require(dora.text()).replacing("\nhers\n", with: "\nmine\n")
      .replacing(/Entry-ID: \w+/, with: "Entry-ID: \(EntryID.make())")
    try carl.edit(isStill: false, to: mine)
    try carl.refresh()
    age(carl.path())
    try carl.synchronize()
    #expect(try remote.bodies() == ["hers", "mine"])
  }

  @Test func `an edit is merged with entries that came at the same time`() throws {
    try anna.edit(replacing: "\none\n", with: "\none, mended\n")
    try ben.say("two")
    try anna.synchronize()
    #expect(try remote.bodies() == ["one, mended", "two"])
  }

  @Test func `a commit by hand that removes an entry removes it`() throws {
    try anna.say("two")
    try ben.refresh()
    let text = try #require(ben.text())
    let start = try #require(text.range(of: "\n---\nEntry: Anna", options: .backwards))
    try ben.edit(to: String(text[..<start.lowerBound]))
    try ben.git("commit", "-q", "-am", "Purge")
    try ben.synchronize()
    #expect(try remote.bodies() == ["one"])
    try anna.say("three")
    #expect(try remote.bodies() == ["one", "three"])
  }

  @Test func `an edit to a file that is no thread is left to its author`() throws {
    try anna.commitByHand("Readme", ["README.md": "one\n"], pushes: true)
    try ben.refresh()
    try Data("anna\n".utf8).write(to: URL(fileURLWithPath: anna.root + "/README.md"))
    try ben.say("two")
    try anna.say("three")
    #expect(try anna.git("status", "--porcelain") == " M README.md\n")
    #expect(try remote.run(["-C", remote.url, "show", "main:README.md"]) == "one\n")
    #expect(try remote.bodies() == ["one", "two", "three"])
  }

  /// Why git does not list a file that looks otherwise than the branch has it.
  enum Unlisted: String, CaseIterable {
    case link, danglingLink, assumedUnchanged, skippedLater, sparse, lineEndings
  }

  @Test(arguments: Unlisted.allCases)
  func `a file that git need not list stops no write`(_ why: Unlisted) throws {
    try anna.say("u", in: "u")
    switch why {
    case .link, .danglingLink:
      try remote.home.link("Anna/alias.md", to: why == .link ? "t.md" : "nowhere.md")
      try anna.git("add", "alias.md")
      try anna.git("commit", "-q", "-m", "Alias")
    case .assumedUnchanged, .skippedLater:
      let option = why == .skippedLater ? "--skip-worktree" : "--assume-unchanged"
      try anna.git("update-index", option, "u.md")
      try anna.edit("u", replacing: "\nu\n", with: "\nmine\n")
    case .sparse: try anna.git("sparse-checkout", "set", "--no-cone", "/t.md")
    case .lineEndings:
      try remote.home.write("* text=auto\n", to: "Anna/.git/info/attributes")
      try anna.edit("u", to: try #require(anna.text("u")).replacing("\n", with: "\r\n"))
      // Git stores it as it is in the branch, and knows that from now on.
      try anna.git("add", "u.md")
    }
    for body in ["two", "three"] { #expect(try anna.say(body).state == .pushed) }
    #expect(try remote.bodies() == ["one", "two", "three"])
    #expect(try remote.bodies("u") == ["u"])
  }

  @Test func `an edit that a silent git hides beside a link is not passed over`() throws {
    try remote.home.link("Anna/alias.md", to: "t.md")
    try anna.git("add", "alias.md")
    try anna.git("commit", "-q", "-m", "Alias")
    try anna.say("two")
    try anna.edit(replacing: "\none\n", with: "\none, mended\n")
    let silent = try remote.git(
      instead: "*' status '*) exec $git -C \(anna.root) status --porcelain=v1 -z --branch none;;")
    #expect(throws: (any Error).self) { try anna.with(silent).say("three") }
    try anna.say("four")
    #expect(try remote.bodies() == ["one, mended", "two", "four"])
  }
}
