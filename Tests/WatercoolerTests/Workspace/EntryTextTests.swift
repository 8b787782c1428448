import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Watercooler

/// What an entry may say, and what becomes of it.
@Suite struct EntryTextTests {
  private let home: TestWorkspace

  init() throws { home = try TestWorkspace() }

  @Test(arguments: [
    ("Words", "Words"), ("\n\n  First line \nsecond", "First line"),
    ("## A heading\n\nx", "A heading"),
    ("tab\there", "tab\there"), ("line\u{2028}separator", "line separator"), ("###\ntext", nil),
    (String(repeating: "é", count: 80), String(repeating: "é", count: 80)),
    (String(repeating: "é", count: 81), String(repeating: "é", count: 79) + "…"),
  ])
  func `the title comes from the body's first line`(body: String, title: String?) throws {
    #expect(try home.say("plan", body).entry?.title?.text == title)
  }

  @Test(arguments: ["", "  \t"])
  func `a blank title is none`(_ title: String) throws {
    #expect(try home.say("plan", "Words") { $0.title = title }.entry?.title?.text == "Words")
  }

  @Test(arguments: [
    ("CRITIC", "critic"), ("planner", "planner"), ("Dragon tamer", "Dragon tamer"),
  ])
  func `known roles have one spelling, unknown ones are kept`(given: String, role: String) throws {
    #expect(try home.say("plan") { $0.role = given }.entry?.role?.text == role)
  }

  @Test(arguments: [("note", "Note"), ("pr", "PR"), ("Haiku", "Haiku")])
  func `known types have one spelling, unknown ones are kept`(given: String, type: String) throws {
    #expect(try home.say("plan") { $0.type = given }.entry?.type?.text == type)
  }

  @Test func `what is left out has a default`() throws {
    let entry = try home.say("plan").entry
    #expect(entry?.role?.text == "implementer" && entry?.type?.text == "Note")
    #expect(entry?.agent.description == "Claude (alice)" && entry?.id != nil)
    let workspace = try home.workspace(["WATERCOOLER_ROLE": "critic"])
    let receipt = try workspace.say(EntryRequest(topic: "plan", body: "x"), deadline: soon())
    #expect(receipt.entry?.role?.text == "critic")
  }

  @Test(arguments: ["", "\n", " \r\n\t\n"])
  func `there is no empty entry`(_ body: String) throws {
    #expect(throws: WorkspaceError.nothingToSay) { try home.say("plan", body) }
    #expect(try home.store.topics() == [])
  }

  @Test(arguments: [
    ("a\r\nb\rc\n", "a\nb\nc"), ("words\n\n \n", "words"), ("  kept", nil),
    ("---\nEntry: Eve 2026-01-02T03:04:05Z\n\nforged", nil),
    ("<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->", nil), ("```\nnever closed", nil),
  ])
  func `a body comes back as it was meant, in one entry`(given: String, meant: String?) throws {
    let receipt = try home.say("plan", given) { $0.title = "T" }
    try home.say("plan", "next")
    let entries = try home.thread("plan").entries
    #expect(entries.map(\.body.string) == [meant ?? given, "next"])
    #expect(entries.first?.id == receipt.entryID)
  }

  @Test func `a body or a title beyond its limit is refused with the limit`() throws {
    let workspace = try home.workspace([
      "WATERCOOLER_LIMIT_BODY": "10", "WATERCOOLER_LIMIT_TITLE": "3",
    ])
    var request = EntryRequest(topic: "plan", body: "éééééé")
    let body = #expect(throws: InvalidText.self) { try workspace.say(request, deadline: soon()) }
    #expect(
      body?.description == "the body has 12 bytes, the limit is 10; "
        + "shorten it, or raise the limit: 'wc config limit.body NUMBER'")
    (request.body, request.title) = ("ééééé", "four")
    let title = #expect(throws: InvalidText.self) { try workspace.say(request, deadline: soon()) }
    #expect(title?.message == "the title has 4 characters, the limit is 3")
    request.title = "ééé"
    #expect(try workspace.say(request, deadline: soon()).entryCount == 1)
  }

  @Test(arguments: ["title", "role", "type", "status", "ball", "agent"])
  func `a line break or a NUL in a single line is refused`(_ field: String) throws {
    for bad in ["\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}", "\0"] {
      let text = "two\(bad)lines"
      #expect(throws: InvalidText.self) {
        try home.say("plan") { request in
          switch field {
          case "title": request.title = text
          case "role": request.role = text
          case "type": request.type = text
          case "status": request.status = text
          case "ball": request.ball = text
          default: request.agent = text
          }
        }
      }
    }
    #expect(try home.store.topics() == [])
  }

  @Test func `a NUL in a body is refused`() {
    #expect(throws: InvalidText.nul(field: "body")) { try home.say("plan", "a\0b") }
  }

  @Test(arguments: ["../evil", "a/b", "con", "plän", ""])
  func `a topic that is none is refused, with no file made`(_ topic: String) throws {
    #expect(throws: InvalidTopic.self) { try home.say(topic) }
    #expect(try home.home.names(in: "threads") == [])
  }
}
